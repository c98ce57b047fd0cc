"""Frankfurter v1: reference rates of the European Central Bank, also of other currencies."""

from datetime import date

import msgspec

from tio.api.clean import clean
from tio.api.errors import Invalid, NotFound, SourceUnavailable, TioError
from tio.api.market import AssetClass, Instrument
from tio.api.ticks import DayFigures
from tio.engine.feeds.dated import Dated, fixed, sane
from tio.engine.feeds.decoding import decoded, decoder
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.openings import said_in
from tio.engine.feeds.reference import figures, pair_of, rate, reference_traits
from tio.engine.feeds.tables import is_page
from tio.engine.market.symbols import is_fx

NAME = "frankfurter"
HOSTS = ("api.frankfurter.dev",)
TRAITS = reference_traits(NAME)
ASSETS = frozenset({AssetClass.fx})

_FAR = 10_000_000.0


class Fix(msgspec.Struct, frozen=True):
    """The rates of one base currency as they were fixed on `date`, the last one that had a fix."""

    base: str
    date: date
    rates: dict[str, float]
    amount: float = 1.0


class Fixes(msgspec.Struct, frozen=True):
    """The rates of one base currency by date; days without a fix are missing."""

    base: str
    rates: dict[date, dict[str, float]]
    amount: float = 1.0


def refusal(body: str | bytes, status: int = 200) -> TioError | None:
    """The error an answer is; None when it is an answer."""
    if is_page(body):
        return SourceUnavailable("Frankfurter answered with a page instead of data")
    said = said_in(body, _REFUSED)
    if said is None or said.message is None:
        return None
    words = f"Frankfurter says: {clean(said.message, limit=200)}"
    match status:
        case 404:
            return NotFound(words, "check the currencies and dates")
        case 400 | 422:
            return Invalid(words, "check the currencies and dates")
    return SourceUnavailable(words)


def read_fix(body: str | bytes) -> Fix:
    """The newest rates; Garbage when it is no answer."""
    fix = decoded(_FIX, body, "Frankfurter")
    sane(fix.date, "Frankfurter")
    return fix


def read_fixes(body: str | bytes, quote: str) -> tuple[Dated, ...]:
    """The days of one currency; Garbage when it is no answer."""
    told = decoded(_FIXES, body, "Frankfurter")
    rows = []
    for on, rates in told.rates.items():
        if quote in rates:
            value = _single(rates[quote], told.amount, f"{told.base}/{quote}")
            rows.append(fixed(sane(on, "Frankfurter"), value))
    return tuple(sorted(rows))


def ticks_of(fix: Fix) -> tuple[DayFigures, ...]:
    """Each rate as a quote of the fix's own date; currencies we do not know are left."""
    return tuple(
        figures(fix.base + quote, fix.date, _single(value, fix.amount, f"{fix.base}/{quote}"))
        for quote, value in fix.rates.items()
        if is_fx(fix.base + quote)
    )


def parse(text: str | bytes) -> tuple[DayFigures, ...]:
    """What the newest rates say."""
    return ticks_of(read_fix(text))


def read_listing(body: str | bytes) -> tuple[Instrument, ...]:
    """Every pair of the listed currencies that are ours."""
    told = decoded(_CURRENCIES, body, "Frankfurter")
    names = {code: clean(name, limit=80) for code, name in told.items()}
    return tuple(
        pair_of(base, quote, NAME, (names[base], names[quote]))
        for base in names
        for quote in names
        if base != quote and is_fx(base + quote)
    )


def _single(value: float, amount: float, of: str) -> float:
    """The rate of one unit, where rates of another amount were told."""
    if not 0 < amount < _FAR:
        raise Garbage(f"not an answer of Frankfurter: rates of {amount!r}")
    return rate(value if amount == 1 else value / amount, of)


class _Refused(msgspec.Struct):
    message: str | None = None


_REFUSED = decoder(_Refused)
_FIX = decoder(Fix)
_FIXES = decoder(Fixes)
_CURRENCIES = decoder(dict[str, str])
