"""Kraken's socket: tickers, trades by their numbers, books by their checksums."""

import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence

from tio.api.sources import SourceState
from tio.api.ticks import Tick, Trade
from tio.engine.feeds import kraken
from tio.engine.feeds.kraken_answers import (
    Ended,
    System,
    TooFast,
    is_too_fast,
    read_answer,
    subscribing,
)
from tio.engine.feeds.kraken_book import DEPTH, CheckedBook
from tio.engine.feeds.kraken_v2 import channel_of, checked_books, parse_object
from tio.engine.feeds.live.by_class import ByClass
from tio.engine.feeds.live.following import (
    Following,
    by_channel,
    item_of,
    listed_items,
    text_of,
)
from tio.engine.feeds.live.names import Names
from tio.engine.feeds.live.numbered import Missing, Numbered, Repairs
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.live.sharing import together
from tio.engine.feeds.socket import Manners, Stream
from tio.plugin import Outlet, Wanted

log = logging.getLogger(__name__)

STREAM = "wss://ws.kraken.com/v2"
MANNERS = Manners(chunk=100, pause=0.25, most_symbols=900, quiet=10.0)
"""Items, not symbols; when idle it says a heartbeat every second."""


class KrakenStream:
    """One run of the socket: what it says goes to an outlet as it is wanted.

    `trades_of` fetches what is missing.
    """

    def __init__(
        self,
        reach: Reach,
        names: Names,
        wanted: Wanted,
        out: Outlet,
        trades_of: Callable[[Missing], Awaitable[Sequence[Trade]]],
    ) -> None:
        self._names, self._trades_of = names, trades_of
        self._out = ByClass(out, kraken.FX_TRAITS)
        self._following = Following(wanted, self._items)
        self._numbered = Numbered()
        self._repairs = Repairs(kraken.NAME, self._repair)
        self._books: dict[str, CheckedBook] = {}
        self._url = reach.socket(STREAM)
        self._stream = Stream(
            reach.web,
            kraken.NAME,
            self._url,
            self._hear,
            subscribe=lambda items: _saying("subscribe", items),
            unsubscribe=lambda items: _saying("unsubscribe", items),
            manners=MANNERS,
            ends=is_too_fast,
            on_state=self._following.telling(out),
            own=bool(reach.settings.ws_url),
        )

    async def run(self) -> None:
        """Until cancelled."""
        await together(self._following.run(self._stream), self._repairs.run())

    def _items(self, symbols: Sequence[str]) -> Iterator[str]:
        return listed_items(
            self._names,
            symbols,
            ("ticker", "trade"),
            "book",
            lambda symbol: self._out.refused(symbol, "Kraken does not list it"),
        )

    def _hear(self, frame: str | bytes, at: int) -> None:
        text = text_of(frame)
        self._out.frame(self._url, text)
        match channel_of(text):
            case "book":
                self._out.emit(self._booked(text), at)
            case "trade":
                self._out.emit(self._traded(text), at)
            case "heartbeat":
                pass
            case "status" | "":
                self._answered(text)
            case _:
                self._out.emit(parse_object(text), at)

    def _traded(self, text: str) -> Sequence[Tick]:
        trades = [tick for tick in parse_object(text) if isinstance(tick, Trade)]
        told, missing = self._numbered.take(trades)
        for each in missing:
            self._repairs.note(each)
        return told

    def _booked(self, text: str) -> Sequence[Tick]:
        """The books that are the venue's; one that is not is held back and asked for anew."""
        told: list[Tick] = []
        for tick, expected in checked_books(text):
            book = self._book(tick.symbol)
            if book.take(tick, expected):
                told.append(tick)
                continue
            item = item_of("book", self._names.spelled(tick.symbol) or "")
            if book.hopeless:
                log.warning("kraken: the book of %s never is what its checksum says", tick.symbol)
                self._following.refuse(item)
            else:
                self._following.renew(item)
        return told

    def _book(self, symbol: str) -> CheckedBook:
        if symbol not in self._books:
            listed = self._names.instrument(symbol)
            decimals = (listed.price_decimals, listed.size_decimals) if listed else (None, None)
            self._books[symbol] = CheckedBook(*decimals)
        return self._books[symbol]

    def _answered(self, text: str) -> None:
        match read_answer(text):
            case Ended(method="unsubscribe") as ended:
                self._following.ended(item_of(ended.channel, ended.spelling))
            case Ended(refuses=True) as ended:
                self._refused(ended)
            case Ended(error=error) | TooFast(error=error) if error:
                log.warning("kraken: %s", error)
            case System(status=status) if status != "online":
                self._out.standing(SourceState.failed, f"Kraken says {status}")

    def _refused(self, ended: Ended) -> None:
        for channel in ("ticker", "trade", "book"):
            self._following.refuse(item_of(channel, ended.spelling))
        symbol = self._names.symbol(ended.spelling)
        if symbol is not None:
            self._out.refused(symbol, f"Kraken says: {ended.error}")

    async def _repair(self, missing: Missing) -> None:
        self._out.emit(missing.among(await self._trades_of(missing)))


def _saying(method: str, items: Sequence[str]) -> tuple[str, ...]:
    begins = method == "subscribe"
    return tuple(
        subscribing("subscribe" if begins else "unsubscribe", channel, spellings, DEPTH)
        for channel, spellings in by_channel(items).items()
    )
