"""How the stored past prints."""

from collections.abc import Sequence
from datetime import UTC, datetime

from tio.api.clean import clean
from tio.api.errors import Invalid
from tio.api.market import Timeframe
from tio.api.past import GapReport, PruneReport, StoredBars
from tio.commands.printing import print_table, say

DAILY = Timeframe.d1


def span_of(text: str) -> Timeframe | None:
    """The timeframe an option names, None when it names none; Invalid."""
    if not text:
        return None
    try:
        return Timeframe(text)
    except ValueError:
        known = " ".join(Timeframe)
        raise Invalid(f"{clean(text)[:20]!r} is no timeframe", f"one of {known}") from None


def moment_of(text: str, option: str) -> datetime | None:
    """The moment an option names, a bare day being its midnight in UTC; Invalid."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{option} {clean(text)[:40]!r} is no day", "as 2015-01-01") from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def print_stored(series: Sequence[StoredBars]) -> None:
    """One line a series."""
    rows = [
        [
            each.symbol,
            str(each.timeframe),
            each.source,
            f"{each.bars:,}",
            _day(each.first, each.timeframe),
            _day(each.last, each.timeframe),
            str(each.adjusted),
            "one venue" if each.coverage == "single_venue" else str(each.coverage),
        ]
        for each in sorted(series, key=lambda s: (s.symbol, s.timeframe.step, s.source))
    ]
    print_table(("SYMBOL", "TF", "SOURCE", "BARS", "FIRST", "LAST", "ADJUSTED", "COVERAGE"), rows)


def print_gaps(symbol: str, reports: Sequence[GapReport]) -> None:
    """Each series' gaps, the oldest first."""
    if not reports:
        say(f"no bars of {symbol} are stored")
    for report in reports:
        print(clean(f"{report.symbol} {report.timeframe} from {report.source}:"), end=" ")
        if not report.gaps:
            print("nothing is missing")
            continue
        print(f"{report.missing:,} bars are missing")
        rows = [
            [
                _day(gap.start, report.timeframe),
                _day(gap.end, report.timeframe),
                f"{gap.bars:,}",
                "the source has none" if gap.asked else "",
            ]
            for gap in report.gaps
        ]
        print_table(("FROM", "TO", "BARS", ""), rows)
        if report.more:
            say(f"and {report.more} more gaps")


def print_pruned(report: PruneReport) -> None:
    """What went, or would."""
    rows = [
        [each.symbol, str(each.timeframe), each.source, f"{each.bars:,}", f"{each.before:%Y-%m-%d}"]
        for each in report.pruned
    ]
    if rows:
        print_table(("SYMBOL", "TF", "SOURCE", "BARS", "BEFORE"), rows)
    done = "would go; --yes takes them out" if report.dry_run else "were taken out"
    kept = f", a copy is in {report.archived}" if report.archived and not report.dry_run else ""
    say(f"{report.bars:,} bars {done}{kept}")


def _day(at: datetime, timeframe: Timeframe) -> str:
    return f"{at:%Y-%m-%d %H:%M}Z" if timeframe.intraday else f"{at:%Y-%m-%d}"
