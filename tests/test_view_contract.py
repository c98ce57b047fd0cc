"""What every engine promises of views, in this process and across the socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace as replace_round
from datetime import timedelta

import pytest
from both_engines import DOORS, Afternoon, through
from fake_models import FakeModels, delta, fake_models, fragment, openai
from msgspec.structs import replace
from test_chat_contract import PATIENCE, followed, name
from test_chat_contract import running as with_models

from tio.api.access import Principal
from tio.api.chats import (
    AnswerState,
    Ask,
    ChatMessage,
    DeleteChat,
    GetChat,
    StartChat,
    StopAnswer,
)
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


async def test_a_view_outlives_its_chat(engine: Engine) -> None:
    await followed(engine, f"/brief {ACME}")
    (before,) = await engine.ask(ListViews())
    await engine.ask(DeleteChat(before.chat))
    assert await engine.ask(ListViews()) == (replace(before, chat="", message=""),)


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


VERDICT = {
    "way": "leaning down",
    "sessions": 3,
    "confidence": 0.7,
    "reason": "The trend is weak.",
}


@pytest.fixture
async def server() -> AsyncIterator[FakeModels]:
    async with fake_models() as fake:
        yield fake


async def briefed(
    engine: Engine, server: FakeModels, *verdicts: object, chat: str = ""
) -> ChatMessage:
    """The answer to /brief by a model that concludes so; a text stands as it is."""
    server.rounds.append(openai(delta(content="It leans."), usage=(9_000, 10)))
    for verdict in verdicts:
        text = verdict if isinstance(verdict, str) else json.dumps(verdict)
        server.rounds.append(openai(delta(content=text), usage=(50, 5)))
    message, _ = await followed(engine, f"/brief {ACME}", chat=chat)
    return message


@pytest.mark.parametrize("door", DOORS)
async def test_a_models_verdict_is_kept_beside_the_rules_view(
    door: str, server: FakeModels
) -> None:
    async with with_models(name(server)) as local, through(local, door) as engine:
        message = await briefed(engine, server, VERDICT)
        assert (message.text, message.read, message.written) == ("It leans.", 9_050, 15)
        mine, rules = await engine.ask(ListViews())
        assert (mine.by, rules.by) == (name(server), "rules")
        assert (mine.bias, mine.days, mine.stated) == (-1, 3, 0.7)
        assert message.confidence is not None
        assert mine.confidence == message.confidence.score
        assert (mine.reason, mine.message) == ("The trend is weak.", message.id)
        note = f"Verdict: {ACME} leaning down over 3 sessions, by its own word 70% sure; kept as "
        assert any(each.startswith(f"{note}{mine.id}, due ") for each in message.notes)
        records = await engine.ask(GetViewRecord())
        assert [each.name for each in records] == ["", name(server), "rules"]
        body = server.asked[-1].body
        assert not body.get("tools")
        assert [each["role"] for each in body["messages"]] == [
            "system",
            "user",
            "assistant",
            "user",
        ]
        assert message.report is not None
        assert message.report.headline.split(",")[0] in body["messages"][1]["content"]


@pytest.mark.parametrize("door", DOORS)
async def test_a_verdict_of_another_shape_is_none_and_nothing_is_made_up(
    door: str, server: FakeModels
) -> None:
    async with with_models(name(server)) as local, through(local, door) as engine:
        wrong = VERDICT | {"confidence": 1.2}
        message = await briefed(engine, server, wrong, "It rises, I am sure.")
        assert (message.text, message.state) == ("It leans.", AnswerState.done)
        assert any(each.startswith("No verdict to be kept: ") for each in message.notes)
        assert [each.by for each in await engine.ask(ListViews())] == ["rules"]
        assert (message.read, message.written) == (9_100, 20)


@pytest.mark.parametrize("door", DOORS)
async def test_an_answer_stands_when_its_verdict_is_stopped(door: str, server: FakeModels) -> None:
    async with with_models(name(server)) as local, through(local, door) as engine:
        chat = (await engine.ask(StartChat())).id
        begun = openai(delta(content='{"way": "up"'))
        server.rounds.append(openai(delta(content="It leans."), usage=(9_000, 10)))
        server.rounds.append(replace_round(begun, held=True))
        await engine.ask(Ask(f"/brief {ACME}", chat=chat))
        async with asyncio.timeout(PATIENCE):
            await server.holding.wait()
            stopped = await engine.ask(StopAnswer(chat))
            await server.left.wait()
        assert stopped.writing == ""
        message = (await engine.ask(GetChat(chat))).messages[-1]
        assert (message.text, message.state) == ("It leans.", AnswerState.done)
        assert message.confidence is not None
        assert "It ended before a verdict was given; none is kept." in message.notes
        assert [each.by for each in await engine.ask(ListViews())] == ["rules"]
        message = await briefed(engine, server, VERDICT, chat=chat)
        assert message.state is AnswerState.done


async def test_a_reason_with_an_invented_figure_is_left_out(server: FakeModels) -> None:
    async with with_models(name(server)) as local:
        engine = local.session()
        await briefed(engine, server, VERDICT | {"reason": "It falls to 98765.43."})
        mine, _ = await engine.ask(ListViews())
        assert (mine.by, mine.reason) == (name(server), "")


async def test_no_verdict_is_asked_of_the_past_nor_of_a_free_question(
    server: FakeModels,
) -> None:
    async with with_models(name(server)) as local:
        engine = local.session()
        past = await engine.ask(StartChat(as_of=Afternoon().now() - timedelta(days=30)))
        message = await briefed(engine, server, chat=past.id)
        assert message.made_by == name(server)
        server.rounds.append(openai(delta(content="I see.")))
        await followed(engine, f"Where does {ACME} go?")
        assert await engine.ask(ListViews()) == ()
        assert not any("conclude" in json.dumps(each.body) for each in server.asked)


async def test_a_model_that_looked_something_up_before_concludes_without_its_calls(
    server: FakeModels,
) -> None:
    call = fragment(0, "a", "GetQuotes", f'{{"symbols": ["{ACME}"]}}')
    async with with_models(name(server)) as local:
        engine = local.session()
        server.rounds.append(openai(delta(tool_calls=[call]), finish="tool_calls"))
        await briefed(engine, server, VERDICT)
        assert [each.by for each in await engine.ask(ListViews())] == [name(server), "rules"]
        assert "tool_calls" not in json.dumps(server.asked[-1].body)
