"""A brief of a past moment is the same whatever happened after it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tio.api.access import OWNER
from tio.api.analyst import Brief, Report
from tio.api.market import Bars, GetBars
from tio.api.series import Series, Times, instant
from tio.engine.analyst.rules.service import RulesAnalyst

AT = datetime(2026, 11, 18, 16, 0, tzinfo=UTC)
PAST, LATER = 60, 10


class Today:
    """Days after the moment asked about."""

    def now(self) -> datetime:
        return AT + timedelta(days=365)


async def report(later: float, before: float = 100.0) -> Report:
    """The brief at AT over a source that tells later bars too; those not over by AT are `later`."""

    async def told(request: GetBars, _: object) -> Bars:
        step = request.timeframe.step
        first = instant(AT) - PAST * step - step // 2
        closes = Series([before + i % 7 for i in range(PAST)] + [later] * LATER)
        return Bars(
            symbol="X",
            timeframe=request.timeframe,
            time=Times(first + i * step for i in range(PAST + LATER)),
            open=closes,
            high=closes,
            low=closes,
            close=closes,
            volume=closes,
        )

    words: dict[Any, Any] = {GetBars: told}
    analyst = RulesAnalyst(Today(), words)  # type: ignore[arg-type]
    return await analyst.brief(Brief("X", at=AT), OWNER)


async def test_nothing_later_than_the_moment_changes_a_brief() -> None:
    assert await report(later=1.0) == await report(later=9_999.0)


async def test_what_was_over_by_then_does_change_it() -> None:
    assert await report(later=1.0) != await report(later=1.0, before=500.0)
