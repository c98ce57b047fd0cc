"""A view as it is kept: with the price of its moment and what it will be measured by."""

from dataclasses import dataclass
from datetime import datetime

from tio.api.errors import SourceUnavailable
from tio.api.market import Quote, Timeframe
from tio.api.series import instant, moment
from tio.api.views import GivenView
from tio.engine.analyst.views.history import DailyPast
from tio.engine.analyst.views.measures import atr, base
from tio.engine.analyst.views.sessions import horizon
from tio.engine.market.sessions import bar_end
from tio.engine.orders.tape import fault_of

SESSIONS = 5
"""How long a report's view is for."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """A view as somebody says it: `by` a model's name or `rules`, over so many sessions.

    `stated` is what a model claims its confidence is, `confidence` what was computed. `as_of`: the
    moment it knows everything up to.
    """

    symbol: str
    bias: int
    by: str
    days: int = SESSIONS
    stated: float | None = None
    confidence: float | None = None
    reason: str = ""
    as_of: datetime


def given(said: Said, quote: Quote, past: DailyPast, now: datetime) -> GivenView:
    """The view to be kept; SourceUnavailable where no day of it is known or no session to come."""
    if not past.days:
        raise SourceUnavailable(f"no daily bar of {said.symbol} is known")
    newest = past.days[-1]
    last = horizon(past.rules, now, said.days)
    return GivenView(
        symbol=said.symbol,
        by=said.by,
        given=now,
        price=_price(quote, past),
        reference_close=newest.close,
        reference_day=moment(newest.time),
        atr=atr(past.days),
        bias=said.bias,
        days=said.days,
        due=last.due,
        stated=said.stated,
        confidence=said.confidence,
        base=base(past.days, said.bias, said.days),
        reason=said.reason,
    )


def _price(quote: Quote, past: DailyPast) -> float:
    """The last price where it is sound and newer than the newest day, else that day's close."""
    newest = past.days[-1]
    at = quote.as_of or quote.received_at
    if quote.last is None or quote.last <= 0 or at is None or fault_of(quote):
        return newest.close
    return (
        quote.last
        if instant(at) >= bar_end(past.rules, newest.time, Timeframe.d1)
        else newest.close
    )
