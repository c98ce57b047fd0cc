"""Cards on the clock: marked by quotes, scored when due, waited for where bars are missing."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from idea_cards import AT, DUE, bars, idea, plan

from tio.api.errors import SourceUnavailable
from tio.api.ideas import Idea, IdeaPlan, IdeaState, Outcome
from tio.api.market import Flag, Quote, Timeframe
from tio.api.orders import OrderType
from tio.engine.ideas.history import Past
from tio.engine.ideas.live import LiveIdeas
from tio.engine.ideas.marking import listed, marked
from tio.engine.market.demand import Demand
from tio.engine.store.database import Database, Durability
from tio.engine.store.ideas import IdeaTable
from tio.engine.store.ledgers import LedgerKey
from tio.engine.store.tio_schema import STEPS

from fakes import FakeClock

KEY = LedgerKey("owner", 1)


class FakeMarket:
    """Quotes of one price, set by hand."""

    def __init__(self, clock: FakeClock) -> None:
        self.demand = Demand()
        self.price = 104.0
        self.flags: tuple[Flag, ...] = ()
        self._clock = clock

    def quote(self, symbol: str) -> Quote:
        return Quote(symbol=symbol, last=self.price, as_of=self._clock.now(), flags=self.flags)


class FakeHistory:
    """Bars that are there, or a sentence why they are not."""

    def __init__(self) -> None:
        self.rows: tuple[str, ...] = ()
        self.missing = ""
        self.asked = 0

    async def whole(self, symbol: str, plan: IdeaPlan, now: datetime) -> Past:
        self.asked += 1
        if self.missing:
            raise SourceUnavailable(self.missing)
        return Past(plan, tuple(bars(*self.rows)), Timeframe.m1, "test")

    async def so_far(self, symbol: str, plan: IdeaPlan, now: datetime) -> Past | None:
        return None if self.missing else await self.whole(symbol, plan, now)


class Scene:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = FakeClock(AT)
        self.market = FakeMarket(self.clock)
        self.history = FakeHistory()
        self.live = self.begun()

    def begun(self) -> LiveIdeas:
        market: Any = self.market
        history: Any = self.history
        return LiveIdeas(self.database, self.clock, market, history)

    async def write(self, **rest: Any) -> Idea:
        card = idea(**rest)
        made = await self.database.write(lambda c: IdeaTable.add(c, KEY, card))
        self.live.put("owner", made)
        return made

    async def kept(self, id: str = "i1") -> Idea:
        return await self.database.read(lambda c: IdeaTable.get(c, "owner", id))


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    database = Database(tmp_path / "tio.db", Durability.normal, STEPS)
    await database.open()
    scene = Scene(database)
    yield scene
    await scene.live.close()
    await database.close()


async def test_a_card_is_scored_once_when_its_horizon_is_over(scene: Scene) -> None:
    await scene.write()
    scene.history.rows = ("104 105 101 102", "102 103 99 101", "101 111 100 109")
    await scene.live.score_due()
    assert (await scene.kept()).score is None
    assert scene.history.asked == 0

    await scene.clock.advance(timedelta(days=10, seconds=91).total_seconds())
    await scene.live.score_due()
    found = await scene.kept()
    assert found.score is not None
    assert (found.score.outcome, found.score.r, found.score.bars) == (Outcome.target, 2.0, 3)
    assert (found.score.source, found.score.timeframe) == ("test", Timeframe.m1)
    assert found.state is IdeaState.scored

    scene.history.rows = ("90 91 80 81",)
    await scene.live.score_due()
    assert await scene.kept() == found
    assert scene.history.asked == 1


async def test_a_card_without_bars_says_so_and_is_tried_later_and_later(scene: Scene) -> None:
    await scene.write()
    scene.history.missing = "bars of ACME are missing"
    await scene.clock.advance(timedelta(days=10, seconds=91).total_seconds())
    await scene.live.score_due()
    assert (await scene.kept()).waits == "bars of ACME are missing"
    await scene.live.score_due()
    assert scene.history.asked == 1
    await scene.clock.advance(61)
    await scene.live.score_due()
    await scene.clock.advance(61)
    await scene.live.score_due()
    assert scene.history.asked == 2

    scene.history.missing = ""
    await scene.clock.advance(300)
    await scene.live.score_due()
    found = await scene.kept()
    assert found.waits == ""
    assert found.score is not None
    assert found.score.outcome is Outcome.never_entered


async def test_cards_due_while_tio_was_off_are_scored_after_the_next_start(scene: Scene) -> None:
    await scene.write()
    await scene.live.close()
    await scene.clock.advance(timedelta(days=30).total_seconds())
    scene.history.rows = ("101 101 99 100",)
    scene.live = scene.begun()
    await scene.live.start()
    await scene.live.score_due()
    found = await scene.kept()
    assert found.score is not None
    assert found.score.scored_at == AT + timedelta(days=30)


async def test_quotes_mark_entry_and_end_and_the_marks_outlive_a_restart(scene: Scene) -> None:
    await scene.write()
    await scene.live.start()
    assert "ACME" in scene.market.demand.symbols
    for price in (99.5, 94.0, 120.0):
        scene.market.price = price
        scene.live.look()
    await scene.live.close()
    assert "ACME" not in scene.market.demand.symbols
    found = await scene.kept()
    assert (found.state, found.ended_by) == (IdeaState.ended, Outcome.stopped)
    assert found.entered_at == AT
    assert found.open


async def test_what_quotes_showed_is_told_before_it_is_on_disk(scene: Scene) -> None:
    card = await scene.write()
    scene.market.price = 99.5
    scene.live.look()
    assert (await scene.kept()).entered_at is None
    assert scene.live.now("owner", card).entered_at == AT
    assert scene.live.now("other", card).entered_at is None


async def test_a_card_given_up_after_its_entry_is_scored_all_the_same(scene: Scene) -> None:
    await scene.write(entered_at=AT, given_up_at=AT + timedelta(days=1), reason="fear")
    await scene.write(given_up_at=AT + timedelta(days=1), reason="news")
    scene.history.rows = ("101 101 99 99", "99 99 94 96")
    await scene.clock.advance(timedelta(days=11).total_seconds())
    await scene.live.score_due()
    assert (await scene.kept("i1")).state is IdeaState.scored
    assert (await scene.kept("i2")).state is IdeaState.given_up


async def test_an_entry_only_bars_saw_is_kept_too(scene: Scene) -> None:
    card = await scene.write()
    scene.history.rows = ("104 105 101 102", "102 103 99 101")
    found = await scene.live.seen_in_bars("owner", card)
    assert found.entered_at == AT + timedelta(minutes=1)
    assert (await scene.kept()).entered_at == found.entered_at
    scene.history.missing = "none"
    again = await scene.write()
    assert await scene.live.seen_in_bars("owner", again) is again


def quote(price: float, **rest: Any) -> Quote:
    return Quote(symbol="ACME", last=price, **{"as_of": AT + timedelta(minutes=1)} | rest)


@pytest.mark.parametrize(
    "told",
    [
        quote(90, flags=(Flag.spike,)),
        quote(90, as_of=AT - timedelta(seconds=1)),
        quote(90, as_of=None),
        quote(101),
        Quote(symbol="ACME", as_of=DUE),
    ],
)
def test_unsound_and_older_quotes_mark_nothing(told: Quote) -> None:
    card = idea()
    assert marked(card, told, DUE) is card


def test_an_invalidation_before_the_entry_ends_the_card() -> None:
    card = idea(plans=(plan(entry_type=OrderType.stop, invalidation="93"),))
    found = marked(card, quote(92), DUE)
    assert (found.state, found.entered) == (IdeaState.invalidated, False)
    assert marked(found, quote(120), DUE) is found


def test_of_two_losses_at_once_the_nearer_level_came_first() -> None:
    near = idea(entered_at=AT, plans=(plan(invalidation="98"),))
    far = idea(entered_at=AT, plans=(plan(invalidation="90"),))
    assert marked(near, quote(80), DUE).ended_by is Outcome.invalidated
    assert marked(far, quote(80), DUE).ended_by is Outcome.stopped
    assert marked(far, quote(110), DUE).ended_by is Outcome.target


def test_distances_are_of_the_price_now_and_r_of_what_was_entered() -> None:
    before, after = listed(idea(), quote(104)), listed(idea(entered_at=AT), quote(104))
    assert before.price == Decimal("104.0")
    assert before.to_entry == pytest.approx(-3.846, abs=1e-3)
    assert before.to_target == pytest.approx(5.769, abs=1e-3)
    assert (before.r, after.r, after.to_entry) == (None, 0.8, None)
