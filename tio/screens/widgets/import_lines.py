"""A file that is brought in, as tables: its rows with their decisions, and a CSV's columns."""

from collections.abc import Sequence
from datetime import tzinfo

from tio.api.imports import ImportPreview, ImportRow, RowState, Spelled
from tio.screens.entry_written import told
from tio.screens.widgets.book_lines import Table, discreet
from tio.screens.widgets.columned import Column, columned
from tio.screens.widgets.lines import Line

_ROWS = (
    Column("LINE"),
    Column("", right=False),
    Column("ROW", right=False),
    Column("ENTRY", right=False, gives=True),
    Column("WHY", 1, right=False, gives=True),
)
_TONES = {
    RowState.new: "rise",
    RowState.doubled: "muted",
    RowState.odd: "accent",
    RowState.refused: "fall",
}


def counts(preview: ImportPreview) -> Line:
    """How many rows are what, and how many of them will be entered."""
    parts: list[tuple[str, str]] = []
    for state in RowState:
        count = getattr(preview, state.value)
        parts.append((f"{count:,} {state.value}  ", _TONES[state] if count else "muted"))
    return [*parts, (f"{preview.taken:,} will be entered", "text")]


def row_table(rows: Sequence[ImportRow], zone: tzinfo, width: int, hidden: bool) -> Table:
    """Rows of the file with what becomes of each."""
    cells = []
    for row in rows:
        entry = row.transaction
        said = row.why if entry is None else discreet(told(entry, zone), hidden)
        cells.append(
            [
                (f"{row.line:,}", "muted"),
                ("✓" if row.taken else "–", "rise" if row.taken else "muted"),
                (row.state.value, _TONES[row.state]),
                (said, "text" if row.taken else "muted"),
                ("" if entry is None else row.why, "muted"),
            ]
        )
    return columned(_ROWS, cells, width)


def one_row(row: ImportRow, spelled: Spelled | None, zone: tzinfo, hidden: bool) -> list[Line]:
    """A row in full: what it says, why it is as it is, and what can be done."""
    lines: list[Line] = []
    if row.transaction is not None:
        lines.append([(discreet(told(row.transaction, zone), hidden), "text")])
    if row.why:
        lines.append([(row.why, _TONES[row.state])])
    if spelled is not None:
        name = f" {spelled.name}" if spelled.name and spelled.name != spelled.spelled else ""
        isin = f" {spelled.isin}" if spelled.isin and spelled.isin != spelled.spelled else ""
        means = spelled.symbol or "held unlisted"
        rows = f", in {spelled.rows:,} rows" if spelled.rows > 1 else ""
        lines.append([(f"{spelled.spelled}{name}{isin} is {means}{rows}: s names it", "muted")])
    lines.append([(_can(row), "muted")])
    return lines


def _can(row: ImportRow) -> str:
    if row.state is RowState.refused:
        return "It cannot be entered as it is: enter it by hand after the others."
    if row.taken:
        return "x leaves it out"
    return "x takes it all the same" if row.state is RowState.doubled else "x takes it again"
