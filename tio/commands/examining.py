"""Models examined from a shell: each finding as it comes; ctrl+c ends the job too."""

import asyncio
import sys

from tio.api.contract import Engine
from tio.api.errors import NotFound
from tio.api.model_exams import ExamineModel, Mark, ModelExam, ModelExams
from tio.api.models import RULES, ListModels
from tio.api.system import CancelJob
from tio.commands import model_tables
from tio.commands.asking import opened
from tio.commands.printing import print_json

UNREACHABLE, FAILED = 4, 1


def run(model: str, workspace: str, *, json: bool) -> int:
    """Examine one model or all in turn; the exit code."""
    exams = asyncio.run(_run(model, workspace, quiet=json))
    if json:
        print_json(exams)
    if exams and all(each.unreachable for each in exams):
        return UNREACHABLE
    well = all(
        not each.reason and all(found.mark is not Mark.failed for found in each.findings)
        for each in exams
    )
    return 0 if well else FAILED


async def _run(model: str, workspace: str, *, quiet: bool) -> tuple[ModelExam, ...]:
    async with opened(workspace, serve=False) as engine:
        names = [model] if model else await _names(engine)
        return tuple([await _examined(engine, name, quiet) for name in names])


async def _names(engine: Engine) -> list[str]:
    names = [each.name for each in await engine.ask(ListModels()) if each.name != RULES]
    if not names:
        raise NotFound(
            "[analyst] models in config.toml names no model: the rules answer",
            'write there e.g. models = ["ollama:qwen3", "rules"]',
        )
    return names


async def _examined(engine: Engine, model: str, quiet: bool) -> ModelExam:
    job = await engine.ask(ExamineModel(model))
    told = 0
    try:
        async with engine.watch(ModelExams()) as items:
            async for item in items:
                for exam in item.value:
                    if exam.job != job.id:
                        continue
                    told = told if quiet else _show(exam, told)
                    if exam.ended_at is not None:
                        return exam
    except asyncio.CancelledError:
        await engine.ask(CancelJob(job.id))
        raise
    raise AssertionError("a watch goes on until it is left")


def _show(exam: ModelExam, told: int) -> int:
    """Tell what is new of it; how many findings are told then. On a terminal, what it does too."""
    terminal = sys.stderr.isatty()
    if terminal:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    if not told and exam.findings:
        model_tables.print_begun(exam.model)
    for finding in exam.findings[told:]:
        model_tables.print_finding(finding)
    if exam.ended_at is not None:
        model_tables.say_exam(exam)
    elif terminal and exam.doing:
        print(f"  {exam.doing} …", end="", file=sys.stderr, flush=True)
    return len(exam.findings)
