"""What every engine promises of configured models, in this process and across the socket."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from both_engines import DOORS, Afternoon, through
from chat_scene import WIRES, Wire
from exam_scene import WINDOW, ready
from fake_models import FakeModels, Round, fake_models

from tio.api.access import Principal
from tio.api.contract import Engine, Role
from tio.api.errors import Conflict, NotAllowed, NotFound
from tio.api.model_exams import (
    ExamineModel,
    ExamStep,
    ListModelExams,
    Mark,
    ModelExam,
    ModelExams,
)
from tio.api.models import (
    DeleteModelKey,
    ListModels,
    ModelKey,
    ModelKind,
    ModelStanding,
    ModelStates,
    SetModelKey,
)
from tio.api.system import CancelJob, JobState, ReloadConfig
from tio.config import Analyst, Config, Demo
from tio.engine.local import LocalEngine
from tio.paths import Paths

AWAY = "openai:https://models.example/v1#big"


class NoRing:
    """A machine without a keyring."""

    def get(self, account: str) -> str | None:
        raise RuntimeError("no backend")

    def set(self, account: str, value: str) -> None:
        raise RuntimeError("no backend")

    def delete(self, account: str) -> None:
        raise RuntimeError("no backend")


@pytest.fixture(autouse=True)
def without_a_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tio.engine.keys.vault.SystemRing", NoRing)


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=WIRES, ids=lambda wire: wire.kind)
def wire(request: pytest.FixtureRequest) -> Wire:
    made: Wire = request.param
    return made


@pytest.fixture
async def server() -> AsyncIterator[FakeModels]:
    async with fake_models() as made:
        yield made


def named(server: FakeModels, wire: Wire) -> str:
    return server.settings(wire.kind).name


@asynccontextmanager
async def engine_with(
    door: str, *models: str, by: Role = Role.owner, **analyst: object
) -> AsyncIterator[Engine]:
    told = Config(
        demo=Demo(symbols=3, rate=50.0, portfolio=False),
        analyst=Analyst(models=models, **analyst),  # type: ignore[arg-type]
    )
    local = LocalEngine(Paths.find().workspace("demo"), told, wall=Afternoon())
    async with AsyncExitStack() as stack:
        await local.start()
        stack.push_async_callback(local.close)
        yield await stack.enter_async_context(through(local, door, Principal(role=by)))


async def test_without_models_the_rules_answer(door: str) -> None:
    async with engine_with(door) as engine:
        (rules,) = await engine.ask(ListModels(check=True))
    assert (rules.name, rules.kind, rules.state) == (
        "rules",
        ModelKind.rules,
        ModelStanding.ready,
    )


async def test_models_are_told_in_their_order_with_the_rules_last(
    door: str, server: FakeModels
) -> None:
    names = [named(server, each) for each in WIRES]
    async with engine_with(door, *names, "rules") as engine:
        told = await engine.ask(ListModels())
    assert [each.name for each in told] == [*names, "rules"]
    assert [each.state for each in told[:2]] == [ModelStanding.unchecked] * 2
    assert told[0].url == f"{server.url}/v1"
    assert told[0].key is ModelKey.not_needed
    assert server.asked == []


@dataclass(frozen=True)
class Checked:
    """A server's answer to a check, and how the model then stands."""

    spoil: Callable[[FakeModels], None]
    state: ModelStanding
    reason: str
    rests: bool


def _says(round: Round) -> Callable[[FakeModels], None]:
    def spoil(server: FakeModels) -> None:
        server.models = server.shown = round

    return spoil


@pytest.mark.parametrize(
    "checked",
    [
        Checked(lambda server: None, ModelStanding.ready, "", False),
        Checked(_says(Round(status=401)), ModelStanding.refused, "refused the key (401)", True),
        Checked(
            _says(Round(status=404)), ModelStanding.unknown_model, "does not know the model", True
        ),
        Checked(_says(Round(status=503)), ModelStanding.failing, "is busy (503)", False),
    ],
    ids=lambda each: str(each.state),
)
async def test_a_check_tells_how_each_server_answers(
    door: str, wire: Wire, server: FakeModels, checked: Checked
) -> None:
    checked.spoil(server)
    async with engine_with(door, named(server, wire)) as engine:
        told, rules = await engine.ask(ListModels(check=True))
        assert (told.state, bool(told.next_try_at)) == (checked.state, checked.rests)
        assert checked.reason in told.reason
        again, _ = await engine.ask(ListModels())
    assert again.state is checked.state
    assert rules.state is ModelStanding.ready


async def test_a_model_that_rests_is_ready_again_once_a_check_goes_well(
    door: str, wire: Wire, server: FakeModels
) -> None:
    server.models = server.shown = Round(status=401)
    async with engine_with(door, named(server, wire)) as engine:
        assert (await engine.ask(ListModels(check=True)))[0].next_try_at is not None
        fresh = FakeModels()
        server.models, server.shown = fresh.models, fresh.shown
        told = (await engine.ask(ListModels(check=True)))[0]
    assert (told.state, told.next_try_at, told.reason) == (ModelStanding.ready, None, "")


async def test_offline_only_servers_of_this_machine_are_asked(
    door: str, server: FakeModels
) -> None:
    here = named(server, WIRES[0])
    async with engine_with(door, AWAY, here) as engine:
        away, home, _ = await engine.ask(ListModels(check=True))
    assert away.state is ModelStanding.offline
    assert "TIO_OFFLINE" in away.reason
    assert away.key is ModelKey.missing
    assert home.state is ModelStanding.ready


async def test_a_key_goes_to_its_server_and_into_no_answer(
    door: str, wire: Wire, server: FakeModels
) -> None:
    name = named(server, wire)
    async with engine_with(door, name) as engine:
        kept = await engine.ask(SetModelKey(name, "canary-7391"))
        assert kept.key is ModelKey.file
        server.models = server.shown = Round((b'{"error": "no such key: canary-7391"}',), 401)
        refused = (await engine.ask(ListModels(check=True)))[0]
        assert refused.state is ModelStanding.refused
        assert "no such key: ***" in refused.reason
        forgotten = await engine.ask(DeleteModelKey(name))
        assert forgotten.key is ModelKey.not_needed
        assert forgotten.state is ModelStanding.unchecked
    assert server.asked[-1].headers["Authorization"] == "Bearer canary-7391"
    assert "canary" not in repr((kept, refused, forgotten, SetModelKey(name, "canary-7391")))


async def test_no_file_but_the_keys_own_holds_a_key(
    door: str, home: Path, wire: Wire, server: FakeModels
) -> None:
    server.models = server.shown = Round((b'{"error": "canary-7391"}',), 401)
    name = named(server, wire)
    async with engine_with(door, name) as engine:
        await engine.ask(SetModelKey(name, "canary-7391"), key="once")
        await engine.ask(ListModels(check=True))
    files = [each for each in home.rglob("*") if each.is_file()]
    holding = [each for each in files if b"canary-7391" in each.read_bytes()]
    assert [each.name for each in holding] == ["keys.json"]
    assert holding[0].stat().st_mode & 0o777 == 0o600


async def test_a_key_may_come_from_the_environment(
    door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIO_MODEL_MODELS_EXAMPLE_KEY", "canary-7391")
    async with engine_with(door, AWAY) as engine:
        told, _ = await engine.ask(ListModels())
    assert told.key is ModelKey.environment
    assert told.variable == "TIO_MODEL_MODELS_EXAMPLE_KEY"


async def test_a_model_is_found_by_a_part_of_its_name_that_no_other_has(door: str) -> None:
    async with engine_with(door, AWAY, "ollama:small") as engine:
        assert (await engine.ask(SetModelKey("models.example", "k"))).name == AWAY
        with pytest.raises(Conflict, match=r"'m' may be .*big, ollama:small"):
            await engine.ask(SetModelKey("m", "k"))
        with pytest.raises(NotFound, match="does not name 'ollama:smal2'") as refused:
            await engine.ask(DeleteModelKey("ollama:smal2"))
    assert "ollama:small" in refused.value.next


async def test_keys_are_the_owners_alone(door: str) -> None:
    async with engine_with(door, AWAY, by=Role.admin) as engine:
        with pytest.raises(NotAllowed):
            await engine.ask(SetModelKey(AWAY, "k"))
        with pytest.raises(NotAllowed):
            await engine.ask(DeleteModelKey(AWAY))


async def test_who_watches_is_told_when_a_model_begins_to_rest(
    door: str, wire: Wire, server: FakeModels
) -> None:
    server.models = server.shown = Round(status=401)
    async with (
        engine_with(door, named(server, wire)) as engine,
        engine.watch(ModelStates()) as items,
    ):
        first = (await anext(items)).value
        assert [each.state for each in first] == [ModelStanding.unchecked, ModelStanding.ready]
        await engine.ask(ListModels(check=True))
        async for item in items:
            if item.value[0].state is not ModelStanding.unchecked:
                break
    assert item.value[0].state is ModelStanding.refused
    assert len(item.value) == 2


async def exam_of(engine: Engine, model: str | None = None) -> ModelExam:
    """An examination to its end."""
    job = await engine.ask(ExamineModel(model))
    async with asyncio.timeout(20), engine.watch(ModelExams()) as items:
        async for item in items:
            for exam in item.value:
                if exam.job == job.id and exam.ended_at is not None:
                    return exam
    raise AssertionError


async def test_an_examination_tells_what_each_step_found_and_what_it_took(
    door: str, wire: Wire, server: FakeModels
) -> None:
    ready(wire, server)
    async with engine_with(door, named(server, wire)) as engine:
        exam = await exam_of(engine)
        (told, _) = await engine.ask(ListModels())
        assert await engine.ask(ListModelExams()) == (exam,)
    assert [each.step for each in exam.findings] == list(ExamStep)
    marks = {each.step: each.mark for each in exam.findings}
    # How fast a fake is has no meaning.
    del marks[ExamStep.speed]
    assert set(marks.values()) == {Mark.passed}
    assert (exam.model, exam.reason, exam.unreachable) == (named(server, wire), "", False)
    assert (exam.read, exam.written) == (20 + 30 + 1_000 + 12_400, 2 + 12 + 3 + 3)
    assert (told.tools, told.structured, told.context) == (True, True, WINDOW)
    assert told.read_today >= exam.read


async def test_what_an_examination_found_of_tools_outlasts_what_the_server_says(
    door: str, wire: Wire, server: FakeModels
) -> None:
    ready(wire, server, calls=[wire.says("Twelve.")], shape=[wire.says("Rain.")])
    async with engine_with(door, named(server, wire)) as engine:
        exam = await exam_of(engine)
        (told, _) = await engine.ask(ListModels(check=True))
    failed = [each.step for each in exam.findings if each.mark is Mark.failed]
    assert failed == [ExamStep.calls, ExamStep.shape]
    assert (told.tools, told.structured) == (False, False)


async def test_an_examination_ends_where_nobody_answers(door: str) -> None:
    async with engine_with(door, "openai:http://127.0.0.1:1/v1#small") as engine:
        exam = await exam_of(engine)
    (found,) = exam.findings
    assert (found.step, found.mark) == (ExamStep.reachable, Mark.failed)
    assert "cannot be reached" in found.said
    assert exam.unreachable


async def test_an_examination_is_cancelled_with_its_job(
    door: str, wire: Wire, server: FakeModels
) -> None:
    ready(wire, server, answers=[wire.hangs("well")])
    name = named(server, wire)
    async with engine_with(door, name) as engine:
        job = await engine.ask(ExamineModel(name))
        assert (await engine.ask(ExamineModel(name))).id == job.id
        await asyncio.wait_for(server.holding.wait(), 20)
        assert (await engine.ask(CancelJob(job.id))).state is JobState.cancelled
        await asyncio.wait_for(server.left.wait(), 20)
        (exam,) = await engine.ask(ListModelExams())
    assert exam.reason == "it was cancelled"
    assert exam.ended_at is not None
    assert [each.step for each in exam.findings] == [ExamStep.reachable]


async def test_without_a_model_there_is_nothing_to_examine(door: str) -> None:
    async with engine_with(door) as engine:
        with pytest.raises(NotFound, match="names no model") as refused:
            await engine.ask(ExamineModel())
    assert "models = " in refused.value.next


async def test_examinations_are_the_owners_for_they_may_cost(door: str) -> None:
    async with engine_with(door, AWAY, by=Role.admin) as engine:
        with pytest.raises(NotAllowed):
            await engine.ask(ExamineModel())


async def test_a_changed_config_toml_changes_the_chain(door: str) -> None:
    file = Paths.find().config_file
    file.parent.mkdir(parents=True, exist_ok=True)
    async with engine_with(door, AWAY) as engine:
        file.write_text('[analyst]\nmodels = ["ollama:small", "rules"]\n')
        await engine.ask(ReloadConfig())
        told = await engine.ask(ListModels())
        file.write_text('[analyst]\nmodels = ["ollama:small", "ruels"]\n')
        assert "expected a list of" in (await engine.ask(ReloadConfig())).problem
        kept = await engine.ask(ListModels())
    assert [each.name for each in told] == ["ollama:small", "rules"]
    assert kept == told
