"""Examinations of models, as jobs; the newest of each model is kept while the engine lives."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from tio.api.access import Principal
from tio.api.contract import After, Request, Topic, Watch
from tio.api.errors import NotFound, TioError
from tio.api.model_exams import (
    ExamineModel,
    ExamStep,
    Finding,
    ListModelExams,
    Mark,
    ModelExam,
    ModelExams,
)
from tio.api.system import Job
from tio.engine.analyst.models.desk import ModelDesk
from tio.engine.bus import Bus, LatestChannel
from tio.engine.jobs import JobDesk, Progress
from tio.engine.service import Answer, Stream
from tio.plugin import Clock

if TYPE_CHECKING:
    from tio.engine.analyst.conversation.chain import Speaker
    from tio.engine.analyst.exam.replies import Subject


class ExamDesk:
    """Examines one model at a time; who asks for the same one meanwhile gets its job."""

    def __init__(self, models: ModelDesk, jobs: JobDesk, bus: Bus, wall: Clock) -> None:
        self._models = models
        self._jobs = jobs
        self._wall = wall
        self._exams: dict[str, ModelExam] = {}
        self._beginning, self._one = asyncio.Lock(), asyncio.Lock()
        self._channel: LatestChannel[str, ModelExam] = bus.latest(self._exams.get)

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {ExamineModel: self._examine, ListModelExams: self._list}

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {ModelExams: self._watch}

    async def start(self) -> None:
        """Nobody has been examined yet."""

    async def close(self) -> None:
        """Its jobs end with the desk of jobs."""

    async def _examine(self, asked: ExamineModel, by: Principal) -> Job:
        speakers = self._models.chain.speakers
        if not speakers:
            raise NotFound(
                "[analyst] models in config.toml names no model: the rules answer",
                'write there e.g. models = ["ollama:qwen3", "rules"]',
            )
        name = self._models.named(asked.model) if asked.model else speakers[0].name
        async with self._beginning:
            running = self._exams.get(name)
            if running is None or running.ended_at is not None:
                speaker = next(each for each in speakers if each.name == name)
                await self._begin(speaker, by)
        return self._jobs.job(self._exams[name].job)

    async def _begin(self, speaker: "Speaker", by: Principal) -> None:
        name = speaker.name
        before = self._exams.pop(name, None)
        begun = ModelExam(model=name, job="", began_at=self._wall.now(), doing="waits")
        self._put(begun)
        try:
            number, task = await self._jobs.begin(
                f"examine {name}", lambda progress: self._examined(speaker, progress), owner=by.name
            )
        except BaseException:
            del self._exams[name]
            if before is not None:
                self._put(before)
            raise
        self._put(replace(self._exams[name], job=number))
        task.add_done_callback(lambda ended: self._ended(name, ended))

    async def _list(self, _: ListModelExams, __: Principal) -> tuple[ModelExam, ...]:
        return tuple(self._exams.values())

    def _watch(
        self, _: ModelExams, __: Principal, ___: After | None
    ) -> Watch[tuple[ModelExam, ...]]:
        def gather(exams: Sequence[ModelExam]) -> tuple[ModelExam, ...]:
            return tuple(exams)

        return self._channel.watch(None, lambda: tuple(self._exams.values()), gather)

    def _put(self, exam: ModelExam) -> None:
        self._exams[exam.model] = exam
        self._channel.touch(exam.model)

    async def _examined(self, speaker: "Speaker", progress: Progress) -> None:
        from tio.engine.analyst.exam.replies import Subject
        from tio.engine.analyst.exam.steps import STEPS

        async with self._one:
            name, stamp = speaker.name, self._wall.now().isoformat()
            limits = self._models.limits
            subject = Subject(speaker, self._wall, limits.seconds, limits.most, stamp)
            for place, (doing, step) in enumerate(STEPS):
                progress(place / len(STEPS), doing)
                self._put(replace(self._exams[name], doing=doing))
                findings = await step(subject)
                self._put(_with(self._exams[name], subject, findings))
                if subject.unreachable or any(map(_ends, findings)):
                    break
            self._models.examined(speaker, self._exams[name].findings)

    def _ended(self, name: str, task: "asyncio.Task[None]") -> None:
        reason = ""
        if task.cancelled():
            reason = "it was cancelled"
        elif error := task.exception():
            reason = error.message if isinstance(error, TioError) else repr(error)
        exam = replace(self._exams[name], ended_at=self._wall.now(), doing="", reason=reason)
        self._put(exam)


def _with(exam: ModelExam, subject: "Subject", findings: tuple[Finding, ...]) -> ModelExam:
    return replace(
        exam,
        findings=(*exam.findings, *findings),
        first_seconds=subject.first_seconds,
        tokens_per_second=subject.tokens_per_second,
        unreachable=subject.unreachable,
        read=subject.read,
        written=subject.written,
    )


def _ends(finding: Finding) -> bool:
    """Whether nothing further can be tried: where it does not even answer."""
    return finding.step is ExamStep.answers and finding.mark is Mark.failed
