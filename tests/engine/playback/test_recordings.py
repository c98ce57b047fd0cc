"""What a source says can be recorded and replayed to the same quotes and bars."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from tio.api.access import OWNER
from tio.api.errors import Conflict, Invalid, NotFound, SourceUnavailable
from tio.api.files import Replays, StartRecording, StartReplay, StopRecording
from tio.api.market import AssetClass, Bars, GetBars, Instrument, Quotes, Timeframe
from tio.config import Config, Demo
from tio.engine.bus import Bus
from tio.engine.feeds import kraken
from tio.engine.feeds.frames import detect
from tio.engine.feeds.steps import read_steps
from tio.engine.local import LocalEngine
from tio.engine.market.service import MarketService
from tio.engine.playback.recordings import RecordingDesk
from tio.engine.session import Session
from tio.paths import Paths
from tio.plugin import Outlet, Traits, Wanted

from fakes import FakeClock

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


class Failing:
    """A source whose connection is lost after each trade it tells."""

    traits = Traits(name="kraken", asset_class=AssetClass.crypto)

    def instruments(self) -> Sequence[Instrument]:
        return ()

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        out.frame("wss://ws.kraken.com", '{"event":"systemStatus"}')
        out.frame("wss://ws.kraken.com", TRADE)
        out.emit(kraken.parse(TRADE))
        out.frame("wss://ws.kraken.com", TRADE)
        await asyncio.sleep(0)
        raise SourceUnavailable("the line is dead")

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        return None


TRADE = '[0,[["1.0","2.0","1618678132.0","s","l",""]],"trade","XBT/USD"]'


async def test_a_recording_tells_where_a_connection_was_made_again(tmp_path: Path) -> None:
    clock = FakeClock()
    market = MarketService(clock, Bus(clock), None, (Failing(),))
    desk = RecordingDesk(market)
    session = Session(OWNER, desk.answers(), desk.streams())
    path = tmp_path / "session.txt"
    await session.ask(StartRecording(str(path)))
    await market.start()
    await clock.advance(3.0)  # it runs at 0 s, at 1 s and before 3 s
    await session.ask(StopRecording())
    await market.close()
    steps = list(read_steps(path, detect(path)))
    assert [step.reconnected for step in steps] == [False] * 3 + [True, *[False] * 3] * 2
