"""What every engine promises of views, in this process and across the socket."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from both_engines import DOORS, Afternoon, through
from test_chat_contract import PATIENCE, followed

from tio.api.access import Principal
from tio.api.chats import StartChat
from tio.api.contract import Engine
from tio.api.views import GetViewRecord, GivenView, ListViews, ViewBy, ViewOutcome
from tio.config import Config, Demo
from tio.engine.local import LocalEngine
from tio.paths import Paths

ACME = "SIM:ACME"


class Later(Afternoon):
    """An afternoon so much later."""

    def __init__(self, by: timedelta) -> None:
        super().__init__()
        self._off += by


def made(later: timedelta = timedelta(0)) -> LocalEngine:
    return LocalEngine(
        Paths.find().workspace("demo"),
        Config(demo=Demo(symbols=3, rate=50.0, portfolio=False)),
        wall=Later(later),
    )


@pytest.fixture
async def local() -> AsyncIterator[LocalEngine]:
    engine = made()
    await engine.start()
    yield engine
    await engine.close()


@pytest.fixture(params=DOORS)
async def engine(request: pytest.FixtureRequest, local: LocalEngine) -> AsyncIterator[Engine]:
    async with through(local, request.param) as found:
        yield found


async def test_a_brief_in_a_chat_leaves_its_view_to_be_scored(engine: Engine) -> None:
    message, _ = await followed(engine, f"/brief {ACME}")
    assert message.report is not None
    assert message.report.view is not None
    (view,) = await engine.ask(ListViews())
    assert (view.symbol, view.by, view.days) == (ACME, "rules", 5)
    assert (view.chat, view.message) == ("c1", message.id)
    assert view.bias == message.report.view.bias
    assert (view.confidence, view.reason) == (
        message.report.confidence.score,
        message.report.headline,
    )
    assert view.outcome is ViewOutcome.waiting
    assert view.due - view.given > timedelta(days=5)
    assert view.atr is not None
    assert view.base is not None
    assert await engine.ask(ListViews(symbol=ACME, by="rules")) == (view,)
    assert await engine.ask(ListViews(symbol="SIM:OTHER")) == ()
    assert await engine.ask(ListViews(by="qwen3")) == ()
    whole, rules = await engine.ask(GetViewRecord(ViewBy.author))
    assert (whole.views, whole.n, rules.name, rules.note) == (1, 0, "rules", "none is scored yet")


async def test_what_is_asked_of_the_past_or_gives_no_view_leaves_none(engine: Engine) -> None:
    await followed(engine, f"/why {ACME}")
    await followed(engine, f"How is {ACME}?")
    past = await engine.ask(StartChat(as_of=Afternoon().now() - timedelta(days=30)))
    message, _ = await followed(engine, f"/brief {ACME}", chat=past.id)
    assert message.report is not None
    assert message.report.view is not None
    assert await engine.ask(ListViews()) == ()


async def test_views_are_their_owners_alone(local: LocalEngine) -> None:
    await followed(local.session(), f"/brief {ACME}")
    (_,) = await local.session().ask(ListViews())
    other = local.session(Principal("other"))
    assert await other.ask(ListViews()) == ()
    assert [each.views for each in await other.ask(GetViewRecord())] == [0]


@pytest.mark.parametrize("door", DOORS)
async def test_a_view_due_while_tio_was_off_is_scored_after_the_next_start(
    door: str,
) -> None:
    first = made()
    await first.start()
    await followed(first.session(), f"/brief {ACME}")
    (given,) = await first.session().ask(ListViews())
    await first.close()

    second = made(timedelta(days=7))
    await second.start()
    try:
        async with through(second, door) as engine:
            view = await scored(engine)
            assert view.id == given.id
            assert view.outcome in (ViewOutcome.held, ViewOutcome.failed)
            assert view.move is not None
            assert view.end_price == pytest.approx(view.price * (1 + view.move / 100))
            if view.bias:
                assert (view.outcome is ViewOutcome.held) is (view.move * view.bias > 0)
            whole, rules = await engine.ask(GetViewRecord())
            assert (whole.n, whole.hits) == (1, view.outcome is ViewOutcome.held)
            assert rules.note == "n 1: too few to tell"
    finally:
        await second.close()


async def scored(engine: Engine) -> GivenView:
    async with asyncio.timeout(PATIENCE):
        while True:
            (view,) = await engine.ask(ListViews())
            if view.outcome is not ViewOutcome.waiting:
                return view
            await asyncio.sleep(0.05)


async def test_asking_the_same_again_is_the_same_view(engine: Engine) -> None:
    for _ in range(2):
        await followed(engine, f"/brief {ACME}")
    views = await engine.ask(ListViews())
    assert len({each.bias for each in views}) == len(views)
