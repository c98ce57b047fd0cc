"""What a source says can be recorded and replayed to the same quotes and bars."""

import asyncio
from pathlib import Path

import pytest

from tio.api.errors import Conflict, Invalid, NotFound
from tio.api.market import (
    GetBars,
    Quotes,
    Replays,
    StartRecording,
    StartReplay,
    StopRecording,
    Timeframe,
)
from tio.config import Config, Demo
from tio.engine.local import LocalEngine
from tio.paths import Paths

ACME = "SIM:ACME"


async def engine(workspace: str) -> LocalEngine:
    local = LocalEngine(
        Paths.find().workspace(workspace), Config(demo=Demo(symbols=4, rate=2_000.0))
    )
    await local.start()
    return local


async def test_a_recorded_session_replays_to_the_same_bars(tmp_path: Path) -> None:
    demo = await engine("demo")
    session = demo.session()
    path = tmp_path / "session.txt.gz"
    await session.ask(StartRecording(str(path)))
    async with asyncio.timeout(20), session.watch(Quotes((ACME,))) as items:
        for _ in range(8):
            await anext(items)
    report = await session.ask(StopRecording())
    assert report.lines > 1
    assert not report.recording
    seconds = await session.ask(GetBars(ACME, Timeframe.s1))
    await demo.close()

    replay = await engine("replay")
    started = await replay.session().ask(StartReplay(str(path), speed=0))
    async with replay.session().watch(Replays()) as played:
        async for item in played:
            if item.value.done and item.value.job == started.job:
                break
    again = await replay.session().ask(GetBars(ACME, Timeframe.s1))
    await replay.close()
    live = dict(
        zip(seconds.time, zip(seconds.open, seconds.high, seconds.close, strict=True), strict=True)
    )
    replayed = dict(
        zip(again.time, zip(again.open, again.high, again.close, strict=True), strict=True)
    )
    whole = sorted(replayed)[1:-1]  # the first and the last second were recorded in part
    assert all(live[second] == replayed[second] for second in whole)
    assert replayed


async def test_a_recording_never_overwrites(tmp_path: Path) -> None:
    demo = await engine("demo")
    path = tmp_path / "taken.txt"
    path.write_text("mine")
    try:
        with pytest.raises(Conflict):
            await demo.session().ask(StartRecording(str(path)))
        assert path.read_text() == "mine"
        with pytest.raises(Invalid):
            await demo.session().ask(StartRecording("here.txt"))
        with pytest.raises(NotFound):
            await demo.session().ask(StopRecording())
        await demo.session().ask(StartRecording(str(tmp_path / "a.txt")))
        with pytest.raises(Conflict):
            await demo.session().ask(StartRecording(str(tmp_path / "b.txt")))
    finally:
        await demo.close()


async def test_nothing_to_record_is_said(tmp_path: Path) -> None:
    replay = await engine("replay")
    try:
        with pytest.raises(NotFound, match="no source"):
            await replay.session().ask(StartRecording(str(tmp_path / "a.txt")))
    finally:
        await replay.close()
