"""Proposals as lines: events of what is held that the ledger has no entry of."""

from collections.abc import Sequence

from tio.api.proposals import Proposal, Proposals
from tio.draw.amounts import money, quantity
from tio.screens.widgets.columned import Cell, Column, columned
from tio.screens.widgets.lines import Line
from tio.screens.widgets.table_lines import Row

NONE = "Nothing is proposed: the ledger has every split and dividend that sources tell."
_PROPOSALS = (
    Column("EX-DATE", right=False),
    Column("SYMBOL", right=False),
    Column("QTY", 3),
    Column("VALUE", 2),
    Column("WHAT IT CHANGES", right=False, gives=True),
    Column("SOURCE", 4, right=False),
)


def proposal_rows(told: Proposals, width: int, hidden: bool) -> tuple[list[Line], list[Row]]:
    """What is proposed; below it what was dismissed, what is doubled, what nobody tells."""
    every = (*told.proposals, *told.dismissed)
    head, lines = columned(_PROPOSALS, [_cells(each, told, hidden) for each in every], width)
    rows: list[Row] = list(zip(lines, every, strict=True))
    if not told.proposals:
        rows.insert(0, ([(NONE, "muted")], None))
    rows += [([(f"doubled: {each.what}", "fall")], None) for each in told.doubles]
    if told.untold:
        words = f"No source tells the events of {', '.join(told.untold)}."
        rows.append(([(words, "muted")], None))
    return ([head] if every else []), rows


def table_of(told: Proposals) -> list[Sequence[object]]:
    """What is proposed and what was dismissed, under a header."""
    names = ("id", "symbol", "ex_date", "account", "quantity", "value", "what", "source")
    rows: list[Sequence[object]] = [(*names, "state")]
    for state, some in (("proposed", told.proposals), ("dismissed", told.dismissed)):
        rows += [(*(getattr(each, name) for name in names), state) for each in some]
    return rows


def _cells(each: Proposal, told: Proposals, hidden: bool) -> list[Cell]:
    gone = each in told.dismissed
    what, ink = each.what, "muted" if gone else "text"
    if gone:
        what = f"dismissed · {what}"
    elif each.refusal:
        what, ink = f"cannot be booked: {each.refusal}", "fall"
    value = "" if each.value is None else money(each.value, told.currency, hidden=hidden)
    return [
        (str(each.ex_date), "muted"),
        (each.symbol, ink),
        (quantity(each.quantity, hidden=hidden), ink),
        (value, ink),
        ("•••" if hidden and not each.refusal else what, ink),
        (each.source, "muted"),
    ]
