"""Replays and recordings as a command runs them."""

import asyncio
import sys
from pathlib import Path

from tio.api.contract import Engine
from tio.api.errors import Invalid
from tio.api.files import (
    RecordingReport,
    ReplayReport,
    Replays,
    StartRecording,
    StartReplay,
    StopRecording,
)
from tio.commands import asking, reports
from tio.commands.bar_tables import timeframe_of
from tio.commands.printing import say


def request(
    file: Path, source: str, speed: str, symbol: str, tz: str, timeframe: str
) -> StartReplay:
    """The word these options mean; Invalid says which cannot be read."""
    try:
        factor = 0.0 if speed == "max" else float(speed)
    except ValueError:
        factor = -1.0
    if not (0 < factor <= 1e6 or speed == "max"):
        raise Invalid(f"--speed {speed!r} is no speed", "a number above 0, or max")
    return StartReplay(
        str(file.absolute()),
        source or None,
        factor,
        symbol or None,
        timeframe_of(timeframe) if timeframe else None,
        tz or None,
    )


def replay(request: StartReplay, workspace: str, *, until_end: bool, json: bool) -> None:
    """On a terminal the Desk, with the replay on it; otherwise play to the end and report."""
    if workspace in ("main", "demo"):
        raise Invalid(
            f"a replay never plays into {workspace}",
            "leave --workspace away for `replay`, or name another",
        )
    if sys.stdout.isatty() and not until_end and not json:
        from tio.commands.desk import run_desk

        run_desk(workspace, first=request)
        return
    report = asyncio.run(_until_end(request, workspace))
    reports.print_replay(report, json=json)


async def _until_end(request: StartReplay, workspace: str) -> ReplayReport:
    async with asking.opened(workspace) as engine:
        started = await engine.ask(request)
        async with engine.watch(Replays()) as items:
            async for item in items:
                if item.value.done and item.value.job == started.job:
                    return item.value
    raise Invalid("the engine left before the replay ended", "start it again")


def record(file: Path, seconds: float, workspace: str, *, json: bool) -> None:
    """Record until the time is over or ctrl+c, then report."""
    reports.print_recording(asyncio.run(_record(file, seconds, workspace)), json=json)


async def _record(file: Path, seconds: float, workspace: str) -> RecordingReport:
    async with asking.opened(workspace) as engine:
        await engine.ask(StartRecording(str(file)))
        say(f"recording to {file}" + ("" if seconds else "; ctrl+c ends it"))
        await _wait(seconds)
        return await _stop(engine)


async def _wait(seconds: float) -> None:
    interrupted = asyncio.Event()
    loop = asyncio.get_running_loop()
    import signal

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, interrupted.set)
    try:
        await asyncio.wait_for(interrupted.wait(), seconds or None)
    except TimeoutError:
        return
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


async def _stop(engine: Engine) -> RecordingReport:
    return await engine.ask(StopRecording())
