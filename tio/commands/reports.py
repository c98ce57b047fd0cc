"""How imports, replays and recordings report."""

from datetime import datetime

from tio.api.files import ImportReport, RecordingReport, ReplayReport
from tio.commands.printing import print_json, print_table, say


def print_import(report: ImportReport, *, json: bool, dry_run: bool) -> None:
    """What came in and, line by line, what did not."""
    if json:
        print_json(report)
        return
    verb = "would take" if dry_run else "took"
    print(
        f"{report.symbol} {report.timeframe} ({report.format}): {verb} {report.accepted:,} bars"
        f"{_span(report.first, report.last)}, {report.replaced:,} of them replaced stored ones, "
        f"{report.rejected:,} rows rejected"
    )
    if report.rejections:
        print_table(
            ("LINE", "REASON", "ROW"),
            [[str(row.line), row.reason, row.text[:60]] for row in report.rejections],
        )
    if report.rejected > len(report.rejections):
        say(f"and {report.rejected - len(report.rejections):,} more rejected rows")


def print_replay(report: ReplayReport, *, json: bool) -> None:
    """What a replay fed."""
    if json:
        print_json(report)
        return
    print(
        f"{report.source}: {report.frames:,} frames, {report.ticks:,} ticks"
        f"{_span(report.first, report.at)}; {report.ignored:,} say nothing of prices, "
        f"{report.garbage:,} unreadable"
    )
    for fault in report.faults:
        say(fault)


def print_recording(report: RecordingReport, *, json: bool) -> None:
    if json:
        print_json(report)
    else:
        print(f"{report.path}: {report.lines:,} lines, {report.bytes:,} bytes")


def _span(first: datetime | None, last: datetime | None) -> str:
    if first is None or last is None:
        return ""
    return f" from {first:%Y-%m-%d %H:%M:%S} to {last:%Y-%m-%d %H:%M:%S} UTC"
