"""A fill followed from a shell: its progress on standard error, on one line of a terminal."""

import asyncio
import sys
from contextlib import suppress

from tio.api.past import FillBars
from tio.api.system import Job, Jobs, JobState
from tio.commands.asking import opened
from tio.commands.printing import say


def run(asked: FillBars, workspace: str, *, wait: bool) -> Job:
    """Begin a fill and, where asked, follow it to its end; the job as it was last told."""
    return asyncio.run(_run(asked, workspace, wait))


async def _run(asked: FillBars, workspace: str, wait: bool) -> Job:
    async with opened(workspace) as engine:
        job = await engine.ask(asked)
        if not wait:
            return job
        with suppress(asyncio.CancelledError):
            async with engine.watch(Jobs()) as items:
                async for item in items:
                    for told in item.value:
                        if told.id == job.id:
                            job = told
                            _show(job)
                    if job.state is not JobState.running:
                        break
        return job


def _show(job: Job) -> None:
    share = "" if job.progress is None else f"{job.progress:4.0%} "
    text = f"{share}{job.doing}"
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text[:100]}", end="", file=sys.stderr, flush=True)
        if job.state is not JobState.running:
            print(file=sys.stderr)
    elif job.state is JobState.running and text.strip():
        say(text)
