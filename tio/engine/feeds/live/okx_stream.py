"""OKX's socket: tickers, trades, and books kept by their sequence numbers."""

import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence

from msgspec.structs import replace

from tio.api.series import instant
from tio.api.ticks import BookChange, BookSnapshot, Tick, Trade
from tio.engine.feeds import okx
from tio.engine.feeds.live.following import (
    LONGEST,
    Following,
    by_channel,
    item_of,
    listed_items,
    text_of,
)
from tio.engine.feeds.live.names import Names
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.okx_answers import is_farewell, read_answer, requesting
from tio.engine.feeds.socket import Manners, Stream
from tio.plugin import Outlet, Wanted

log = logging.getLogger(__name__)

STREAM = "wss://ws.okx.com:8443/ws/v5/public"
MANNERS = Manners(
    chunk=100, pause=0.4, most_symbols=600, quiet=28.0, ping_text="ping", ping_every=15.0
)
"""Items, not symbols; 480 requests an hour, and after 30 s of silence it closes."""
TICKERS, TRADES, BOOK = "tickers", "trades", "books"


class OkxStream:
    """One run of the socket: what it says goes to an outlet as it is wanted.

    `missed` tells what traded of a symbol after the trade of this number.
    """

    def __init__(
        self,
        reach: Reach,
        names: Names,
        wanted: Wanted,
        out: Outlet,
        missed: Callable[[str, int], Awaitable[Sequence[Trade]]],
    ) -> None:
        self._names, self._out, self._missed = names, out, missed
        self._following = Following(wanted, self._items)
        self._clock = reach.clock
        self._began = instant(reach.clock.now())
        self._newest: dict[str, int] = {}
        """Symbol → the number of its newest trade."""
        self._books: dict[str, int] = {}
        """Symbol → where its book has come to; none of those that are asked for anew."""
        self._url = reach.socket(STREAM)
        self._stream = Stream(
            reach.web,
            okx.NAME,
            self._url,
            self._hear,
            subscribe=lambda items: (requesting("subscribe", by_channel(items)),),
            unsubscribe=lambda items: (requesting("unsubscribe", by_channel(items)),),
            manners=MANNERS,
            ends=is_farewell,
            on_gap=self._repair,
            on_state=self._following.telling(out),
            own=bool(reach.settings.ws_url),
        )

    async def run(self) -> None:
        """Until cancelled."""
        await self._following.run(self._stream)

    def _items(self, symbols: Sequence[str]) -> Iterator[str]:
        return listed_items(
            self._names,
            symbols,
            (TICKERS, TRADES),
            BOOK,
            lambda symbol: self._out.refused(symbol, "OKX does not list it"),
        )

    def _hear(self, frame: str | bytes, at: int) -> None:
        text = text_of(frame)
        self._out.frame(self._url, text)
        ticks = okx.parse(text)
        if ticks:
            told = [each for tick in ticks if (each := self._taken(tick)) is not None]
            if told:
                self._out.emit(told, at)
        elif text != "pong":
            self._answered(text)

    def _taken(self, tick: Tick) -> Tick | None:
        """The tick as it counts; None when its book must come anew first."""
        match tick:
            case Trade():
                return self._traded(tick)
            case BookSnapshot():
                self._books[tick.symbol] = tick.sequence or 0
            case BookChange(sequence=int(sequence)) if not self._follows(tick, sequence):
                self._books.pop(tick.symbol, None)
                self._following.renew(item_of(BOOK, self._names.spelled(tick.symbol) or ""))
                return None
        return tick

    def _follows(self, change: BookChange, sequence: int) -> bool:
        """Whether a change continues the book; after a maintenance the numbers begin anew."""
        known = self._books.get(change.symbol)
        if known is None or change.first != known + 1 or sequence <= known:
            return False
        self._books[change.symbol] = sequence
        return True

    def _traded(self, trade: Trade) -> Trade:
        """The first one told of a symbol is its last before we came."""
        number = int(trade.id or 0)
        is_past = trade.symbol not in self._newest and trade.at < self._began
        self._newest[trade.symbol] = max(number, self._newest.get(trade.symbol, 0))
        return replace(trade, folds=False) if is_past else trade

    def _answered(self, text: str) -> None:
        said = read_answer(text)
        if said.event == "unsubscribe":
            self._following.ended(item_of(said.channel, said.spelling))
        elif said.refuses:
            self._following.refuse(item_of(said.channel, said.spelling))
            symbol = self._names.symbol(said.spelling)
            if symbol is not None and said.channel != BOOK:
                self._out.refused(symbol, f"OKX says: {said.error}")
        elif said.error:
            log.warning("okx: %s", said.error)

    async def _repair(self, since: int, items: Sequence[str]) -> None:
        """What traded while nobody listened, instrument after instrument."""
        if instant(self._clock.now()) - since > LONGEST:
            return
        for spelling in by_channel(items).get(TRADES, ()):
            symbol = self._names.symbol(spelling)
            if symbol in self._newest:
                missed = await self._missed(symbol, self._newest[symbol])
                for trade in missed:
                    self._newest[symbol] = max(int(trade.id or 0), self._newest[symbol])
                if missed:
                    self._out.emit(missed)
