"""tio's own tick frames: what a source without a wire (the simulator) said, one emission a frame.

A frame is `{"ticks": [["Trade", {...}], ...]}` at an address `tio://NAME#tio_ticks`.
"""

from collections.abc import Sequence
from math import isnan

import msgspec

from tio.api.clean import clean
from tio.api.market import AssetClass, Delay
from tio.api.ticks import BookChange, BookSnapshot, DayFigures, SourceBar, Tick, TopOfBook, Trade
from tio.engine.feeds.decoding import decoded, decoder, plausible, unknown
from tio.engine.feeds.frames import Garbage
from tio.plugin import Traits

NAME = "tio_ticks"
TRAITS = Traits(name=NAME, asset_class=AssetClass.simulated, delay=Delay.simulated)
HOSTS = ()


def address(source: str) -> str:
    """The URL a recording gives the ticks of `source`."""
    return f"tio://{source}#{NAME}"


def written(ticks: Sequence[Tick]) -> str:
    """The frame that `parse` gives back as the same ticks."""
    told = [(type(tick).__name__, _fields(tick)) for tick in ticks]
    return msgspec.json.encode({"ticks": told}).decode()


def symbol_of(venue_spelling: str) -> str:
    """The symbol itself: tio spells as tio does."""
    symbol = clean(venue_spelling, limit=200)
    if not symbol or len(symbol) > 64 or any(sign.isspace() for sign in symbol):
        raise Garbage(f"not a symbol: {clean(symbol, limit=80)!r}")
    return symbol


def parse(text: str | bytes) -> tuple[Tick, ...]:
    """The ticks that were written."""
    return tuple(_tick(kind, raw) for kind, raw in decoded(_FRAME, text, "tio").ticks)


def parse_rest(url: str, body: str | bytes) -> tuple[Tick, ...]:
    """A recording of tio's own ticks has no REST answers."""
    return ()


def _fields(tick: Tick) -> object:
    """The tick, or its fields with an unknown size as text: JSON has no NaN."""
    name = _MAY_LACK.get(type(tick))
    if name is None or not isnan(getattr(tick, name)):
        return tick
    return {**msgspec.structs.asdict(tick), name: "nan"}


_MAY_LACK: dict[type[Tick], str] = {Trade: "size", SourceBar: "volume"}


class _Frame(msgspec.Struct):
    ticks: tuple[tuple[str, msgspec.Raw], ...]


def _tick(kind: str, raw: msgspec.Raw) -> Tick:
    by = _TICKS.get(kind)
    if by is None:
        raise unknown("tio", kind)
    tick = decoded(by, raw, "tio")
    if symbol_of(tick.symbol) != tick.symbol:
        raise Garbage("not a tio frame: a symbol with control characters")
    if tick.at is not None:
        plausible(tick.at)
    return tick


_FRAME = decoder(_Frame)
_TICKS: dict[str, msgspec.json.Decoder[Tick]] = {
    kind.__name__: decoder(kind)
    for kind in (Trade, TopOfBook, DayFigures, BookSnapshot, BookChange, SourceBar)
}
