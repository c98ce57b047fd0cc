"""Recordings: what the sources say from now on, to a file that a replay reads."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tio.api.access import Principal
from tio.api.contract import Request, Topic
from tio.api.errors import Conflict, Invalid, NotFound
from tio.api.files import RecordingReport, StartRecording, StopRecording
from tio.api.sources import SourceState
from tio.api.ticks import Tick
from tio.engine.feeds.recorder import Recorder
from tio.engine.market.service import MarketService
from tio.engine.service import Answer, Stream

SPEAKING = (SourceState.live, SourceState.silent)
"""States of a source over one connection; in any other its next words come over a new one."""


class RecordingDesk:
    """One recording at a time."""

    def __init__(self, market: MarketService) -> None:
        self._feeds = market.feeds
        self._recorder: Recorder | None = None
        self._begun: dict[str, float] = {}
        """When the connection began over which each source was last heard."""

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {StartRecording: self._start, StopRecording: self._stop}

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {}

    async def start(self) -> None:
        """Nothing is recorded until somebody asks."""

    async def close(self) -> None:
        if self._recorder is not None:
            await self._end(self._recorder)

    async def _start(self, request: StartRecording, _: Principal) -> RecordingReport:
        path = Path(request.path)
        if not path.is_absolute():
            raise Invalid(f"{path} is not an absolute path", "the engine has a folder of its own")
        if self._recorder is not None and self._recorder.recording:
            raise Conflict(
                f"already recording to {self._recorder.report().path}",
                "end it first: tio call StopRecording",
            )
        names = [report.name for report in self._feeds.reports()]
        if not names:
            raise NotFound("this workspace has no source to record", "`tio demo` has one")
        recorder = await asyncio.to_thread(Recorder, path, names)
        self._recorder = recorder
        self._tap(recorder)
        return recorder.report()

    async def _stop(self, _: StopRecording, __: Principal) -> RecordingReport:
        if self._recorder is None:
            raise NotFound("nothing is being recorded", "`tio record FILE` begins")
        report = await self._end(self._recorder)
        reason, self._recorder = self._recorder.reason, None
        if reason:
            raise Conflict(reason, f"what was written stays: {report.lines:,} lines")
        return report

    def _tap(self, recorder: Recorder) -> None:
        """Let it hear everything, and before what comes over a new connection that it is new."""

        def frame(source: str, url: str, text: str, at: int) -> None:
            if self._is_anew(source):
                recorder.reconnected(source)
            recorder.frame(source, url, text, at)

        def ticks(source: str, said: Sequence[Tick], at: int) -> None:
            if self._is_anew(source):
                recorder.reconnected(source)
            recorder.ticks(source, said, at)

        self._begun.clear()
        self._feeds.tap, self._feeds.tick_tap = frame, ticks

    def _is_anew(self, source: str) -> bool:
        """Whether these are its first words since it connected."""
        feed = self._feeds.get(source)
        if feed is None or feed.state in SPEAKING or self._begun.get(source) == feed.since:
            return False
        self._begun[source] = feed.since
        return True

    async def _end(self, recorder: Recorder) -> RecordingReport:
        self._feeds.tap = self._feeds.tick_tap = None
        return await asyncio.to_thread(recorder.stop)
