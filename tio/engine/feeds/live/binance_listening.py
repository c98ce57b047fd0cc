"""Binance's combined streams: trades, best prices, figures of what is wanted; books of some."""

import itertools
from collections.abc import Callable, Iterable, Sequence

import msgspec

from tio.api.clean import clean
from tio.api.sources import SourceState
from tio.api.ticks import BookChange, Tick, TopOfBook, Trade
from tio.engine.feeds.binance import parse, symbol_of
from tio.engine.feeds.live.barring import Barring
from tio.engine.feeds.live.binance_asking import BinanceAsking, Door, Venue
from tio.engine.feeds.live.binance_books import DEPTH, MOST, BinanceBooks
from tio.engine.feeds.live.binance_repair import BinanceRepair
from tio.engine.feeds.live.following import Following, by_channel, item_of, text_of, told_to
from tio.engine.feeds.live.names import Names
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.live.sharing import closely, together
from tio.engine.feeds.socket import Manners, Stream, StreamState
from tio.plugin import Outlet, Wanted

CHANNELS = ("aggTrade", "bookTicker", "ticker")
MANNERS = Manners(
    chunk=100, pause=0.3, most_symbols=1_000, quiet=300.0, heartbeat=20.0, answers=15.0
)
"""At most 5 messages a second with pings and pongs, and 1024 streams a connection."""


class BinanceListening:
    """One session at one door; `run` ends by NotAllowed where the door does not serve us."""

    def __init__(
        self,
        reach: Reach,
        venue: Venue,
        door: Door,
        names: Names,
        asking: BinanceAsking,
        out: Outlet,
    ) -> None:
        self._names, self._out, self._venue = names, out, venue
        self._repair = BinanceRepair(asking, names, out, reach.clock)
        self._books = BinanceBooks(asking, names, out, reach.clock)
        self._wanted: frozenset[str] = frozenset()
        self._closely: Callable[[], frozenset[str]] = frozenset
        self._numbers = itertools.count(1)
        self._barring = Barring(venue.title)
        self._tell = told_to(out)
        self._url = reach.socket(door.socket)
        self._stream = Stream(
            reach.web,
            venue.name,
            self._url,
            self._hear,
            subscribe=lambda items: self._asked("SUBSCRIBE", items),
            unsubscribe=lambda items: self._asked("UNSUBSCRIBE", items),
            manners=MANNERS,
            ends=announces_end,
            on_gap=self._since,
            on_state=self._stand,
            own=bool(reach.settings.ws_url),
        )

    async def run(self, wanted: Wanted) -> None:
        """Follow what is wanted until cancelled."""
        following = Following(wanted, self._items)
        self._closely = lambda: closely(wanted)
        await together(
            following.run(self._stream),
            self._repair.run(),
            self._books.run(),
            self._barring.until_barred(),
        )

    def _items(self, symbols: Sequence[str]) -> Iterable[str]:
        self._wanted = frozenset(symbols)
        self._repair.keep(self._wanted)
        close = self._closely()
        self._books.keep([each for each in symbols if each in close][:MOST])
        for symbol in symbols:
            spelling = self._names.spelled(symbol)
            if spelling is None:
                self._out.refused(symbol, f"{self._venue.title} does not list it")
                continue
            for channel in CHANNELS:
                yield item_of(channel, spelling)
            if symbol in self._books.symbols:
                yield item_of(DEPTH, spelling)

    def _asked(self, method: str, items: Sequence[str]) -> Sequence[str]:
        streams = [
            f"{spelling.lower()}@{channel}"
            for channel, spellings in by_channel(items).items()
            for spelling in spellings
        ]
        said = {"method": method, "params": streams, "id": next(self._numbers)}
        return (msgspec.json.encode(said).decode(),)

    def _hear(self, frame: str | bytes, at: int) -> None:
        text = text_of(frame)
        self._out.frame(self._url, text)
        ticks = parse(text, self._named)
        if not ticks:
            self._read_answer(text)
            return
        told = [tick for tick in ticks if self._tells(tick)]
        for tick in told:
            if isinstance(tick, Trade):
                self._repair.heard(tick)
        if told:
            self._out.emit(told, at)

    def _tells(self, tick: Tick) -> bool:
        """Of wanted symbols all but the best prices that come newer from elsewhere.

        Beside figures they are older than bookTicker's, and those are told by a whole book.
        """
        if tick.symbol not in self._wanted:
            return False
        match tick:
            case TopOfBook():
                return tick.at is None and not self._books.tells(tick.symbol)
            case BookChange():
                return self._books.heard(tick)
        return True

    def _named(self, spelling: str) -> str:
        return self._names.symbol(spelling.upper()) or symbol_of(spelling)

    def _read_answer(self, text: str) -> None:
        """Say what is wrong with a message of ours, if anything is."""
        words = refused_words(text)
        if words:
            self._out.standing(SourceState.live, f"{self._venue.title} refuses: {words}")

    async def _since(self, since: int, items: Sequence[str]) -> None:
        spellings = {spelling for each in by_channel(items).values() for spelling in each}
        symbols = {self._names.symbol(spelling) for spelling in spellings}
        await self._repair.since(symbol for symbol in symbols if symbol in self._wanted and symbol)

    def _stand(self, state: StreamState) -> None:
        if not self._barring.heard(state):
            self._tell(state)


def announces_end(frame: str | bytes) -> bool:
    """Whether the venue says that it will close this connection."""
    return ("serverShutdown" if isinstance(frame, str) else b"serverShutdown") in frame[:200]  # type: ignore[operator]


def refused_words(text: str) -> str:
    """What an answer to a message of ours says is wrong; "" when nothing is."""
    try:
        said = _ANSWER.decode(text)
    except msgspec.MsgspecError:
        return ""
    error = said.error or said
    return clean(f"{error.msg} ({error.code})", limit=200) if error.code is not None else ""


class _Refused(msgspec.Struct):
    code: int | None = None
    msg: str = ""


class _Answered(_Refused):
    error: _Refused | None = None


_ANSWER = msgspec.json.Decoder(_Answered)
