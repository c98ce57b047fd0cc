"""Which views are kept: those of now, once, of briefs; and what a chat is told of them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from given_views import AT, THURSDAY, DayMarket, done, weekdays

from tio.api.access import Principal
from tio.api.analyst import Report, View, Workflow
from tio.api.errors import NotFound, SourceUnavailable
from tio.api.grounding import Confidence, Level
from tio.api.views import GetViewRecord, GivenView, ListViews
from tio.engine.analyst.views.desk import PRESENT, ViewDesk
from tio.engine.analyst.views.giving import Said
from tio.engine.store.database import Database, Durability
from tio.engine.store.tio_schema import STEPS
from tio.engine.store.views import ViewTable

from fakes import FakeClock

OWNER, OTHER = Principal("owner"), Principal("other")


class Scene:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = FakeClock(AT)
        self.market = DayMarket(weekdays([float(n) for n in range(50, 101)], THURSDAY))
        self.desk = ViewDesk(database, self.clock, self.market.service)

    async def say(self, **rest: Any) -> GivenView | None:
        told: dict[str, Any] = {"symbol": "aapl", "bias": 1, "by": "qwen", "as_of": AT}
        return await self.desk.given("owner", Said(**told | rest), chat="c1", message="m2")

    async def listed(self, who: Principal = OWNER, **fields: Any) -> tuple[GivenView, ...]:
        found: tuple[GivenView, ...] = await self.desk.answers()[ListViews](
            ListViews(**fields), who
        )
        return found


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    database = Database(tmp_path / "tio.db", Durability.normal, STEPS)
    await database.open()
    scene = Scene(database)
    await scene.desk.start()
    yield scene
    await scene.desk.close()
    await database.close()


def report(**rest: Any) -> Report:
    told: dict[str, Any] = {
        "workflow": Workflow.brief,
        "title": "Brief on AAPL",
        "about": "AAPL",
        "symbol": "AAPL",
        "as_of": AT,
        "made_by": "rules",
        "headline": "AAPL leans\x1b[31m up.",
        "view": View(bias=1, score=0.3),
        "confidence": Confidence(level=Level.medium, score=0.55, reason="It is fresh."),
    }
    return Report(**told | rest)


async def test_a_view_is_kept_with_where_it_was_given_and_seen_by_its_owner_alone(
    scene: Scene,
) -> None:
    made = await scene.say(stated=0.8)
    assert made is not None
    assert (made.id, made.symbol, made.chat, made.message) == ("v1", "AAPL", "c1", "m2")
    assert (made.stated, made.confidence) == (0.8, None)
    assert await scene.listed() == (made,)
    assert await scene.listed(OTHER) == ()


async def test_a_brief_gives_the_view_of_its_report_in_clean_words(scene: Scene) -> None:
    made = await scene.desk.reported("owner", report(), "rules", chat="c1", message="m2")
    assert made is not None
    assert (made.by, made.bias, made.days, made.confidence) == ("rules", 1, 5, 0.55)
    assert "\x1b" not in made.reason


@pytest.mark.parametrize(
    "other",
    [
        {"view": None},
        {"workflow": Workflow.idea},
        {"as_of": AT - PRESENT - timedelta(seconds=1)},
        {"as_of": AT - timedelta(days=90)},
    ],
)
async def test_a_report_without_a_view_or_of_the_past_gives_none(
    scene: Scene, other: dict[str, Any]
) -> None:
    assert await scene.desk.reported("owner", report(**other), "rules") is None
    assert await scene.listed() == ()


async def test_saying_the_same_of_the_same_sessions_again_is_saying_it_once(scene: Scene) -> None:
    first = await scene.say()
    await scene.clock.advance(600)
    later = scene.clock.now()
    assert await scene.say(as_of=later) == first
    changed = await scene.say(bias=-1, as_of=later)
    another = await scene.say(by="rules", as_of=later)
    assert [each.id for each in await scene.listed()] == ["v3", "v2", "v1"]
    assert changed is not None
    assert another is not None
    assert await scene.listed(by="qwen") == (changed, first)
    assert await scene.listed(symbol="aapl", limit=1) == (another,)


async def test_what_nothing_could_measure_is_not_kept_and_harms_no_answer(scene: Scene) -> None:
    for missing in (SourceUnavailable("offline"), NotFound("nobody knows AAPL")):
        scene.market.missing = missing
        assert await scene.say() is None
    scene.market.missing = None
    scene.market.days = []
    assert await scene.say() is None
    assert await scene.listed() == ()


async def test_a_chat_is_told_how_an_authors_views_held(scene: Scene) -> None:
    assert await scene.desk.held("owner", "qwen") == (0, 0)
    await scene.say()
    for n, held in enumerate((True, True, False)):
        view = done(held, by="qwen", due=AT + timedelta(days=n))
        await scene.database.write(partial(ViewTable.add, owner="owner", view=view))
    assert await scene.desk.held("owner", "qwen") == (2, 3)
    assert await scene.desk.held("owner", "rules") == (0, 0)
    assert await scene.desk.held("other", "qwen") == (0, 0)
    whole, qwen = await scene.desk.answers()[GetViewRecord](GetViewRecord(), OWNER)
    assert (whole.views, qwen.n, qwen.hits) == (4, 3, 2)
