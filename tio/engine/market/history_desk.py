"""The words about the stored past: what is there, what is missing, fill, prune, export."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from tio.api.access import OWNER, Principal
from tio.api.codec import decode
from tio.api.contract import Request, Topic
from tio.api.errors import Conflict, Invalid, TioError
from tio.api.market import Timeframe
from tio.api.past import (
    ExportBars,
    ExportedBars,
    FillBars,
    FindGaps,
    Gap,
    GapReport,
    ImportLake,
    ListStoredBars,
    PruneBars,
    Pruned,
    PruneReport,
    StoredBars,
)
from tio.api.series import instant, moment
from tio.api.system import Job
from tio.config import History as Retention
from tio.engine.jobs import JobDesk, Progress, Work
from tio.engine.market.backfill import Backfill
from tio.engine.market.filling import fill
from tio.engine.market.gaps import holes
from tio.engine.market.sessions import DAY, SessionRules
from tio.engine.market.symbols import normal
from tio.engine.service import Answer, Stream
from tio.engine.store import lake
from tio.engine.store.asked import AskedRanges, asked_as, left
from tio.engine.store.bars import BarStore, StoredSeries
from tio.engine.store.columns import Columns
from tio.engine.store.database import Database
from tio.engine.store.jobs import KeptJob
from tio.engine.store.series_sizes import forget_before, sizes, standing_before
from tio.plugin import Clock

log = logging.getLogger(__name__)

KIND = "fill"
RETENTION_AFTER = 600.0
"""Seconds after its start at which an engine first prunes."""
_ALL = 1 << 30
"""More bars than any series has."""
_TRIES = 3
"""How often old bars that changed meanwhile are archived again before they are left."""
_LEAST = 3
"""Bars in a row that must be missing within a day: without a trade there is no bar."""


class HistoryDesk:
    """Answers for the stored past. Where nothing is stored it has nothing to tell."""

    def __init__(
        self,
        clock: Clock,
        jobs: JobDesk,
        database: Database,
        store: BarStore | None,
        backfill: Backfill | None,
        asked: AskedRanges,
        symbol: Callable[[str], str],
        rules: Callable[[str], SessionRules],
        learn: Callable[[], Any],
        retention: Callable[[], Retention] = Retention,
    ) -> None:
        self._clock = clock
        self._jobs = jobs
        self._database = database
        self._kept = store
        self._backfill = backfill
        self._asked = asked
        self._symbol = symbol
        self._rules = rules
        self._learn = learn
        self._retention = retention
        self._pruning: asyncio.Task[None] | None = None
        jobs.resumes(KIND, self._resume)

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {
            ListStoredBars: self._list,
            FindGaps: self._gaps,
            FillBars: self._fill,
            PruneBars: self._prune,
            ExportBars: self._export,
            ImportLake: self._import,
        }

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {}

    async def start(self) -> None:
        """Prune once a day what config.toml says need not stay; jobs are taken up by their desk."""
        if self._kept is not None:
            self._pruning = asyncio.create_task(self._prune_daily(), name="retention")

    async def close(self) -> None:
        if self._pruning is not None:
            self._pruning.cancel()
            await asyncio.gather(self._pruning, return_exceptions=True)

    async def _prune_daily(self) -> None:
        while True:
            # Not with the start itself: that has more urgent work.
            await self._clock.sleep(RETENTION_AFTER)
            settings = self._retention()
            for span, days in settings.keep.items():
                if days:
                    await self._prune_kept(Timeframe(span), days, settings.archive)
            await self._clock.sleep(DAY / 1_000_000 - RETENTION_AFTER)

    async def _prune_kept(self, timeframe: Timeframe, days: int, archive: str) -> None:
        asked = PruneBars(timeframe, days, archive=archive, dry_run=False)
        try:
            report = await self._prune(asked, OWNER)
        except TioError as error:
            log.error("old bars of %s stay: %s", timeframe, error.message)
            return
        if report.bars:
            log.info("%d bars of %s older than %d days were pruned", report.bars, timeframe, days)

    @property
    def _store(self) -> BarStore:
        if self._kept is None:
            raise Conflict(
                "the demo keeps no bars: its past is made from its seed",
                "use another workspace, as --workspace main",
            )
        return self._kept

    async def _list(self, asked: ListStoredBars, by: Principal) -> tuple[StoredBars, ...]:
        wanted = {self._symbol(text) for text in asked.symbols}
        counted = await sizes(self._database)
        return tuple(
            StoredBars(
                symbol=series.key.symbol,
                timeframe=series.key.timeframe,
                source=series.key.source,
                bars=counted.get(series.key, (0, 0))[0],
                first=moment(series.first),
                last=moment(series.last),
                adjusted=series.terms.adjusted,
                coverage=series.terms.coverage,
                bytes=counted.get(series.key, (0, 0))[1],
            )
            for series in await self._store.series()
            if not wanted or series.key.symbol in wanted
        )

    async def _gaps(self, asked: FindGaps, by: Principal) -> tuple[GapReport, ...]:
        symbol = self._symbol(asked.symbol)
        wanted = [
            series
            for series in await self._store.series(symbol)
            if asked.timeframe in (None, series.key.timeframe)
        ]
        return tuple([await self._gaps_of(series, asked) for series in wanted])

    async def _gaps_of(self, series: StoredSeries, asked: FindGaps) -> GapReport:
        key = series.key
        start = series.first if asked.start is None else instant(_aware(asked.start, "start"))
        end = series.last + 1 if asked.end is None else instant(_aware(asked.end, "end"))
        bars = await self._store.read(
            key.symbol, key.timeframe, moment(start), moment(end), _ALL, key.source
        )
        ranges = await self._asked.of(asked_as(key))
        least = _LEAST if key.timeframe.intraday else 1
        rules = self._rules(key.symbol)
        found = await asyncio.to_thread(holes, bars.time, key.timeframe, rules, start, end, least)
        gaps = [
            Gap(
                start=moment(hole.start),
                end=moment(hole.end),
                bars=hole.bars,
                asked=not left(hole.start, hole.end, ranges),
            )
            for hole in found
        ]
        return GapReport(
            symbol=key.symbol,
            timeframe=key.timeframe,
            source=key.source,
            gaps=tuple(gaps[: asked.limit]),
            missing=sum(gap.bars for gap in gaps),
            more=max(0, len(gaps) - asked.limit),
        )

    async def _fill(self, asked: FillBars, by: Principal) -> Job:
        _ = self._store
        work = self._work(asked)
        title = f"Fill {asked.timeframe} of {_few([self._symbol(s) for s in asked.symbols])}"
        return await self._jobs.begin_once(title, work, kind=KIND, request=asked, owner=by.name)

    def _resume(self, kept: KeptJob) -> Work[Any]:
        return self._work(decode(kept.request, FillBars))

    def _work(self, asked: FillBars) -> Work[Any]:
        if self._backfill is None:
            raise Conflict(
                "this workspace has no live sources to fill from", "use --workspace main"
            )
        symbols = [self._symbol(text) for text in asked.symbols]
        now = instant(self._clock.now())
        end = now if asked.end is None else min(now, instant(_aware(asked.end, "end")))
        start = None if asked.start is None else instant(_aware(asked.start, "start"))
        backfill = self._backfill

        async def work(progress: Progress) -> int:
            return await fill(
                backfill, symbols, asked.timeframe, self._rules, start, end, asked.source, progress
            )

        return work

    async def _prune(self, asked: PruneBars, by: Principal) -> PruneReport:
        wanted = {self._symbol(text) for text in asked.symbols}
        before = instant(self._clock.now()) - asked.days * DAY
        before -= before % DAY
        archive = _folder(asked.archive, "archive") if asked.archive else None
        pruned = []
        trouble: TioError | None = None
        for series in await self._store.series():
            key = series.key
            if key.timeframe is not asked.timeframe or (wanted and key.symbol not in wanted):
                continue
            try:
                gone = await self._pruned(series, before, archive, dry_run=asked.dry_run)
            except TioError as error:
                log.error("old bars of %s stay: %s", key.symbol, error.message)
                trouble = error
                continue
            if not gone:
                continue
            pruned.append(
                Pruned(
                    symbol=key.symbol,
                    timeframe=key.timeframe,
                    source=key.source,
                    bars=gone,
                    before=moment(before),
                )
            )
        if trouble is not None and not pruned:
            raise trouble
        return PruneReport(
            pruned=tuple(pruned),
            bars=sum(each.bars for each in pruned),
            archived=str(archive or ""),
            dry_run=asked.dry_run,
        )

    async def _pruned(
        self, series: StoredSeries, before: int, archive: Path | None, *, dry_run: bool
    ) -> int:
        """Take a series' old bars out, each only once it is archived; how many there were."""
        key = series.key
        for _ in range(_TRIES):
            standing = await standing_before(self._database, key, before)
            old = await self._store.read(
                key.symbol, key.timeframe, None, moment(before - 1), _ALL, key.source
            )
            if dry_run or not len(old):
                return len(old)
            await self._archive(archive, series, old)
            unchanged = standing if archive is not None else None
            if await forget_before(self._database, key, before, unchanged):
                await self._asked.forget_before(asked_as(key), before)
                return len(old)
        raise Conflict(
            f"old bars of {key.symbol} came while they were archived", "prune again when all are in"
        )

    async def _archive(self, folder: Path | None, series: StoredSeries, bars: Columns) -> None:
        if folder is not None:
            await asyncio.to_thread(lake.write, folder, series.key, series.terms, bars, adding=True)

    async def _export(self, asked: ExportBars, by: Principal) -> ExportedBars:
        folder = _folder(asked.path, "path")
        wanted = {self._symbol(text) for text in asked.symbols}
        files = count = 0
        for series in await self._store.series():
            key = series.key
            if (wanted and key.symbol not in wanted) or asked.timeframe not in (
                None,
                key.timeframe,
            ):
                continue
            bars = await self._store.read(key.symbol, key.timeframe, None, None, _ALL, key.source)
            files += await asyncio.to_thread(lake.write, folder, key, series.terms, bars)
            count += len(bars)
        return ExportedBars(path=str(folder), files=files, bars=count)

    async def _import(self, asked: ImportLake, by: Principal) -> ExportedBars:
        folder = _folder(asked.path, "path")
        store = self._store
        files = count = 0
        # As it is typed too: a folder may come from elsewhere.
        wanted = {*asked.symbols, *(normal(text) for text in asked.symbols)}
        series = lake.read(folder, frozenset(wanted))
        take: Callable[[], tuple[Any, Any, Columns] | None] = partial(next, series, None)
        while (told := await asyncio.to_thread(take)) is not None:
            key, terms, bars = told
            await store.append(key.symbol, key.source, key.timeframe, bars, terms)
            files, count = files + 1, count + len(bars)
        await self._learn()
        return ExportedBars(path=str(folder), files=files, bars=count)


def _aware(at: datetime, name: str) -> datetime:
    if at.tzinfo is None:
        raise Invalid(f"{name} must carry a zone, was {at.isoformat()}", "add a Z")
    return at.astimezone(UTC)


def _folder(path: str, name: str) -> Path:
    folder = Path(path)
    if not folder.is_absolute():
        raise Invalid(f"the {name} must be absolute, was {path[:200]!r}")
    return folder


def _few(symbols: list[str]) -> str:
    return ", ".join(symbols[:3]) + (f" and {len(symbols) - 3} more" if len(symbols) > 3 else "")
