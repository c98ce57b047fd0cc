"""The European Central Bank's own files: reference rates of the euro as XML, and series as CSV."""

from datetime import date
from typing import NamedTuple

from tio.api.clean import clean
from tio.api.errors import SourceUnavailable, TioError
from tio.api.market import AssetClass
from tio.api.ticks import DayFigures
from tio.engine.feeds.dated import Dated, day_of, fixed
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.reference import METALS, figures, rate, reference_traits
from tio.engine.feeds.tables import as_text, csv_rows, elements, is_page
from tio.engine.market.symbols import is_fx

NAME = "ecb"
HOSTS = ("www.ecb.europa.eu", "data-api.ecb.europa.eu")
TRAITS = reference_traits(NAME)
ASSETS = frozenset({AssetClass.fx})

_COLUMNS = frozenset({"CURRENCY", "TIME_PERIOD", "OBS_VALUE"})


class EuroRate(NamedTuple):
    """How much of a currency one euro was worth on a date."""

    on: date
    currency: str
    rate: float


def spelled(symbol: str) -> str | None:
    """`USD` of `EURUSD`; None of pairs whose first is not the euro: those are not computed."""
    if symbol.startswith("EUR") and is_fx(symbol) and symbol[3:] not in {"EUR", *METALS}:
        return symbol[3:]
    return None


def refusal(body: str | bytes, status: int = 200) -> TioError | None:
    """The error an answer is; None when it is an answer."""
    if is_page(body):
        return SourceUnavailable("the ECB answered with a page instead of data")
    return None


def read_rates(body: str | bytes) -> tuple[EuroRate, ...]:
    """The rates of the daily file, of ninety days or of all; Garbage when it is none of these."""
    found: list[EuroRate] = []
    on: date | None = None
    for name, told in elements(body, "the ECB"):
        if name != "Cube":
            continue
        if "time" in told:
            on = day_of(told["time"], "the ECB")
        if "currency" in told:
            if on is None:
                raise Garbage("not an answer of the ECB: a rate without a date")
            found.append(_rate(on, told["currency"], told.get("rate", "")))
    if on is None:
        raise Garbage("not an answer of the ECB: it has no date")
    return tuple(found)


def read_series(body: str | bytes) -> tuple[EuroRate, ...]:
    """The observations of series of exchange rates, as CSV; days without one are left."""
    if not as_text(body).strip():
        return ()
    found = []
    for row in csv_rows(body, "the ECB", _COLUMNS):
        if row["OBS_VALUE"] not in ("", "NaN"):
            on = day_of(row["TIME_PERIOD"], "the ECB")
            found.append(_rate(on, row["CURRENCY"], row["OBS_VALUE"]))
    return tuple(found)


def newest(rates: tuple[EuroRate, ...]) -> tuple[EuroRate, ...]:
    """Those of the last date among them."""
    last = max((each.on for each in rates), default=None)
    return tuple(each for each in rates if each.on == last)


def days_of(rates: tuple[EuroRate, ...], currency: str) -> tuple[Dated, ...]:
    """One currency's days."""
    return tuple(fixed(each.on, each.rate) for each in rates if each.currency == currency)


def ticks_of(rates: tuple[EuroRate, ...]) -> tuple[DayFigures, ...]:
    """Each rate as a quote of its own date; currencies we do not know are left."""
    return tuple(
        figures(f"EUR{each.currency}", each.on, each.rate)
        for each in rates
        if spelled(f"EUR{each.currency}") is not None
    )


def parse(text: str | bytes) -> tuple[DayFigures, ...]:
    """What the newest date of a file of rates says."""
    return ticks_of(newest(read_rates(text)))


def _rate(on: date, currency: str, text: str) -> EuroRate:
    code = clean(currency, limit=8).upper()
    try:
        value = float(text)
    except ValueError:
        said = clean(text, limit=40)
        raise Garbage(f"not an answer of the ECB: {said!r} is no rate of {code}") from None
    return EuroRate(on, code, rate(value, f"EUR/{code}"))
