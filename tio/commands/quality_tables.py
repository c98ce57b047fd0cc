"""How faults and repairs print."""

from collections.abc import Sequence
from datetime import datetime

from tio.api.clean import clean
from tio.api.errors import Invalid, NotFound
from tio.api.market import Timeframe
from tio.api.past import ListStoredBars
from tio.api.quality import BarFault, BarFigures, FaultReport, QualityReport, RepairReport
from tio.commands.asking import ask
from tio.commands.printing import print_table, say

_SHOWN = 40
"""Bars of a repair that are printed; --json tells more."""


def only_source(symbol: str, timeframe: Timeframe, workspace: str) -> str:
    """Who tells these bars, where only one source does; Invalid where several do."""
    stored = ask(ListStoredBars((symbol,)), workspace)
    sources = [each.source for each in stored if each.timeframe == timeframe]
    if not sources:
        raise NotFound(f"no {timeframe} bars of {clean(symbol)} are stored", "`tio history` lists")
    if len(sources) > 1:
        raise Invalid(
            f"{', '.join(sources)} tell {timeframe} bars of {clean(symbol)}",
            "choose one with --source",
        )
    return sources[0]


def print_quality(reports: Sequence[QualityReport]) -> None:
    """One line a symbol and reason."""
    rows = []
    for report in sorted(reports, key=lambda each: each.symbol):
        odd = [("refused", *each) for each in sorted(report.refused.items())]
        odd += [("flagged", *each) for each in sorted(report.flagged.items())]
        for what, reason, count in odd or [("", "nothing odd", 0)]:
            told = f"{count:,}" if count else ""
            rows.append([report.symbol, f"{report.accepted:,}", what, _plain(reason), told])
    if rows:
        print_table(("SYMBOL", "ACCEPTED", "", "REASON", "COUNT"), rows)
    else:
        say("no prices have come yet")


def print_faults(symbol: str, reports: Sequence[FaultReport]) -> None:
    """Each series' faults, the oldest first."""
    if not reports:
        say(f"no bars of {symbol} are stored")
    for report in reports:
        name = f"{report.symbol} {report.timeframe} from {report.source}"
        if not report.faults:
            print(clean(f"{name}: nothing odd in {report.bars:,} bars"))
            continue
        counts = ", ".join(f"{count:,} {_plain(kind)}" for kind, count in report.counts.items())
        print(clean(f"{name}: {counts} in {report.bars:,} bars"))
        rows = [
            [fault.id, f"{fault.bars:,}", fault.seen, fault.why, _repair(fault)]
            for fault in report.faults
        ]
        print_table(("FAULT", "BARS", "SEEN", "WHY", "REPAIR"), rows)
        if report.more:
            say(f"and {report.more:,} more; --limit shows them")


def print_repair(done: RepairReport) -> None:
    """What changes, bar by bar, and how to make it so or undo it."""
    rows = []
    for change in done.changes[:_SHOWN]:
        rows.append([_when(change.time, done.timeframe), "before", *_cells(change.before)])
        after = ["taken out"] if change.after is None else _cells(change.after)
        rows.append(["", "after", *after, *[""] * (5 - len(after))])
    if rows:
        print_table(("TIME", "", "OPEN", "HIGH", "LOW", "CLOSE", "VOLUME"), rows)
    if done.bars > _SHOWN:
        say(f"and {done.bars - _SHOWN:,} more bars")
    for event in done.events:
        print(clean(f"{event.kind} of {event.ex_date}: {event.before:g} → {event.after:g}"))
    if done.id:
        say(f"repaired {done.bars:,} bars; `tio quality undo {done.id}` puts them back")
    else:
        say(f"{done.bars:,} bars would change; --yes repairs them")


def print_repairs(made: Sequence[RepairReport]) -> None:
    """One line a repair."""
    rows = [
        [
            str(each.id),
            "" if each.at is None else f"{each.at:%Y-%m-%d %H:%MZ}",
            each.symbol,
            str(each.timeframe),
            each.source,
            f"{each.bars:,}",
            str(len(each.faults)),
            "" if each.undone is None else f"undone {each.undone:%Y-%m-%d %H:%MZ}",
        ]
        for each in made
    ]
    if rows:
        print_table(("ID", "AT", "SYMBOL", "TF", "SOURCE", "BARS", "FAULTS", ""), rows)
    else:
        say("nothing was repaired")


def _repair(fault: BarFault) -> str:
    if not fault.repair:
        return "none is known"
    return fault.repair if fault.sure else f"perhaps: {fault.repair}"


def _cells(bar: BarFigures) -> list[str]:
    values = (bar.open, bar.high, bar.low, bar.close, bar.volume)
    return ["" if value is None else f"{value:.10g}" for value in values]


def _when(at: datetime, timeframe: Timeframe) -> str:
    return f"{at:%Y-%m-%d %H:%M}Z" if timeframe.intraday else f"{at:%Y-%m-%d}"


def _plain(name: str) -> str:
    return name.replace("_", " ")
