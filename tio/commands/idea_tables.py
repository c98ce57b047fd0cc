"""How idea cards and their record print."""

from collections.abc import Sequence

from tio.api.ideas import Idea, IdeaRecord, ListedIdea
from tio.commands.order_tables import cell
from tio.commands.printing import print_csv, print_table, say
from tio.draw import ideas
from tio.draw.amounts import unit_price
from tio.draw.orders import away

_RIGHT = frozenset({"ENTRY", "STOP", "TARGET", "TO ENTRY", "R", "CARDS", "N", "MAE", "MFE"})
_PLAN = ("side", "entry", "stop", "target", "invalidation", "horizon", "due", "setup", "thesis")
_SCORE = ("outcome", "r", "mae", "mfe", "ambiguous", "bars", "timeframe", "source", "scored_at")
_RECORD = tuple(name for name in IdeaRecord.__struct_fields__ if name != "edge")
NONE = (
    "no idea card; one is written by\n"
    "  tio ideas new AAPL buy --entry 187.20 --stop 183 --target 195 --thesis 'why'"
)


def print_ideas(found: Sequence[ListedIdea], *, csv: bool) -> None:
    if csv:
        header = ("id", "author", "portfolio", "symbol", "state", *_PLAN, *_SCORE, "versions")
        print_csv(header, [_cells(each) for each in found])
        return
    if not found:
        say(NONE)
        return
    names = ("IDEA", "SYMBOL", "SIDE", "ENTRY", "STOP", "TARGET", "TO ENTRY", "R", "DUE", "STATE")
    print_table(names, [_row(each) for each in found], _RIGHT)
    for each in found:
        if each.idea.waits:
            say(f"{each.idea.id} is not scored yet: {each.idea.waits}; it is tried again")


def print_idea(found: ListedIdea) -> None:
    """A card in full, with what was changed and how it was scored."""
    idea, plan = found.idea, found.idea.plan
    print(f"{idea.id} {ideas.said(plan, idea.symbol)}")
    rows = [
        ("state", ideas.state(found)),
        ("thesis", plan.thesis),
        ("entry", f"{unit_price(plan.entry)}, {ideas.way(plan)}"),
        ("reward", ideas.reward(plan)),
        ("size", ideas.size(plan)),
        ("horizon", f"{plan.horizon}, scored after {plan.due:%Y-%m-%d %H:%M}Z"),
        ("setup", plan.setup),
        ("written", f"{idea.first.at:%Y-%m-%d %H:%M}Z by {idea.author}"),
        ("now", f"{unit_price(found.price)} {ideas.result(found)}" if found.price else ""),
        ("orders", f"PAPER {', '.join(idea.orders)}" if idea.orders else ""),
        ("given up", idea.reason),
        ("waits", idea.waits),
    ]
    rows += [
        ("evidence", " · ".join(filter(None, (e.text, e.figure, e.source)))) for e in plan.evidence
    ]
    rows += [("changed", f"{at:%Y-%m-%d %H:%M}Z {words}") for at, words in ideas.changes(idea)]
    if idea.score is not None:
        score = idea.score
        rows.append(("scored", ideas.scored(score)))
        rows.append(("by", ideas.counted(score)))
        if score.r is not None:
            rows.append(
                ("went", f"{ideas.in_r(score.mae)} against it, {ideas.in_r(score.mfe)} for it")
            )
    for name, words in rows:
        if words:
            print(f"  {name:<10}{words}")


def print_made(idea: Idea) -> None:
    """What a word wrote."""
    size = ideas.size(idea.plan)
    print(f"{idea.id} {ideas.said(idea.plan, idea.symbol)} · {size} · {ideas.reward(idea.plan)}")
    if idea.orders:
        print(f"PAPER {', '.join(idea.orders)}")


def print_record(found: Sequence[IdeaRecord], by: str, *, csv: bool) -> None:
    if csv:
        print_csv(_RECORD, [[cell(getattr(each, name)) for name in _RECORD] for each in found])
        return
    if not any(each.cards for each in found):
        say("no idea card has come to its horizon yet")
        return
    header = (by.upper(), "CARDS", "N", "RIGHT", "MEAN", "MAE", "MFE", "PROVES")
    rows = [
        (
            each.name or "all",
            str(each.cards),
            str(each.n),
            ideas.hits(each),
            ideas.brought(each),
            ideas.in_r(each.mean_mae),
            ideas.in_r(each.mean_mfe),
            ideas.edge(each),
        )
        for each in found
    ]
    print_table(header, rows, _RIGHT)


def _row(each: ListedIdea) -> tuple[str, ...]:
    idea, plan = each.idea, each.idea.plan
    return (
        idea.id,
        idea.symbol,
        plan.side.value,
        unit_price(plan.entry),
        unit_price(plan.stop),
        unit_price(plan.target) if plan.target is not None else "",
        away(each.to_entry),
        ideas.result(each),
        f"{plan.due:%Y-%m-%d}",
        ideas.state(each),
    )


def _cells(each: ListedIdea) -> list[str]:
    idea, score = each.idea, each.idea.score
    cells = [idea.id, idea.author, idea.portfolio, idea.symbol, each.state.value]
    cells += [cell(getattr(idea.plan, name)) for name in _PLAN]
    cells += ["" if score is None else cell(getattr(score, name)) for name in _SCORE]
    return [*cells, str(len(idea.plans))]
