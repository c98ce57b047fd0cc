"""`tio analyst`: models told, keys set, examinations followed, their exit codes."""

import io
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace
from shell_scene import Tio, shell

from tio.api.errors import NotFound
from tio.api.model_exams import (
    ExamineModel,
    ExamStep,
    Finding,
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
    ModelState,
    SetModelKey,
)
from tio.api.system import Job, JobState

from fakes import FakeEngine

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
NAME = "openai:https://host/v1#big"
RULES = ModelState(name="rules", kind=ModelKind.rules, model="rules", state=ModelStanding.ready)
BIG = ModelState(
    name=NAME,
    kind=ModelKind.openai,
    model="big",
    url="https://host/v1",
    state=ModelStanding.refused,
    reason="refused the key (401)",
    next_try_at=AT,
    tools=True,
    structured=False,
    context=16_384,
    key=ModelKey.missing,
    variable="TIO_MODEL_HOST_KEY",
    read_today=1_200,
    written_today=34,
    cost_today=Decimal("0.0182"),
)
WELL = Finding(ExamStep.reachable, Mark.passed, "The server is there.")
BAD = Finding(ExamStep.calls, Mark.failed, "It called no tool.", "Take another.")
JOB = Job(id="job-1", title="examine", state=JobState.running, started_at=AT)


def exam(*findings: Finding, **more: object) -> ModelExam:
    made = ModelExam(model=NAME, job="job-1", began_at=AT, findings=findings, ended_at=AT)
    return replace(made, **more)


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine({ListModels: (BIG, RULES), ExamineModel: JOB}, {ModelExams: (exam(WELL),)})


@pytest.fixture
def tio(
    engine: FakeEngine, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Tio:
    return shell(engine, capfd, monkeypatch)


def test_models_are_told_in_their_order_with_what_ails_them(engine: FakeEngine, tio: Tio) -> None:
    said = tio("analyst", "models", "--check")
    first, second, remark = said.out.splitlines()[1:]
    for told in (NAME, "refused", "yes", "no", "16,384", "missing", "1,234 tokens, 0.02 USD"):
        assert told in first
    assert remark == f"{NAME}: refused the key (401); rests until 15:00:00 UTC"
    engine.answers[ListModels] = (replace(BIG, reason=f"{NAME} is busy", next_try_at=None), RULES)
    assert tio("analyst").out.splitlines()[-1] == f"{NAME} is busy"
    engine.answers[ListModels] = (BIG, RULES)
    assert second.split() == ["rules", "ready"]
    assert engine.asked[0] == ListModels(check=True)
    assert tio("analyst").out == said.out


def test_models_are_json_too(tio: Tio) -> None:
    told = json.loads(tio("analyst", "models", "--json").out)
    assert [each["name"] for each in told] == [NAME, "rules"]


def test_where_a_key_is_missing_it_is_said_how_to_give_one(engine: FakeEngine, tio: Tio) -> None:
    engine.answers[ListModels] = (replace(BIG, reason="", next_try_at=None), RULES)
    assert "`tio analyst key set`, or TIO_MODEL_HOST_KEY" in tio("analyst").out


def test_without_models_it_is_said_how_to_name_one(engine: FakeEngine, tio: Tio) -> None:
    engine.answers[ListModels] = (RULES,)
    assert 'models = ["ollama:MODEL", "rules"]' in tio("analyst").err


def test_a_key_comes_from_a_pipe_and_is_not_repeated(
    engine: FakeEngine, tio: Tio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("canary-7391\n"))
    engine.answers[SetModelKey] = replace(BIG, key=ModelKey.file)
    said = tio("analyst", "key", "set", "host")
    assert engine.asked == [ListModels(), SetModelKey("host", "canary-7391")]
    assert "https://host/v1 is in a file only you can read" in said.err
    assert "canary" not in said.out + said.err


def test_no_key_changes_nothing(
    engine: FakeEngine, tio: Tio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert tio("analyst", "key", "set", "host").code == 2
    assert engine.asked == [ListModels()]


def test_no_key_is_asked_for_where_no_model_is_named(engine: FakeEngine, tio: Tio) -> None:
    said = tio("analyst", "key", "set", "nobody")
    assert said.code == 3
    assert "config.toml names no model 'nobody'" in said.err


def test_a_key_is_forgotten(engine: FakeEngine, tio: Tio) -> None:
    engine.answers[DeleteModelKey] = BIG
    assert "https://host/v1 is missing" in tio("analyst", "key", "delete", "host").err
    assert engine.asked == [DeleteModelKey("host")]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (exam(WELL), 0),
        (exam(WELL, Finding(ExamStep.window, Mark.unknown, "Nobody counts.")), 0),
        (exam(WELL, BAD), 1),
        (exam(WELL, reason="it was cancelled"), 1),
        (exam(Finding(ExamStep.reachable, Mark.failed, "Nobody."), unreachable=True), 4),
    ],
)
def test_an_examination_ends_with_what_it_came_to(
    engine: FakeEngine, tio: Tio, told: ModelExam, code: int
) -> None:
    engine.topics[ModelExams] = (told,)
    assert tio("analyst", "doctor", NAME).code == code


def test_findings_are_told_with_what_to_do(engine: FakeEngine, tio: Tio) -> None:
    engine.topics[ModelExams] = (exam(WELL, BAD, read=1_200, written=30),)
    said = tio("analyst", "doctor", NAME)
    assert said.out.splitlines() == [
        NAME,
        "  passed   reachable  The server is there.",
        "  failed   calls      It called no tool.",
        f"{'':22}→ Take another.",
    ]
    assert "1 of 2 passed, 1,200 tokens read, 30 written" in said.err


def test_every_model_is_examined_where_none_is_named(engine: FakeEngine, tio: Tio) -> None:
    engine.topics[ModelExams] = (exam(WELL, job="job-0", model="other"), exam(WELL))
    (told,) = json.loads(tio("analyst", "doctor", "--json").out)
    assert (told["model"], told["job"]) == (NAME, "job-1")
    assert engine.asked == [ListModels(), ExamineModel(NAME)]


def test_nothing_to_examine_is_nothing_found(engine: FakeEngine, tio: Tio) -> None:
    engine.answers[ListModels] = (RULES,)
    assert tio("analyst", "doctor").code == NotFound.exit_code
