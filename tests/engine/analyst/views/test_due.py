"""Views on the clock: scored once when due, waited for where bars are missing, then given up."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from given_views import AT, CLOSED, LAST, DayMarket, view, weekdays

from tio.api.companies import CorporateEvent, EventKind
from tio.api.errors import SourceUnavailable
from tio.api.market import Adjustment
from tio.api.views import GivenView, ViewOutcome
from tio.engine.analyst.views.due import GRACE, PATIENCE, DueViews
from tio.engine.analyst.views.history import DailyHistory
from tio.engine.store.database import Database, Durability
from tio.engine.store.tio_schema import STEPS
from tio.engine.store.views import ViewTable

from fakes import FakeClock

WEEK = weekdays([100, 101, 101, 101, 101, 101, 104], LAST)
UNTIL_DUE = (CLOSED + GRACE - AT).total_seconds()


class Scene:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = FakeClock(AT)
        self.market = DayMarket(WEEK)
        self.due = self.begun()

    def begun(self) -> DueViews:
        return DueViews(self.database, self.clock, DailyHistory(self.market.service))

    async def give(self) -> GivenView:
        made = await self.database.write(lambda c: ViewTable.add(c, "owner", view()))
        self.due.put("owner", made)
        return made

    async def kept(self) -> GivenView:
        (found,) = await self.database.read(lambda c: ViewTable.list(c, "owner"))
        return found


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    database = Database(tmp_path / "tio.db", Durability.normal, STEPS)
    await database.open()
    scene = Scene(database)
    yield scene
    await scene.due.close()
    await database.close()


async def test_a_view_is_scored_once_when_its_last_session_is_over(scene: Scene) -> None:
    await scene.give()
    await scene.clock.advance(UNTIL_DUE - 1)
    await scene.due.score_due()
    assert scene.market.asked == []
    await scene.clock.advance(1)
    await scene.due.score_due()
    found = await scene.kept()
    assert (found.outcome, found.end_price) == (ViewOutcome.held, 104)

    scene.market.days = weekdays([100, 101, 101, 101, 101, 101, 50], LAST)
    await scene.due.score_due()
    assert await scene.kept() == found
    assert len(scene.market.asked) == 1


async def test_bars_that_come_late_are_waited_for_and_the_view_says_so(scene: Scene) -> None:
    await scene.give()
    scene.market.days = WEEK[:-1]
    await scene.clock.advance(UNTIL_DUE)
    await scene.due.score_due()
    found = await scene.kept()
    assert (found.outcome, found.waits) == (
        ViewOutcome.waiting,
        "no daily bar of 2026-11-30 is known",
    )
    # Not asked again at once.
    scene.market.days = WEEK
    await scene.due.score_due()
    assert len(scene.market.asked) == 1
    await scene.clock.advance(900)
    await scene.due.score_due()
    found = await scene.kept()
    assert (found.outcome, found.waits) == (ViewOutcome.held, "")


async def test_a_source_that_fails_is_waited_for_and_given_up_in_the_end(scene: Scene) -> None:
    await scene.give()
    scene.market.missing = SourceUnavailable("nobody tells AAPL")
    await scene.clock.advance(UNTIL_DUE)
    await scene.due.score_due()
    assert (await scene.kept()).waits == "nobody tells AAPL"
    await scene.clock.advance(PATIENCE.total_seconds())
    await scene.due.score_due()
    found = await scene.kept()
    assert (found.outcome, found.waits) == (ViewOutcome.unscored, "nobody tells AAPL")
    scene.market.missing = None
    await scene.clock.advance(PATIENCE.total_seconds())
    await scene.due.score_due()
    assert (await scene.kept()).outcome is ViewOutcome.unscored


async def test_a_fault_with_one_view_keeps_no_other_waiting(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    await scene.give()
    scene.due.put("owner", view(id="v0", symbol="MSFT"))
    first = scene.market.history.rules

    def rules(symbol: str) -> object:
        if symbol == "MSFT":
            raise ZeroDivisionError
        return first(symbol)

    scene.market.history.rules = rules
    await scene.clock.advance(UNTIL_DUE)
    await scene.due.score_due()
    assert (await scene.kept()).outcome is ViewOutcome.held
    assert "view v0 of MSFT could not be scored" in caplog.text


async def test_a_split_that_its_bars_do_not_tell_is_no_fall(scene: Scene) -> None:
    await scene.give()
    split = CorporateEvent(
        symbol="AAPL", kind=EventKind.share_split, ex_date=date(2026, 11, 24), ratio=4.0
    )

    async def events(symbol: str) -> tuple[CorporateEvent, ...]:
        return (split,)

    scene.market.events = events
    scene.market.adjusted = Adjustment.raw
    await scene.clock.advance(UNTIL_DUE)
    await scene.due.score_due()
    found = await scene.kept()
    assert found.outcome is ViewOutcome.waiting
    assert found.waits == "AAPL split since, and its bars are not adjusted"


async def test_views_due_while_tio_was_off_are_scored_after_the_next_start(scene: Scene) -> None:
    await scene.give()
    await scene.due.close()
    await scene.clock.advance(UNTIL_DUE + timedelta(days=3).total_seconds())
    scene.due = scene.begun()
    await scene.due.start()
    await scene.clock.advance(0)
    await scene.due.score_due()
    assert (await scene.kept()).outcome is ViewOutcome.held
