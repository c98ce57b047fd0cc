"""Nasdaq's site, unofficial: daily bars, dividends and the calendar of earnings.

Its figures are texts: `$1,234.50`, `($0.12)` below zero, `N/A` for none. Prices of past days are
adjusted for splits; dividends are as they were paid.
"""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from tio.api.clean import clean
from tio.api.companies import CorporateEvent, EventKind
from tio.api.errors import Busy, NotFound, SourceUnavailable, TioError
from tio.api.market import Adjustment, AssetClass, Coverage, Delay
from tio.engine.feeds.dated import Dated, fixed, sane
from tio.engine.feeds.decoding import decoded, decoder
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.openings import said_in
from tio.engine.feeds.tables import is_page
from tio.engine.feeds.us_symbols import is_us
from tio.plugin import Traits

NAME = "nasdaq"
HOSTS = ("api.nasdaq.com",)
TRAITS = Traits(
    name=NAME,
    delay=Delay.end_of_day,
    coverage=Coverage.consolidated,
    adjusted=Adjustment.splits,
    asset_class=AssetClass.equity,
)
ASSETS = frozenset({AssetClass.equity, AssetClass.etf, AssetClass.fund})
KINDS = ("stocks", "etf", "mutualfunds")
"""What Nasdaq calls a kind must be asked with the symbol."""

_NEXT = "another source answers meanwhile; Nasdaq's site is unofficial"
_NOTHING = frozenset({"", "N/A", "NA", "--", "-", "&NBSP;"})


class Earnings(msgspec.Struct, frozen=True, kw_only=True):
    """One company's report as the calendar has it; `when` is `pre`, `post` or empty."""

    symbol: str
    name: str = ""
    when: str = ""
    eps_forecast: float | None = None
    market_cap: float | None = None


def spelled(symbol: str) -> str | None:
    """`AAPL` of itself, `BRK%sl%B` of `BRK.B`; None of what is not traded in the US."""
    if not is_us(symbol) or ".PR." in symbol:
        return None
    return symbol.replace(".", "%sl%")


def refusal(body: str | bytes, status: int = 200) -> TioError | None:
    """The error an answer is; None when it is an answer, be it an empty one."""
    if is_page(body):
        return SourceUnavailable("Nasdaq answered with a page instead of data", _NEXT)
    envelope = said_in(body, _ENVELOPE)
    said = None if envelope is None else envelope.status
    if said is None or (said.code == 200 and not said.unknown):
        return None
    words = "; ".join(clean(each.text, limit=120) for each in said.messages if each.text)
    if said.unknown:
        return NotFound(f"Nasdaq says: {words or 'no such symbol'}", "check the symbol")
    if said.code == 429:
        return Busy("Nasdaq says too many requests", "it is asked again later")
    return SourceUnavailable(f"Nasdaq says: {words or f'code {said.code}'}", _NEXT)


def read_bars(body: str | bytes) -> tuple[Dated, ...]:
    """Daily bars, newest first as they come; a fund's day has one price. Rows without are left."""
    told = decoded(_HISTORY, body, "Nasdaq").data
    if told is None:
        return ()
    found = (_bar(row) for row in told.table.rows or [])
    return tuple(row for row in found if row is not None)


def read_dividends(body: str | bytes, symbol: str) -> tuple[CorporateEvent, ...]:
    """Payments in cash, oldest first; a row without an ex-date or an amount is left."""
    told = decoded(_DIVIDENDS, body, "Nasdaq").data
    rows = told.dividends.rows if told is not None and told.dividends is not None else None
    found = (_payment(row, symbol) for row in rows or [])
    return tuple(sorted((each for each in found if each is not None), key=lambda e: e.ex_date))


def read_earnings(body: str | bytes) -> tuple[Earnings, ...]:
    """Reports of one date of the calendar; () of a date without any."""
    told = decoded(_CALENDAR, body, "Nasdaq").data
    return tuple(_earnings(row) for row in told.rows or []) if told is not None else ()


def figure(text: str | None) -> float | None:
    """The number of `$1,234.50`, `($0.12)` or `0.38%`; None of `N/A`, Garbage of other words."""
    bare = (text or "").strip()
    if bare.upper() in _NOTHING:
        return None
    below = bare.startswith("(") and bare.endswith(")")
    digits = bare.strip("()").replace("$", "").replace(",", "").replace("%", "").strip()
    try:
        value = float(digits)
    except ValueError:
        value = float("nan")
    if not -1e300 < value < 1e300:
        raise Garbage(f"not a figure of Nasdaq's: {clean(bare, limit=40)!r}")
    return -value if below else value


def day(text: str | None) -> date | None:
    """The date of `11/20/2026`; None of `N/A`, Garbage of other words."""
    bare = (text or "").strip()
    if bare.upper() in _NOTHING:
        return None
    try:
        return sane(datetime.strptime(bare, "%m/%d/%Y").date(), "Nasdaq")  # noqa: DTZ007
    except ValueError as wrong:
        if isinstance(wrong, Garbage):
            raise
        raise Garbage(f"not a date of Nasdaq's: {clean(bare, limit=40)!r}") from None


class _Message(msgspec.Struct):
    code: int = 0
    text: str = msgspec.field(default="", name="errorMessage")


class _Status(msgspec.Struct):
    code: int = msgspec.field(default=200, name="rCode")
    said: list[_Message] | None = msgspec.field(default=None, name="bCodeMessage")

    @property
    def messages(self) -> Sequence[_Message]:
        return self.said or ()

    @property
    def unknown(self) -> bool:
        """Whether it says that there is no such symbol."""
        return any(each.code == 1001 for each in self.messages)


class _Envelope(msgspec.Struct):
    status: _Status | None = None


class _Row(msgspec.Struct):
    date: str = ""
    open: str | None = None
    high: str | None = None
    low: str | None = None
    close: str | None = None
    volume: str | None = None


class _Table(msgspec.Struct):
    rows: list[_Row] | None = None


class _History(msgspec.Struct):
    table: _Table = msgspec.field(default_factory=_Table, name="tradesTable")


class _Payment(msgspec.Struct):
    ex_date: str | None = msgspec.field(default=None, name="exOrEffDate")
    kind: str | None = msgspec.field(default=None, name="type")
    amount: str | None = None
    paid: str | None = msgspec.field(default=None, name="paymentDate")
    currency: str | None = None


class _Payments(msgspec.Struct):
    rows: list[_Payment] | None = None


class _Dividends(msgspec.Struct):
    dividends: _Payments | None = None


class _Report(msgspec.Struct, rename="camel"):
    symbol: str
    name: str | None = None
    time: str | None = None
    eps_forecast: str | None = None
    market_cap: str | None = None


class _Calendar(msgspec.Struct):
    rows: list[_Report] | None = None


class _HistoryAnswer(msgspec.Struct):
    data: _History | None


class _DividendsAnswer(msgspec.Struct):
    data: _Dividends | None


class _CalendarAnswer(msgspec.Struct):
    data: _Calendar | None


def _bar(row: _Row) -> Dated | None:
    on, close = day(row.date), figure(row.close)
    if on is None or close is None:
        return None
    prices = figure(row.open), figure(row.high), figure(row.low)
    if prices == (None, None, None):
        return fixed(on, close)
    first, high, low = prices
    if first is None or high is None or low is None:
        return None
    volume = figure(row.volume)
    return Dated(on, first, high, low, close, float("nan") if volume is None else volume)


def _payment(row: _Payment, symbol: str) -> CorporateEvent | None:
    on, amount = day(row.ex_date), figure(row.amount)
    if on is None or amount is None or (row.kind or "cash").strip().lower() != "cash":
        return None
    return CorporateEvent(
        symbol=symbol,
        kind=EventKind.dividend,
        ex_date=on,
        amount=amount,
        currency=clean(row.currency or "USD", limit=3).upper(),
        pay_date=day(row.paid),
        source=NAME,
    )


def _earnings(row: _Report) -> Earnings:
    return Earnings(
        symbol=clean(row.symbol, limit=20).strip().upper(),
        name=clean(row.name or "", limit=200).strip(),
        when=_WHEN.get(row.time or "", ""),
        eps_forecast=figure(row.eps_forecast),
        market_cap=figure(row.market_cap),
    )


_WHEN = {"time-pre-market": "pre", "time-after-hours": "post"}
_ENVELOPE = decoder(_Envelope)
_HISTORY = decoder(_HistoryAnswer)
_DIVIDENDS = decoder(_DividendsAnswer)
_CALENDAR = decoder(_CalendarAnswer)
