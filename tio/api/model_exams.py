"""Examinations of models: what a person's own server does with what tio asks of it."""

from datetime import datetime
from enum import StrEnum

import msgspec

from tio.api.contract import Effect, Request, Role, Topic, word
from tio.api.models import ModelText
from tio.api.system import Job


class ExamStep(StrEnum):
    """What is tried, in its order.

    `calls`: tool calls by the protocol; `prompted`: told in words; `bounds`: whether an answer of a
    given shape holds its limits; `window`: whether a long text is read whole; `invents`: whether it
    tells a price that nothing gave it.
    """

    reachable = "reachable"
    answers = "answers"
    streams = "streams"
    speed = "speed"
    calls = "calls"
    prompted = "prompted"
    shape = "shape"
    bounds = "bounds"
    window = "window"
    invents = "invents"


class Mark(StrEnum):
    """How a step ended; `unknown`: it could not be told."""

    passed = "passed"
    failed = "failed"
    unknown = "unknown"


class Finding(msgspec.Struct, frozen=True):
    """What one step found, in a sentence, and what to do about it; "" where nothing."""

    step: ExamStep
    mark: Mark
    said: str
    advice: str = ""


class ModelExam(msgspec.Struct, frozen=True, kw_only=True):
    """One examination as far as it is; `ended_at` is None while it runs.

    `unreachable`: its server could not be asked, which ended it. `first_seconds`: until the
    first token, None while nobody knows. `read` and `written`: tokens it took.
    """

    model: str
    job: str
    began_at: datetime
    findings: tuple[Finding, ...] = ()
    doing: str = ""
    ended_at: datetime | None = None
    unreachable: bool = False
    reason: str = ""
    first_seconds: float | None = None
    tokens_per_second: float | None = None
    read: int = 0
    written: int = 0


@word(role=Role.owner, effect=Effect.write)
class ExamineModel(Request[Job], frozen=True):
    """Try what tio needs of a model, ten short questions, as a job; none named: the first one."""

    model: ModelText | None = None


@word()
class ListModelExams(Request[tuple[ModelExam, ...]], frozen=True):
    """The newest examination of each model since the engine began."""


@word()
class ModelExams(Topic[tuple[ModelExam, ...]], frozen=True):
    """Examinations as they go on."""
