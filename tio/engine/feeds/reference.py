"""What all reference rates of the European Central Bank share: when they are of, what they are."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from tio.api.market import AssetClass, Coverage, Delay, Instrument
from tio.api.ticks import DayFigures
from tio.engine.feeds.decoding import micros
from tio.engine.feeds.frames import Garbage
from tio.plugin import Traits

METALS = frozenset({"XAU", "XAG", "XPT", "XPD"})
"""Among our currencies, and of no central bank's list."""

_CONCERTED = time(14, 10, tzinfo=ZoneInfo("Europe/Berlin"))
"""When the central banks agree on the day's rates, which are published about 16:00."""
_LONGEST_REST = (5 * 24 + 3) * 3_600.0
"""Seconds from one fixing to the next one's publication over Easter."""


def reference_traits(name: str) -> Traits:
    """Of reference rates told by that source: one a day, of no market."""
    return Traits(
        name=name,
        delay=Delay.reference,
        coverage=Coverage.consolidated,
        asset_class=AssetClass.fx,
        stale_after=_LONGEST_REST,
    )


def figures(symbol: str, on: date, rate: float) -> DayFigures:
    """The rate fixed on a date, as of that date's fixing, be it long past."""
    return DayFigures(symbol=symbol, at=micros(datetime.combine(on, _CONCERTED)), last=rate)


def rate(value: float, of: str) -> float:
    """A rate above 0; Garbage else."""
    if 0 < value < 1e300:
        return value
    raise Garbage(f"a reference rate of {of} is {value!r}")


def pair_of(base: str, quote: str, source: str, names: tuple[str, str] = ("", "")) -> Instrument:
    """The instrument of two currencies, with the names they are called by."""
    name = " / ".join(names) if all(names) else ""
    return Instrument(
        symbol=base + quote,
        name=name,
        asset_class=AssetClass.fx,
        currency=quote,
        source=source,
        spellings={source: f"{base}/{quote}"},
    )
