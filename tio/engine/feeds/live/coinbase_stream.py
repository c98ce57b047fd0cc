"""Coinbase's Advanced Trade socket: tickers, numbered trades, books, and a heartbeat."""

import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from tio.api.sources import SourceState
from tio.api.ticks import Tick, Trade
from tio.engine.feeds.coinbase import parse
from tio.engine.feeds.coinbase_advanced import Notice, read_notice, sequence_of
from tio.engine.feeds.coinbase_answers import NAME
from tio.engine.feeds.live.barring import Barring
from tio.engine.feeds.live.coinbase_asking import MOST_TRADES
from tio.engine.feeds.live.following import Following, by_channel, item_of, text_of, told_to
from tio.engine.feeds.live.names import Names
from tio.engine.feeds.live.numbered import Missing, Numbered, Repairs
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.live.sharing import closely, together
from tio.engine.feeds.socket import Manners, Phase, Stream, StreamState
from tio.plugin import Outlet, Wanted

log = logging.getLogger(__name__)

STREAM = "wss://advanced-trade-ws.coinbase.com"
CHANNELS = ("ticker", "market_trades")
BOOK = "level2"
BOOKS = 20
"""Products whose book is told, those first wanted; one alone may begin with megabytes."""
MANNERS = Manners(
    chunk=100, pause=0.25, most_symbols=50_000, quiet=10.0, heartbeat=20.0, max_size=64 << 20
)
"""One connection: frames are numbered over all its channels. It says a heartbeat every second."""
RENEWALS = 5
"""An hour, in which all books may be asked for anew; more often, the numbers mean nothing."""
HEARTBEAT = '{"type":"subscribe","channel":"heartbeats"}'


class CoinbaseStream:
    """One run of the socket; inside, a product's id is its symbol, outside what the list says."""

    def __init__(
        self,
        reach: Reach,
        names: Names,
        wanted: Wanted,
        out: Outlet,
        trades_of: Callable[[Missing], Awaitable[Sequence[Trade]]],
    ) -> None:
        self._names, self._out, self._trades_of = names, out, trades_of
        self._wanted = wanted
        self._following = Following(wanted, self._items)
        self._numbered = Numbered()
        self._repairs = Repairs(NAME, self._repair)
        self._symbols: Mapping[str, list[str]] = {}
        self._books: list[str] = []
        self._renewing: set[str] = set()
        self._due: list[int] = []
        self._clock = reach.clock
        self._renewals: deque[float] = deque(maxlen=RENEWALS)
        self._barring = Barring("Coinbase")
        self._tell = told_to(out)
        self._url = reach.socket(STREAM)
        self._stream = Stream(
            reach.web,
            NAME,
            self._url,
            self._hear,
            subscribe=lambda items: _saying("subscribe", items),
            unsubscribe=lambda items: _saying("unsubscribe", items),
            manners=MANNERS,
            hello=lambda: (HEARTBEAT,),
            on_state=self._stand,
            own=bool(reach.settings.ws_url),
        )

    async def run(self) -> None:
        """Until cancelled; NotAllowed where the venue does not serve us."""
        await together(
            self._following.run(self._stream), self._repairs.run(), self._barring.until_barred()
        )

    def _items(self, symbols: Sequence[str]) -> Iterator[str]:
        wanted: dict[str, list[str]] = {}
        for symbol in symbols:
            product = self._names.spelled(symbol)
            if product is None:
                self._out.refused(symbol, "Coinbase does not list it")
            else:
                wanted.setdefault(product, []).append(symbol)
        self._symbols = wanted
        close = closely(self._wanted)
        first = [product for product, symbols in wanted.items() if close.intersection(symbols)]
        kept = [product for product in self._books if product in wanted]
        # Of the others those that were told before: a book asked for anew costs more.
        self._books = list(dict.fromkeys([*first, *kept, *wanted]))[:BOOKS]
        for product in wanted:
            for channel in CHANNELS:
                yield item_of(channel, product)
        for product in self._books:
            yield item_of(BOOK, product)

    def _hear(self, frame: str | bytes, at: int) -> None:
        text = text_of(frame)
        self._out.frame(self._url, text)
        self._count(sequence_of(text))
        ticks = parse(text)
        if ticks:
            self._emit(self._numbering(ticks), at)
        else:
            self._noticed(read_notice(text))

    def _count(self, number: int | None) -> None:
        """Follow the frames' numbers; where one is missing, every book is asked for anew."""
        if number is None:
            return
        if number in self._due:
            self._due.remove(number)
        elif number == 0 or not self._due:
            # A connection begins; the one it replaces may say its last words meanwhile.
            self._due = self._due[-1:]
        elif number < min(self._due):
            return  # doubled, or late
        else:
            log.info("coinbase: frames before number %d are missing", number)
            self._due.clear()
            self._renew_books()
        self._due.append(number + 1)

    def _renew_books(self) -> None:
        now = self._clock.monotonic()
        if len(self._renewals) == RENEWALS and now - self._renewals[0] < 3_600:
            log.warning("coinbase: frames are missing again and again; the books are left as told")
            return
        self._renewals.append(now)
        for product in self._books:
            if product not in self._renewing:
                self._renewing.add(product)
                self._following.renew(item_of(BOOK, product))

    def _numbering(self, ticks: Sequence[Tick]) -> Sequence[Tick]:
        trades = [tick for tick in ticks if isinstance(tick, Trade)]
        if not trades:
            return ticks
        told, missing = self._numbered.take(trades)
        for each in missing:
            if each.before - each.after <= MOST_TRADES:
                self._repairs.note(each)
            else:
                log.info("coinbase: a gap of %s is left to its bars", each.symbol)
        return told

    def _emit(self, ticks: Sequence[Tick], at: int | None = None) -> None:
        """Tell each tick as every wanted symbol that is traded in its product's book."""
        told = [
            tick if tick.symbol == symbol else replace(tick, symbol=symbol)
            for tick in ticks
            for symbol in self._symbols.get(tick.symbol, ())
        ]
        if told:
            self._out.emit(told, at)

    def _noticed(self, notice: Notice) -> None:
        if notice.error:
            self._refused(notice.error)
        if notice.subscribed is not None:
            for product in self._renewing - notice.subscribed.get(BOOK, frozenset()):
                self._renewing.discard(product)
                self._following.ended(item_of(BOOK, product))

    def _refused(self, words: str) -> None:
        """Products the words name are not asked for again; words that name none are said."""
        spoken = {word.strip("[](){}<>.,:;'\"").upper() for word in words.split()}
        named = [product for product in self._symbols if product in spoken]
        for product in named:
            for symbol in self._symbols[product]:
                self._out.refused(symbol, f"Coinbase says: {words}")
            for channel in (*CHANNELS, BOOK):
                self._following.refuse(item_of(channel, product))
        if not named:
            self._out.standing(SourceState.live, f"Coinbase says: {words}")

    async def _repair(self, missing: Missing) -> None:
        self._emit(await self._trades_of(missing))

    def _stand(self, state: StreamState) -> None:
        if state.phase is not Phase.live:
            self._due.clear()
            self._renewing.clear()
            self._following.forget()
        if not self._barring.heard(state):
            self._tell(state)


def _saying(method: str, items: Sequence[str]) -> tuple[str, ...]:
    """A message for each channel, as the venue wants it."""
    return tuple(
        msgspec.json.encode({"type": method, "product_ids": products, "channel": channel}).decode()
        for channel, products in by_channel(items).items()
    )
