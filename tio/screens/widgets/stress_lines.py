"""What shocks and windows of the past would cost, as tables: all of them, or one by position."""

from collections.abc import Sequence
from decimal import Decimal

from tio.api.stress import StressResult
from tio.draw import risk_words as words
from tio.draw.amounts import money
from tio.screens.widgets.columned import Cell, Column, columned
from tio.screens.widgets.lines import Line
from tio.screens.widgets.risk_lines import HIDDEN

OWN = "own"
_ALL = (
    Column("WINDOW", right=False),
    Column("CHANGE%"),
    Column("CHANGE", 2),
    Column("WORST ON THE WAY", 4, right=False),
    Column("", 1, right=False, gives=True),
    Column("WHAT IT WAS", 3, right=False, gives=True),
)
_ONE = (
    Column("SYMBOL", right=False),
    Column("CHANGE%"),
    Column("CHANGE", 1),
    Column("VALUE", 2),
    Column("", 3, right=False, gives=True),
)


def stress_table(
    found: Sequence[StressResult], currency: str, width: int, *, hidden: bool
) -> tuple[Line, list[Line]]:
    """A line a result; one without a window is a shock of one's own."""
    rows: list[list[Cell]] = []
    for each in found:
        title, change, share, worst, caveat = words.stress_row(each, currency)
        ink = _ink(each.loss) if change != words.NONE else "muted"
        worst = each.worst_day.isoformat() if hidden and each.worst_day else worst
        rows.append(
            [
                (each.window or OWN, "text"),
                (_arrowed(share), ink),
                (HIDDEN if hidden else change, ink),
                (worst, "muted"),
                (caveat, "accent"),
                (title, "muted"),
            ]
        )
    return columned(_ALL, rows, width)


def position_table(
    of: StressResult, currency: str, width: int, *, hidden: bool
) -> tuple[list[Line], list[Line]]:
    """What each position gains or loses; above it the sum, and what it stands on."""
    _, change, share, worst, caveat = words.stress_row(of, currency)
    amount = HIDDEN if hidden else f"{change} {currency}"
    head: list[Line] = [[(f"{_arrowed(share)}  {amount}", _ink(of.loss))]]
    if worst != words.NONE and not hidden:
        head[0] = [*head[0], (f"   worst on the way {worst}", "muted")]
    notes = [note for note in (caveat, *of.notes) if note]
    if notes:
        head.append([(" · ".join(notes), "accent")])
    rows: list[list[Cell]] = []
    for line in of.lines:
        told = line.loss is not None
        ink = _ink(line.loss) if line.loss is not None else "muted"
        gain = None if line.loss is None else -line.loss
        rows.append(
            [
                (line.symbol, "text"),
                (_arrowed(words.share(line.change, 1, sign=True)), ink if told else "muted"),
                (HIDDEN if hidden else money(gain, currency, sign=True), ink),
                (HIDDEN if hidden else money(line.value, currency), "muted"),
                (line.note, "accent" if line.proxied else "muted"),
            ]
        )
    title, lines = columned(_ONE, rows, width)
    return [*head, title], lines


def _ink(loss: Decimal | None) -> str:
    return "muted" if not loss else "fall" if loss > 0 else "rise"


def _arrowed(share: str) -> str:
    mark = "▼ " if share.startswith("−") else "▲ " if share.startswith("+") else ""
    return mark + share
