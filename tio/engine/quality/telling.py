"""Faults and repairs as they are told."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tio.api.quality import (
    BarChange,
    BarFault,
    BarFigures,
    EventChange,
    FaultKind,
    FaultReport,
    RepairReport,
)
from tio.api.series import moment
from tio.engine.market.gaps import Hole
from tio.engine.quality.past import Amend, Column, Drop, Found, Past, Put, Repair, Scale, day_of
from tio.engine.store.bar_tables import SeriesKey
from tio.engine.store.repairs import ChangedBar, Figures, Repaired

_TOLD = 200
"""Bars of a repair that are told one by one."""


def report(
    key: SeriesKey, past: Past, found: Sequence[Found], holes: Sequence[Hole], limit: int
) -> FaultReport:
    """The faults of one series and its gaps, oldest first."""
    faults = [told(past, each) for each in found] + [_gap(hole) for hole in holes]
    faults.sort(key=lambda fault: (fault.time, fault.until, fault.kind))
    return FaultReport(
        symbol=key.symbol,
        timeframe=key.timeframe,
        source=key.source,
        bars=len(past.bars),
        faults=tuple(faults[:limit]),
        counts=dict(Counter(fault.kind.value for fault in faults)),
        more=max(0, len(faults) - limit),
    )


def told(past: Past, found: Found) -> BarFault:
    """One fault with its name and the words of what would be done."""
    return BarFault(
        id=name_of(past, found),
        kind=found.kind,
        time=moment(int(past.bars.time[found.begin])),
        until=moment(int(past.bars.time[found.end - 1])),
        bars=found.end - found.begin,
        seen=found.seen,
        why=found.why,
        repair=_words(found.repairs),
        sure=found.sure,
        ex_date=None if found.on is None else found.on.ex_date,
    )


def name_of(past: Past, found: Found) -> str:
    """What a fault is called, the same each time it is found."""
    first = day_of(past.bars, found.begin, past.timeframe).replace(" ", "T")
    last = day_of(past.bars, found.end - 1, past.timeframe).replace(" ", "T")
    return f"{found.kind}@{first}" + ("" if first == last else f"..{last}")


def repair_report(made: Repaired, *, dry_run: bool = False) -> RepairReport:
    """A repair, made or only looked at."""
    kept = made.kept
    return RepairReport(
        id=0 if dry_run else made.id,
        symbol=made.series.symbol,
        timeframe=made.series.timeframe,
        source=made.series.source,
        at=None if dry_run else moment(made.at),
        faults=kept.faults,
        bars=len(kept.bars),
        changes=tuple(_change(bar) for bar in kept.bars[:_TOLD]),
        events=tuple(
            EventChange(
                kind=str(event.before.kind),
                ex_date=event.before.ex_date,
                before=event.before.amount or 0.0,
                after=event.after.amount or 0.0,
            )
            for event in kept.events
        ),
        undone=None if made.undone is None else moment(made.undone),
    )


def _change(bar: ChangedBar) -> BarChange:
    return BarChange(
        time=moment(bar.time),
        before=_figures(bar.before),
        after=None if bar.after is None else _figures(bar.after),
    )


def _figures(row: Figures) -> BarFigures:
    return BarFigures(*row)


def _gap(hole: Hole) -> BarFault:
    return BarFault(
        id=f"gap@{moment(hole.start):%Y-%m-%dT%H:%MZ}",
        kind=FaultKind.gap,
        time=moment(hole.start),
        until=moment(hole.end),
        bars=hole.bars,
        seen=f"{hole.bars} bars are missing",
        why="the market was open; `tio history fill` asks for them",
    )


def _words(repairs: Iterable[Repair]) -> str:
    said = [_said(repair) for repair in repairs]
    return "; ".join(said[:2]) + (f"; and {len(said) - 2} more" if len(said) > 2 else "")


def _said(repair: Repair) -> str:
    match repair:
        case Scale(begin, end, prices, _, of):
            whose = "total prices" if of is Column.total else "prices"
            return f"multiply the {whose} of {end - begin} bars with {prices:.6g}"
        case Put(_, cells):
            return ", ".join(f"{name} {value:g}" for name, value in cells)
        case Drop(rows):
            return f"take {len(rows)} bar{'s' * (len(rows) > 1)} out"
        case Amend(event, amount):
            return f"count the {event.kind} of {event.ex_date} as {amount:.6g}"
