"""Bitstamp's socket: trades, and whole books of its hundred best levels."""

import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence

import msgspec
from msgspec.structs import replace

from tio.api.ticks import Tick
from tio.engine.feeds import bitstamp
from tio.engine.feeds.live.by_class import ByClass
from tio.engine.feeds.live.following import (
    Following,
    by_channel,
    item_of,
    listed_items,
    text_of,
)
from tio.engine.feeds.live.names import Names
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.socket import Manners, Stream
from tio.plugin import Wanted

log = logging.getLogger(__name__)

STREAM = "wss://ws.bitstamp.net"
HEARTBEAT = '{"event":"bts:heartbeat"}'
MANNERS = Manners(
    chunk=20, pause=0.05, most_symbols=400, quiet=25.0, ping_text=HEARTBEAT, ping_every=10.0
)
"""Items, not symbols; it answers each of our heartbeats with its own."""
TRADES, BOOK = "live_trades", "order_book"


class BitstampStream:
    """One run of the socket: what it says goes to an outlet as it is wanted.

    `missed` tells what traded of a symbol since an instant (µs).
    """

    def __init__(
        self,
        reach: Reach,
        names: Names,
        wanted: Wanted,
        out: ByClass,
        missed: Callable[[str, int], Awaitable[Sequence[Tick]]],
    ) -> None:
        self._names, self._out, self._missed = names, out, missed
        self._following = Following(wanted, self._items)
        self._url = reach.socket(STREAM)
        self._stream = Stream(
            reach.web,
            bitstamp.NAME,
            self._url,
            self._hear,
            subscribe=lambda items: _saying("bts:subscribe", items),
            unsubscribe=lambda items: _saying("bts:unsubscribe", items),
            manners=MANNERS,
            ends=bitstamp.is_farewell,
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
            (TRADES,),
            BOOK,
            lambda symbol: self._out.refused(symbol, "Bitstamp does not list it"),
        )

    def _hear(self, frame: str | bytes, at: int) -> None:
        text = text_of(frame)
        self._out.frame(self._url, text)
        ticks = bitstamp.parse(text)
        if ticks:
            self._out.emit([self._named(tick, text) for tick in ticks], at)
        else:
            self._answered(text)

    def _named(self, tick: Tick, text: str) -> Tick:
        """The tick by the symbol its pair is listed under, whatever its letters look like."""
        symbol = self._names.symbol(bitstamp.pair_of(text))
        return tick if symbol in (None, tick.symbol) else replace(tick, symbol=symbol)

    def _answered(self, text: str) -> None:
        said = bitstamp.read_answer(text)
        if said.event != "bts:error":
            return
        symbol = self._names.symbol(said.spelling)
        if symbol is None:
            log.warning("bitstamp: %s", said.error)
            return
        self._following.refuse(item_of(said.kind, said.spelling))
        if said.kind == TRADES:
            self._out.refused(symbol, f"Bitstamp says: {said.error}")

    async def _repair(self, since: int, items: Sequence[str]) -> None:
        """What traded while nobody listened, pair after pair."""
        for spelling in by_channel(items).get(TRADES, ()):
            symbol = self._names.symbol(spelling)
            if symbol is not None:
                self._out.emit(await self._missed(symbol, since))


class _Channel(msgspec.Struct):
    channel: str


class _Message(msgspec.Struct):
    event: str
    data: _Channel


def _saying(event: str, items: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        msgspec.json.encode(_Message(event, _Channel(f"{channel}_{spelling}"))).decode()
        for channel, spellings in by_channel(items).items()
        for spelling in spellings
    )
