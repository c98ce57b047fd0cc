"""How idea cards read: one on a line as wide as there is room, one in full, their record."""

from collections.abc import Sequence
from datetime import tzinfo

from tio.api.ideas import IdeaRecord, IdeaState, ListedIdea, RecordBy
from tio.api.trading import OrderPreview, OrderTicket
from tio.draw import ideas
from tio.draw.amounts import unit_price
from tio.draw.orders import away
from tio.screens.idea_form import PRICED, IdeaForm
from tio.screens.widgets.columned import Cell, Column, columned
from tio.screens.widgets.lines import Line
from tio.screens.widgets.ticket_lines import comes_to, preview_lines

LABEL = 13
_CARDS = (
    Column("IDEA", right=False),
    Column("SYMBOL", right=False),
    Column("SIDE", right=False),
    Column("STATE", right=False),
    Column("R"),
    Column("ENTRY", 1),
    Column("TO ENTRY", 2),
    Column("TO STOP", 3),
    Column("TO TARGET", 4),
    Column("DUE", 5),
    Column("STOP", 6),
    Column("TARGET", 6),
    Column("SETUP", 7, right=False),
    Column("THESIS", 8, right=False, gives=True),
)
_RECORD = (
    Column("", right=False),
    Column("CARDS"),
    Column("N"),
    Column("MEAN", right=False),
    Column("RIGHT", 1, right=False),
    Column("PROVES", 2, right=False, gives=True),
    Column("MAE", 3),
    Column("MFE", 3),
)
TAKES = ("t places it · any move takes it back", "rise")


def idea_lines(found: Sequence[ListedIdea], zone: tzinfo, width: int) -> list[Line]:
    """The titles, then a line for each card."""
    head, lines = columned(_CARDS, [_row(each, zone) for each in found], width)
    return [head, *lines]


def record_lines(found: Sequence[IdeaRecord], by: RecordBy, width: int) -> list[Line]:
    """The titles, then a line for all cards and one for each author, setup, symbol or side."""
    rows: list[Sequence[Cell]] = [
        [
            (each.name or "all", "text"),
            (str(each.cards), "text"),
            (str(each.n), "text"),
            (ideas.brought(each), _tone(each.mean_r)),
            (ideas.hits(each), "text"),
            (ideas.edge(each), "muted"),
            (ideas.in_r(each.mean_mae), "text"),
            (ideas.in_r(each.mean_mfe), "text"),
        ]
        for each in found
    ]
    columns = (Column(by.value.upper(), right=False), *_RECORD[1:])
    head, lines = columned(columns, rows, width)
    return [head, *lines]


def one_idea(each: ListedIdea, zone: tzinfo, *, hidden: bool) -> list[Line]:
    """A card in full: why, what was changed, where it stands, how it was scored."""
    idea, plan = each.idea, each.idea.plan
    rows: list[tuple[str, str, str]] = [("thesis", plan.thesis, "text")]
    size = ideas.size(plan, hidden=hidden)
    rows.append(("plan", f"{ideas.said(plan, idea.symbol)} · {ideas.reward(plan)}", "text"))
    rows.append(("entry", ideas.way(plan), "muted"))
    rows.append(("size", size, "text"))
    rows.append(("now", _now(each), _tone(each.r)))
    due = f"{plan.due.astimezone(zone):%Y-%m-%d %H:%M %Z}"
    rows.append(("horizon", f"{plan.horizon}, scored after {due}", "text"))
    rows.append(("setup", plan.setup, "text"))
    rows += [
        ("evidence", " · ".join(filter(None, (e.text, e.figure, e.source))), "text")
        for e in plan.evidence
    ]
    if idea.score is not None:
        score = idea.score
        rows.append(("scored", ideas.scored(score), _tone(score.r)))
        if score.r is not None:
            went = f"{ideas.in_r(score.mae)} against it · {ideas.in_r(score.mfe)} for it"
            rows.append(("went", went, "text"))
        rows.append(("by", ideas.counted(score), "muted"))
    rows.append(("waits", idea.waits, "fall"))
    rows.append(("given up", idea.reason, "text"))
    rows.append(("orders", f"PAPER {', '.join(idea.orders)}" if idea.orders else "", "text"))
    rows += [
        ("changed", f"{at.astimezone(zone):%Y-%m-%d %H:%M} {words}", "muted")
        for at, words in ideas.changes(idea)
    ]
    written = f"{idea.first.at.astimezone(zone):%Y-%m-%d %H:%M %Z} by {idea.author}"
    rows.append(("written", written, "muted"))
    return [[(f"{name:<10}", "muted"), (words, ink)] for name, words, ink in rows if words]


def taking_lines(seen: OrderPreview, *, hidden: bool) -> list[Line]:
    """What taking a card would place, or why it would be refused."""
    if hidden and not seen.refused:
        return [[("PAPER ", "accent"), ("entry, target and stop; amounts hidden", "text")], [TAKES]]
    told = preview_lines(seen)
    return told if seen.refused else [*told[:-1], [TAKES]]


def card_lines(form: IdeaForm, sized: OrderTicket | None, *, hidden: bool) -> list[Line]:
    """One line for each thing that is written, and what it comes to."""
    lines: list[Line] = []
    for name in form.lines:
        words = form.text(name) or "–"
        if name in PRICED:
            told = comes_to(name, form.ticket, sized)
            if hidden:
                # What stands after the price is an amount.
                told = told.partition("  ")[0] if name in ("stop", "target") else ""
            lines.append(
                [(f"{name:<{LABEL}}", "muted"), (f"{words:<16}", "accent"), (told, "text")]
            )
        else:
            lines.append([(f"{name:<{LABEL}}", "muted"), (words, "accent")])
    return lines


def _row(each: ListedIdea, zone: tzinfo) -> list[Cell]:
    idea, plan = each.idea, each.idea.plan
    over = each.state in (IdeaState.scored, IdeaState.given_up)
    ink = "muted" if over else "text"
    score = idea.score
    return [
        (idea.id, ink),
        (idea.symbol, ink),
        (plan.side.value, ink),
        (ideas.state(each), ink),
        (ideas.result(each), _tone(each.r if score is None else score.r)),
        (unit_price(plan.entry), ink),
        (away(each.to_entry), ink),
        (away(each.to_stop), ink),
        (away(each.to_target), ink),
        (f"{plan.due.astimezone(zone):%m-%d}", ink),
        (unit_price(plan.stop), ink),
        ("" if plan.target is None else unit_price(plan.target), ink),
        (plan.setup, ink),
        (plan.thesis, "muted"),
    ]


def _now(each: ListedIdea) -> str:
    """Where the market stands, and how far its levels are."""
    if each.price is None:
        return ""
    told = [unit_price(each.price)]
    for name, distance in (
        ("entry", each.to_entry),
        ("stop", each.to_stop),
        ("target", each.to_target),
    ):
        if distance is not None:
            told.append(f"{name} {away(distance)}")
    if each.r is not None:
        told.append(ideas.in_r(each.r))
    return " · ".join(told)


def _tone(r: float | None) -> str:
    if r is None or round(r, 2) == 0:
        return "text"
    return "rise" if r > 0 else "fall"
