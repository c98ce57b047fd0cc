"""The morning brief: a watchlist's symbols in the order they are worth a look."""

from collections.abc import Sequence
from dataclasses import replace

from tio.api.analyst import MorningBrief, Report, ReportLine, ReportSection, Workflow
from tio.api.errors import NotFound, TioError
from tio.api.watchlists import ListWatchlists, Watchlist
from tio.engine.analyst.rules import judging
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.asked import scopes_of
from tio.engine.analyst.rules.days import Days, all_days
from tio.engine.analyst.rules.listed import SECTIONS, Listed, moved
from tio.engine.analyst.rules.scope import Note, Section, line
from tio.engine.analyst.rules.tables import signed
from tio.engine.analyst.rules.writing import (
    ADVICE,
    Asking,
    Written,
    dated,
    past_moment,
    write_up,
)


async def morning(
    request: MorningBrief, asking: Asking, sections: Sequence[Section[Listed]] = SECTIONS
) -> Report:
    """The report; NotFound for a list that is not, Invalid for a moment to come."""
    asking = replace(asking, now=past_moment(request.at, asking.now))
    at = asking.now if request.at is not None else None
    watchlist = await _watchlist(request.watchlist, asking)
    looked_at = watchlist.symbols[: th.LIST_MOST]
    scope = Listed(await scopes_of(looked_at, asking, at, strict=False))
    also = [each.days() for each in scope.each]
    written = await write_up(
        asking, sections if scope.each else (), scope, past=at is not None, also=also
    )
    told = _told(scope, written)
    worth = _worth(scope, written, told)
    section = ReportSection(
        name="worth",
        title="Worth a look",
        lines=tuple(dated(each, asking.now) for each in worth),
    )
    ended = min((each.ended for each in told if each.ended is not None), default=None)
    marks = judging.marks_of_all(scope.each, written.answers)
    if at is not None:
        marks += ("the list as it is now",)
    if left := len(watchlist.symbols) - len(looked_at):
        marks += (f"the first {th.LIST_MOST} of the list; {left} more are not looked at",)
    return Report(
        workflow=Workflow.morning,
        title=f"Morning brief of {watchlist.name}",
        about=watchlist.name,
        as_of=asking.now,
        made_by="rules",
        headline=_headline(watchlist, worth, written),
        confidence=judging.weakest(
            judging.covered(written.parts, len(written.unwritten)),
            judging.aged(judging.age_in_hours(asking.now, ended)),
            judging.heard(scope.each),
        ),
        sections=(section, *written.sections),
        unwritten=written.unwritten,
        marks=marks,
        advice=ADVICE,
    )


async def _watchlist(name: str, asking: Asking) -> Watchlist:
    lists = await asking.engine.ask(ListWatchlists())
    found = next((each for each in lists if each.name == name), None)
    if found is None:
        known = ", ".join(each.name for each in lists) or "`tio watchlist add` makes one"
        raise NotFound(f"there is no watchlist {name[:60]!r}", known)
    return found


def _told(scope: Listed, written: Written) -> list[Days]:
    try:
        return all_days(scope.each, written.answers)[0]
    except TioError:
        return []


def _worth(scope: Listed, written: Written, told: Sequence[Days]) -> list[ReportLine]:
    """A line a symbol that has a note, those of the most weight first, then the quiet ones."""
    notes: dict[str, list[Note]] = {}
    for part in written.parts:
        for note in part.notes:
            notes.setdefault(note.symbol, []).append(note)
    moves = {days.scope.symbol: (days, moved(days)) for days in told}
    order = {each.symbol: place for place, each in enumerate(scope.each)}
    lines = []
    for symbol in sorted(notes, key=lambda each: (-_weight(notes[each]), order.get(each, 0))):
        said = sorted(notes[symbol], key=lambda note: -note.weight)
        figures = [each for note in said for each in note.figures]
        change = ""
        days, move = moves.get(symbol, (None, None))
        if days is not None and move is not None:
            change = f" {signed(move.percent, 2)} %"
            figures.insert(0, days.cite("change_percent", move.percent, "percent"))
        lines.append(line(f"{symbol}{change}: {'; '.join(n.text for n in said)}.", *figures))
    quiet = [each.symbol for each in scope.each if each.symbol not in notes]
    if quiet:
        lines.append(line(f"Nothing of note: {', '.join(quiet)}."))
    return lines


def _headline(watchlist: Watchlist, worth: Sequence[ReportLine], written: Written) -> str:
    if not watchlist.symbols:
        return f"The list {watchlist.name} is empty."
    noted = {note.symbol for part in written.parts for note in part.notes}
    if not noted:
        return f"Nothing of note in {watchlist.name}."
    return f"{len(noted)} of {len(watchlist.symbols)} are worth a look, first {worth[0].text}"


def _weight(notes: Sequence[Note]) -> float:
    return sum(each.weight for each in notes)
