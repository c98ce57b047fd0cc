"""The words about faults of stored bars: find, repair with a preview, undo, list."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec.structs import replace

from tio.api.access import Principal
from tio.api.companies import CorporateEvent
from tio.api.contract import Request
from tio.api.errors import Conflict, Invalid, NotFound
from tio.api.market import Adjustment, Bars, Timeframe
from tio.api.quality import (
    FaultKind,
    FaultReport,
    FindFaults,
    ListRepairs,
    RepairBars,
    RepairReport,
    UndoRepair,
)
from tio.api.series import Times, instant
from tio.engine.market.gaps import Hole, holes
from tio.engine.market.sessions import SessionRules, bar_end
from tio.engine.market.symbols import SIGNED, classify
from tio.engine.quality import telling
from tio.engine.quality.finding import faults_of
from tio.engine.quality.mending import mended
from tio.engine.quality.past import Amend, Column, Found, Past, Repair, Scale, past_of
from tio.engine.service import Answer, write_key
from tio.engine.store import repairs
from tio.engine.store.bar_tables import SeriesKey
from tio.engine.store.bars import BarStore, StoredSeries
from tio.engine.store.columns import Columns
from tio.engine.store.companies import CompanyStore
from tio.engine.store.database import Database
from tio.plugin import Clock

_ALL = 1 << 30
_LEAST = 3
"""Intraday bars in a row that must be missing: without a trade there is no bar."""

Changed = Callable[[SeriesKey, Iterable[repairs.ChangedBar]], None]


def _nobody(key: SeriesKey, bars: Iterable[repairs.ChangedBar]) -> None:
    """Nobody holds bars of it in memory."""


class QualityDesk:
    """Answers for faults and repairs. Where nothing is stored it has nothing to tell."""

    def __init__(
        self,
        clock: Clock,
        database: Database,
        store: BarStore | None,
        symbol: Callable[[str], str],
        rules: Callable[[str], SessionRules],
        settle: Callable[[], Awaitable[None]],
        changed: Changed = _nobody,
    ) -> None:
        self._clock = clock
        self._database = database
        self._kept = store
        self._events = CompanyStore(database)
        self._symbol = symbol
        self._rules = rules
        self._settle = settle
        self._changed = changed
        self._standing: dict[SeriesKey, dict[int, repairs.Figures]] = {}
        """What repairs made of the bars of a series, by opening, where that was asked."""

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {
            FindFaults: self._find,
            RepairBars: self._repair,
            UndoRepair: self._undo,
            ListRepairs: self._list,
        }

    async def marked(self, bars: Bars) -> Bars:
        """These bars, those of them told that were repaired (at this timeframe)."""
        key = SeriesKey(bars.symbol, bars.timeframe, bars.source)
        standing = self._standing.get(key)
        if standing is None:
            standing = await self._database.read(lambda c: repairs.standing(c, key))
            self._standing[key] = standing
        if not standing:
            return bars
        columns = (bars.open, bars.high, bars.low, bars.close, bars.volume)
        rows = zip(bars.time, zip(*columns, strict=True), strict=True)
        # A bar its source has told anew since is no longer as it was repaired.
        return replace(
            bars,
            repaired=Times(
                at for at, row in rows if at in standing and standing[at] == repairs.figures(*row)
            ),
        )

    @property
    def _store(self) -> BarStore:
        if self._kept is None:
            raise Conflict(
                "the demo keeps no bars: its past is made from its seed",
                "use another workspace, as --workspace main",
            )
        return self._kept

    async def _find(self, asked: FindFaults, by: Principal) -> tuple[FaultReport, ...]:
        symbol = self._symbol(asked.symbol)
        await self._settle_if_kept()
        told = []
        for series in await self._store.series(symbol):
            key = series.key
            if asked.timeframe in (None, key.timeframe) and asked.source in (None, key.source):
                past, found = await self._found(series)
                gaps = await asyncio.to_thread(self._gaps, past, key)
                told.append(telling.report(key, past, found, gaps, asked.limit))
        return tuple(told)

    async def _repair(self, asked: RepairBars, by: Principal) -> RepairReport:
        if bool(asked.faults) == asked.all:
            raise Invalid(
                "name the faults to repair, or all that are sure", "FindFaults tells their ids"
            )
        key = SeriesKey(self._symbol(asked.symbol), asked.timeframe, asked.source)
        await self._settle_if_kept()
        series = next((s for s in await self._store.series(key.symbol) if s.key == key), None)
        if series is None:
            raise NotFound(
                f"no {key.timeframe} bars of {key.symbol} from {key.source[:80]!r} are stored",
                "ListStoredBars tells what is",
            )
        past, found = await self._found(series)
        kept = _kept(past, _chosen(past, found, asked), write_key.get())
        at = instant(self._clock.now())
        if asked.dry_run:
            made = repairs.Repaired(id=0, series=key, at=at, undone=None, kept=kept)
            return telling.repair_report(made, dry_run=True)
        made = await self._database.write(lambda c: repairs.apply(c, key, kept, at))
        self._standing.pop(key, None)
        self._changed(key, made.kept.bars)
        return telling.repair_report(made)

    async def _undo(self, asked: UndoRepair, by: Principal) -> RepairReport:
        _ = self._store
        at = instant(self._clock.now())
        made = await self._database.write(lambda c: repairs.undo(c, asked.id, at))
        back = [repairs.ChangedBar(b.time, b.before, b.before) for b in made.kept.bars]
        self._standing.pop(made.series, None)
        self._changed(made.series, back)
        return telling.repair_report(made)

    async def _list(self, asked: ListRepairs, by: Principal) -> tuple[RepairReport, ...]:
        symbol = None if asked.symbol is None else self._symbol(asked.symbol)
        made = await self._database.read(lambda c: repairs.listed(c, symbol, asked.limit))
        return tuple(telling.repair_report(each) for each in made)

    async def _settle_if_kept(self) -> None:
        if self._kept is not None:
            await self._settle()

    async def _found(self, series: StoredSeries) -> tuple[Past, Sequence[Found]]:
        """One stored series without its forming bar, and its faults."""
        key = series.key
        bars = self._closed(key, await self._read(key))
        events = await self._events.events(key.symbol)
        rules = self._rules(key.symbol)
        terms = series.terms
        if terms.adjusted is not Adjustment.total:
            signed = classify(key.symbol).asset_class in SIGNED
            past = past_of(bars, key.timeframe, rules, events, terms.adjusted, signed=signed)
            return past, await asyncio.to_thread(faults_of, past)
        alone = past_of(bars, key.timeframe, rules)
        found = list(await asyncio.to_thread(faults_of, alone))
        beside = await self._beside(key)
        if beside is not None:
            plain = self._closed(beside.key, await self._read(beside.key))
            found += await asyncio.to_thread(
                _of_total, bars, plain, key.timeframe, rules, events, beside.terms.adjusted
            )
        return alone, found

    async def _beside(self, key: SeriesKey) -> StoredSeries | None:
        """A series of the same bars that is not adjusted for payments; the same source's first."""
        others = [
            series
            for series in await self._store.series(key.symbol)
            if series.key.timeframe == key.timeframe and series.terms.adjusted is Adjustment.splits
        ]
        others.sort(key=lambda series: series.key.source != key.source)
        return others[0] if others else None

    async def _read(self, key: SeriesKey) -> Columns:
        return await self._store.read(key.symbol, key.timeframe, None, None, _ALL, key.source)

    def _closed(self, key: SeriesKey, bars: Columns) -> Columns:
        now = instant(self._clock.now())
        if len(bars) and bar_end(self._rules(key.symbol), int(bars.time[-1]), key.timeframe) > now:
            return bars[: len(bars) - 1]
        return bars

    def _gaps(self, past: Past, key: SeriesKey) -> list[Hole]:
        time = past.bars.time
        if not len(time):
            return []
        least = _LEAST if key.timeframe.intraday else 1
        rules = self._rules(key.symbol)
        return holes(time, key.timeframe, rules, int(time[0]), int(time[-1]) + 1, least)


def _of_total(
    bars: Columns,
    plain: Columns,
    timeframe: Timeframe,
    rules: SessionRules,
    events: Sequence[CorporateEvent],
    adjusted: Adjustment,
) -> list[Found]:
    """Faults of a total series that show beside the plain one, put to the rows of the former."""
    _, mine, theirs = np.intersect1d(bars.time, plain.time, return_indices=True)
    both = past_of(
        plain.pick(theirs.tolist()), timeframe, rules, events, adjusted, bars.close[mine]
    )
    return [_put_to(found, mine) for found in faults_of(both) if _is_total(found)]


def _is_total(found: Found) -> bool:
    return any(isinstance(each, Scale) and each.of is Column.total for each in found.repairs)


def _put_to(found: Found, rows: np.ndarray[Any, np.dtype[np.int64]]) -> Found:
    end = int(rows[found.end])
    moved = tuple(Scale(0, end, each.prices) for each in found.repairs if isinstance(each, Scale))
    return Found(found.kind, 0, end, found.seen, found.why, moved, found.sure)


def _chosen(past: Past, found: Sequence[Found], asked: RepairBars) -> list[tuple[str, Found]]:
    """The faults that are to be repaired, by name."""
    named = {telling.name_of(past, each): each for each in found}
    if asked.all:
        chosen = [(name, each) for name, each in named.items() if each.sure and each.repairs]
        if not chosen:
            raise NotFound("no fault is found whose repair is sure", "name those you are sure of")
        return chosen
    chosen = []
    for name in dict.fromkeys(asked.faults):
        if name.startswith(f"{FaultKind.gap}@"):
            raise Invalid("missing bars are not repaired", "`tio history fill` fetches them")
        if name not in named:
            raise NotFound(f"no fault {name[:80]!r} is found", "FindFaults tells those there are")
        if not named[name].repairs:
            raise Invalid(f"no repair is known for {name[:80]}", "leave it out")
        chosen.append((name, named[name]))
    return chosen


def _kept(past: Past, chosen: Sequence[tuple[str, Found]], key: str) -> repairs.Kept:
    """What the repair of these faults changes, bar by bar and event by event."""
    wanted: list[Repair] = [repair for _, found in chosen for repair in found.repairs]
    after, _ = mended(past, wanted)
    fresh = {row[0]: repairs.figures(*row[1:]) for row in after.rows()}
    bars = []
    for row in past.bars.rows():
        before, now = repairs.figures(*row[1:]), fresh.get(row[0])
        if before != now:
            bars.append(repairs.ChangedBar(row[0], before, now))
    events = [
        repairs.ChangedEvent(
            each.event, replace(each.event, amount=each.amount, source=repairs.SOURCE)
        )
        for each in wanted
        if isinstance(each, Amend)
    ]
    return repairs.Kept(
        faults=tuple(name for name, _ in chosen), bars=tuple(bars), events=tuple(events), key=key
    )
