"""A portfolio's risk as lines: limits, worst days and their back-test, exposure, whose it is."""

from collections.abc import Sequence
from decimal import Decimal

from tio.api.limits import LimitLevel, LimitState
from tio.api.portfolio import Holdings
from tio.api.portfolio_risk import ExposureLine, RiskReport, TailMethod, TailRisk
from tio.draw import risk_words as words
from tio.draw.amounts import money, percent
from tio.draw.table import cell_width
from tio.screens.widgets.columned import Cell, Column, columned
from tio.screens.widgets.lines import Line, Part

HIDDEN = "•••"
TONES = {
    LimitLevel.within: "rise",
    LimitLevel.near: "accent",
    LimitLevel.over: "fall",
    LimitLevel.unknown: "muted",
}
MARKS = {LimitLevel.near: "! ", LimitLevel.over: "▲ "}
"""What stands before a state, so that no colour is needed to see it."""
_EIGHTHS = " ▏▎▍▌▋▊▉"
_BAR, _LONGEST = 6, 24
_TAILS = (
    Column("LOSS AT MOST", right=False),
    Column("HISTORICAL"),
    Column("NORMAL"),
    Column("C–FISHER"),
    Column("IN MONEY", 2),
    Column("BEYOND", 1),
    Column("IN MONEY", 3),
)


def head(held: Holdings | None, report: RiskReport, width: int, *, hidden: bool) -> list[Line]:
    """What it is worth now and how it stands, on as many lines as it takes."""
    net = report.net if held is None else held.nav
    change = report.day_change if held is None else held.day_change
    about = "~" if report.stale_share else ""
    pieces: list[list[Part]] = [
        [("worth ", "muted"), (about + _money(net, report, hidden), "text")],
        [("day ", "muted"), _day(net, change, report, hidden)],
        *([[(part, "muted")] for part in words.summary(report).split(" · ")[1:]]),
    ]
    return _flowing(pieces, width)


def limit_lines(limits: Sequence[LimitState], width: int) -> list[Line]:
    """Each limit with its state in a word."""
    columns = (
        Column("LIMIT OF", right=False),
        Column("NOW"),
        Column("LIMIT"),
        Column("STATE", right=False),
        Column("", 1, right=False, gives=True),
    )
    rows: list[list[Cell]] = []
    for each in limits:
        name, now, limit, state, note = words.limit_row(each)
        set_ = each.limit is not None
        ink = TONES[each.level] if set_ else "muted"
        mark = MARKS.get(each.level, "") if set_ else ""
        rows.append(
            [(name, "text"), (now, "text"), (limit, "text"), (mark + state, ink), (note, "muted")]
        )
    header, lines = columned(columns, rows, width)
    return [header, *lines]


def tail_lines(report: RiskReport, width: int, *, hidden: bool) -> list[Line]:
    """Value at risk by three methods, a line a horizon and confidence; money of the historical."""
    if not report.tails:
        return []
    by_place: dict[tuple[int, float], dict[TailMethod, TailRisk]] = {}
    for each in report.tails:
        by_place.setdefault((each.days, each.confidence), {})[each.method] = each
    rows: list[list[Cell]] = []
    for (days, confidence), found in by_place.items():
        past = found[TailMethod.historical]
        rows.append(
            [
                (f"{days} d, {confidence * 100:.4g} of 100", "text"),
                *((words.share(found[method].value_at_risk), "text") for method in TailMethod),
                (HIDDEN if hidden else words.of_capital(past.value_at_risk, report), "muted"),
                (words.share(past.expected_shortfall), "text"),
                (HIDDEN if hidden else words.of_capital(past.expected_shortfall, report), "muted"),
            ]
        )
    header, lines = columned(_TAILS, rows, width)
    notes = dict.fromkeys(
        f"{words.METHODS[each.method]}: {each.note}" for each in report.tails if each.note
    )
    return [header, *lines, *([(note, "muted")] for note in notes)]


def tested_lines(report: RiskReport) -> list[Line]:
    """How often a day lost more than each method foretold."""
    lines: list[Line] = []
    for each in report.backtests:
        told = words.tested(each)
        ink = "accent" if "too " in told else "muted"
        lines.append([(f"{words.tested_title(each)}: ", "text"), (told, ink)])
    return lines


def note_lines(report: RiskReport) -> list[Line]:
    """What the figures are made of, and what to beware of."""
    lines: list[Line] = []
    if report.tails:
        lines.append([("of today's holdings over ", "muted"), (words.sampled(report), "muted")])
    if beta := words.beta_told(report):
        lines.append([(beta, "text")])
    lines += [
        [(f"{out.symbol} is left out, {out.share:.1%} of gross: ", "accent"), (out.reason, "muted")]
        for out in report.sample.left_out
    ]
    return [*lines, *([(note, "accent")] for note in report.notes)]


def part_lines(report: RiskReport, width: int, *, hidden: bool) -> list[Line]:
    """Whose risk the one-day normal value at risk is; below zero: it hedges the rest."""
    if not report.parts:
        return []
    columns = (
        Column("SYMBOL", right=False),
        Column("WEIGHT", 1),
        Column("PART"),
        Column("MONEY", 2),
        Column("OF ALL"),
        Column("", 3, right=False),
    )
    parts = sorted(report.parts, key=lambda each: -each.component)
    most = max(abs(each.component) for each in parts)
    rows: list[list[Cell]] = []
    for each in parts:
        symbol, weight, share, amount, of_all = words.part_row(each, report)
        drawn = bar(abs(each.component) / most if most else 0.0, _LONGEST)
        ink = "blue" if each.component >= 0 else "rise"
        rows.append(
            [
                (symbol, "text"),
                (weight, "muted"),
                (share, "text"),
                (HIDDEN if hidden else amount, "muted"),
                (of_all, "text"),
                (drawn, ink),
            ]
        )
    header, lines = columned(columns, rows, width)
    total = words.share(report.parts_total)
    title: Line = [
        (f"whose risk the {total} are, 1 d, {report.confidence * 100:.4g} of 100, normal", "accent")
    ]
    return [title, header, *lines]


def exposure_lines(report: RiskReport, width: int, *, hidden: bool) -> list[Line]:
    """What is held of each class, currency and sector as bars of one scale, net."""
    sections = [
        (title, found)
        for title, found in (
            ("by class", report.classes),
            ("by currency", report.currencies),
            ("by sector", report.sectors),
        )
        if found
    ]
    all_of = [each for _, found in sections for each in found]
    rows = iter(_bars(all_of, report, width, hidden))
    lines: list[Line] = []
    for title, found in sections:
        lines += [[(title, "accent")], *(next(rows) for _ in found)]
    return lines


def _bars(
    found: Sequence[ExposureLine], report: RiskReport, width: int, hidden: bool
) -> list[Line]:
    most = max((abs(each.net) for each in found), default=Decimal(0))
    room = min(max(width - 42, _BAR), _LONGEST)
    rows: list[list[Cell]] = []
    for each in found:
        key, net, part, short = words.exposure_row(each, report)
        told = f"short {HIDDEN if hidden else short}" if short else ""
        rows.append(
            [
                (key, "text"),
                (part, "text"),
                (bar(float(abs(each.net) / most) if most else 0.0, room), _side(each)),
                (HIDDEN if hidden else net, "muted"),
                (told, "fall"),
            ]
        )
    columns = (
        Column("", right=False),
        Column(""),
        Column("", right=False),
        Column("", 1),
        Column("", 2, right=False),
    )
    return columned(columns, rows, width)[1]


def bar(share: float, width: int) -> str:
    """A bar of so much of a width, in eighths of a cell; something above zero is seen."""
    eighths = round(min(max(share, 0.0), 1.0) * width * 8)
    if share > 0:
        eighths = max(eighths, 1)
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (_EIGHTHS[rest] if rest else "")


def _side(line: ExposureLine) -> str:
    return "blue" if line.net >= 0 else "fall"


def _money(value: Decimal | None, report: RiskReport, hidden: bool) -> str:
    return f"{money(value, report.currency, hidden=hidden)} {report.currency}"


def _day(net: Decimal | None, change: Decimal | None, report: RiskReport, hidden: bool) -> Part:
    if net is None or change is None:
        return words.NONE, "muted"
    part = percent(change, net - change)
    amount = money(change, report.currency, sign=True, hidden=hidden)
    mark = "▲ " if change > 0 else "▼ " if change < 0 else ""
    ink = "rise" if change > 0 else "fall" if change < 0 else "muted"
    return f"{mark}{amount} {part}", ink


def _flowing(pieces: Sequence[Sequence[Part]], width: int) -> list[Line]:
    """Pieces beside each other, on as many lines as they need."""
    lines: list[list[Part]] = [[]]
    used = 0
    for piece in pieces:
        room = sum(cell_width(text) for text, _ in piece)
        if used and used + 3 + room > width:
            lines.append([])
            used = 0
        if used:
            lines[-1].append(("   ", "muted"))
            used += 3
        lines[-1] += piece
        used += room
    return [*lines]
