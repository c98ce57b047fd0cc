"""Replays: recorded frames, or bars, through the whole live path into a workspace of their own."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from tio.api.access import Principal
from tio.api.contract import After, Request, Topic, Watch
from tio.api.errors import Invalid, NotFound, TioError
from tio.api.files import GetReplay, ReplayReport, Replays, StartReplay
from tio.api.market import Instrument
from tio.api.series import instant
from tio.api.sources import SourceState
from tio.api.ticks import Tick
from tio.engine.bus import Bus, LatestChannel
from tio.engine.clock import WorkspaceClock
from tio.engine.feeds.bar_replay import BarReplayer
from tio.engine.feeds.frames import Frame, read_frames
from tio.engine.feeds.replay import Replayer
from tio.engine.jobs import JobDesk, Progress
from tio.engine.market.answers import told as bars_of
from tio.engine.market.service import MarketService
from tio.engine.playback.stills import Stills
from tio.engine.service import Answer, Stream
from tio.engine.store.importing import read_bars
from tio.plugin import Clock, Traits

log = logging.getLogger(__name__)

NEVER = ("main", "demo")
"""Workspaces a replay would empty at a person's cost."""
LOOKED_AT = 50
"""First lines of a file that tell a recording from a bar file."""


class ReplayDesk:
    """One replay at a time; board and clock stay as the last frame left them."""

    def __init__(
        self,
        workspace: str,
        clock: WorkspaceClock,
        wall: Clock,
        bus: Bus,
        market: MarketService,
        jobs: JobDesk,
        stills: Stills,
    ) -> None:
        self._workspace = workspace
        self._clock = clock
        self._wall = wall
        self._market = market
        self._jobs = jobs
        self._stills = stills
        self._report: ReplayReport | None = None
        self._channel: LatestChannel[str, ReplayReport] = bus.latest(lambda _: self._report)
        self._task: asyncio.Task[ReplayReport] | None = None
        self._beginning = asyncio.Lock()

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {StartReplay: self._start, GetReplay: self._get}

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {Replays: self._watch}

    async def start(self) -> None:
        """Show the workspace as its last replay left it."""
        await self._stills.show()

    async def close(self) -> None:
        await self._stop()

    async def _start(self, request: StartReplay, principal: Principal) -> ReplayReport:
        if self._workspace in NEVER:
            raise Invalid(
                f"a replay never plays into the workspace {self._workspace}",
                "name another with --workspace; `replay` is the usual one",
            )
        player = await self._opened(request)
        async with self._beginning:
            return await self._begin(request, principal, player)

    async def _begin(
        self, request: StartReplay, principal: Principal, player: Replayer | BarReplayer
    ) -> ReplayReport:
        await self._stop()
        await self._market.empty()
        self._clock.played = player.clock
        self._market.market.introduce(player.instruments())
        self._report = player.report
        name = Path(request.path).name
        job, self._task = await self._jobs.begin(
            f"replay {name}",
            lambda say: self._play(player, say),
            kind="replay",
            request=request,
            owner=principal.name,
        )
        self._task.add_done_callback(_noticed)
        return self._tell(replace(player.report, job=job))

    async def _opened(self, request: StartReplay) -> Replayer | BarReplayer:
        path = Path(request.path)
        recorded = request.source is not None or await asyncio.to_thread(_is_recording, path)
        if recorded:
            return await Replayer.opened(
                path,
                request.source,
                request.speed,
                real=self._wall,
                told=self._told,
                lost=self._market.market.drop_books,
            )
        reading = await asyncio.to_thread(
            read_bars, path, request.symbol, request.timeframe, request.zone
        )
        bars = bars_of(
            reading.symbol,
            reading.timeframe,
            reading.columns,
            forming=False,
            source=reading.format,
            terms=reading.terms,
        )
        return BarReplayer(bars, path, request.speed, real=self._wall, told=self._told)

    async def _play(self, player: Replayer | BarReplayer, say: Progress) -> ReplayReport:
        said = ""
        try:
            await player.run(_Everything(), _Stage(self._market, player))
        except TioError as error:
            said = error.message
            raise
        finally:
            await self._market.keeper.settle()
            await self._stills.keep()
            say(1.0)
            faults = (*player.report.faults, said) if said else player.report.faults
            ended = self._tell(replace(player.report, done=True, faults=faults))
        log.info("replayed %s: %d frames, %d ticks", ended.path, ended.frames, ended.ticks)
        return ended

    async def _stop(self) -> None:
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _told(self, report: ReplayReport) -> None:
        # The end is told by `_play`, once every bar can be read from the store.
        self._tell(replace(report, done=False))

    def _tell(self, report: ReplayReport) -> ReplayReport:
        job = report.job or (self._report.job if self._report else "")
        self._report = replace(report, job=job)
        self._channel.touch("")
        return self._report

    async def _get(self, _: GetReplay, __: Principal) -> ReplayReport:
        if self._report is None:
            raise NotFound("nothing was replayed here", "`tio replay FILE` plays a recording")
        return self._report

    def _watch(self, _: Replays, __: Principal, ___: After | None) -> Watch[ReplayReport]:
        def snapshot() -> ReplayReport:
            return self._report or ReplayReport(path="", source="")

        def newest(reports: Sequence[ReplayReport]) -> ReplayReport:
            return reports[-1]

        return self._channel.watch(None, snapshot, newest)


class _Everything:
    """A replay plays all of its recording, whatever is watched."""

    symbols: frozenset[str] = frozenset()

    async def changed(self) -> None:
        await asyncio.Event().wait()


class _Stage:
    """The outlet of a replay."""

    def __init__(self, market: MarketService, player: Replayer | BarReplayer) -> None:
        self._market = market.market
        self._player = player

    def emit(
        self,
        ticks: Sequence[Tick],
        received_at: int | None = None,
        traits: Traits | None = None,
    ) -> None:
        at = instant(self._player.clock.now()) if received_at is None else received_at
        self._market.take(ticks, traits or self._player.traits, at)

    def frame(self, url: str, text: str) -> None:
        """A replay is not recorded again."""

    def introduce(self, instruments: Sequence[Instrument]) -> None:
        self._market.introduce(instruments)

    def standing(self, state: SourceState, reason: str = "") -> None:
        """A replay's standing is its report's."""

    def refused(self, symbol: str, reason: str) -> None:
        """A recording holds what it holds; nobody else is asked."""


def _is_recording(path: Path) -> bool:
    return any(isinstance(line, Frame) for line in islice(read_frames(path), LOOKED_AT))


def _noticed(task: "asyncio.Task[ReplayReport]") -> None:
    """The job keeps how it ended; reading the exception here keeps asyncio from repeating it."""
    if not task.cancelled():
        task.exception()
