"""What daily bars say of a view that is due; where they do not, that it waits.

Bars are told as of now: a split since the view divided them all. The close of the day before the
view, as it was then and as it is told now, says by how much.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from tio.api.errors import SourceUnavailable
from tio.api.series import instant, moment
from tio.api.views import GivenView, ViewOutcome
from tio.engine.analyst.views.measures import Day, went
from tio.engine.analyst.views.sessions import Horizon

CORRECTED = 0.005
"""A close that is told anew and differs by no more was corrected; nothing was split."""
AGAIN = "it is tried again"


def scored(
    view: GivenView, days: Sequence[Day], last: Horizon, now: datetime, *, exact: bool
) -> GivenView:
    """The view with its outcome, by the days that are over now; SourceUnavailable where any lack.

    `exact`: each session must have its bar; otherwise the newest before the last one will do.
    """
    reference = next((day for day in days if day.time == instant(view.reference_day)), None)
    if reference is None:
        raise SourceUnavailable(f"no daily bar of {view.reference_day:%Y-%m-%d} is known", AGAIN)
    end = _end(view, days, last, exact=exact)
    ratio = view.reference_close / reference.close
    if abs(ratio - 1) <= CORRECTED:
        ratio = 1.0
    price = view.price / ratio
    atr = None if view.atr is None else view.atr / ratio
    change = end.close - price
    held = went(view.bias, change, atr, view.days)
    if held is None:
        return unscored(view, now, "its daily range was not known when it was given")
    return replace(
        view,
        outcome=ViewOutcome.held if held else ViewOutcome.failed,
        scored_at=now,
        end_price=end.close,
        move=100 * change / price,
        move_atr=None if atr is None else change / atr,
        waits="",
    )


def unscored(view: GivenView, now: datetime, why: str) -> GivenView:
    """The view given up: nobody will ever say whether it held."""
    return replace(view, outcome=ViewOutcome.unscored, scored_at=now, waits=why)


def _end(view: GivenView, days: Sequence[Day], last: Horizon, *, exact: bool) -> Day:
    """The day at whose close the view is over."""
    at = instant(last.day)
    later = bool(days) and days[-1].time >= at
    found = [day for day in days if instant(view.reference_day) < day.time <= at]
    if later and found and (found[-1].time == at or not exact):
        return found[-1]
    raise SourceUnavailable(f"no daily bar of {moment(at):%Y-%m-%d} is known", AGAIN)
