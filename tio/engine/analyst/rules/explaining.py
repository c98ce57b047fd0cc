"""Why a price moved: what is known of its days, and that nothing explains it where nothing does."""

from collections.abc import Sequence
from dataclasses import replace

from tio.api.analyst import ExplainMove, Report, Workflow
from tio.api.errors import Invalid, NotFound, TioError
from tio.api.watchlists import ListWatchlists
from tio.engine.analyst.rules import judging
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.asked import scopes_of
from tio.engine.analyst.rules.moves import SECTIONS, Move, placed, went, when
from tio.engine.analyst.rules.news import WORD
from tio.engine.analyst.rules.scope import Scope, Section, number
from tio.engine.analyst.rules.spans import Span, Stretch
from tio.engine.analyst.rules.writing import (
    ADVICE,
    Asking,
    Written,
    ask_all,
    past_moment,
    write_up,
)


async def explain(
    request: ExplainMove, asking: Asking, sections: Sequence[Section[Move]] = SECTIONS
) -> Report:
    """The report; NotFound for a symbol nobody knows or days without prices, Invalid."""
    asking = replace(asking, now=past_moment(request.at, asking.now))
    at = asking.now if request.at is not None else None
    today = asking.now.date()
    asked = Stretch(request.start, request.end)
    if asked.start is not None and asked.start > min(asked.end or today, today):
        raise Invalid(f"there are no days {asked} to tell of", "start is not after end or today")
    (scope,) = await scopes_of((request.symbol,), asking, at)
    candidates = await _candidates(scope, asking)
    others = await scopes_of(candidates, asking, at, strict=False)
    move = Move(scope, asked, tuple(each for each in others if each.symbol != scope.symbol))
    days = scope.days()
    written = await write_up(asking, sections, move, past=at is not None, also=(days,))
    if isinstance(refused := written.answers.refused(days), NotFound):
        raise refused
    span = None if refused is not None else move.span(written.answers)
    return Report(
        workflow=Workflow.why,
        title=f"Why {scope.symbol} moved",
        about=scope.symbol,
        symbol=scope.symbol,
        as_of=asking.now,
        made_by="rules",
        headline=_headline(scope, span, written, asking),
        confidence=judging.weakest(
            judging.covered(written.parts, len(written.unwritten)),
            judging.sampled(0 if span is None else placed(span)[1], th.YEAR // 2, "days before it"),
            judging.heard((scope,)),
        ),
        sections=written.sections,
        unwritten=written.unwritten,
        marks=judging.marks_of(scope, written.answers),
        advice=ADVICE,
    )


async def _candidates(scope: Scope, asking: Asking) -> tuple[str, ...]:
    """Others of the watchlists it is on, of all of them where it is on none."""
    told = (await ask_all(asking.engine, (ListWatchlists(),)))[ListWatchlists()]
    lists = () if isinstance(told, TioError) else told
    on = [each for each in lists if scope.symbol in each.symbols] or lists
    names = dict.fromkeys(symbol for each in on for symbol in each.symbols)
    names.pop(scope.symbol, None)
    return tuple(names)[: th.CANDIDATES]


def _headline(scope: Scope, span: Span | None, written: Written, asking: Asking) -> str:
    if span is None:
        return f"What {scope.symbol} did is not known."
    said = f"{scope.symbol} {went(span)} {when(span)}"
    if span.atrs is not None:
        said += f", {number(abs(span.atrs), 1)} daily ATR"
    place, _ = placed(span)
    if place is not None and place <= th.ORDINARY:
        return f"{said}: an ordinary move, that needs no reason."
    notes = sorted(
        (note for part in written.parts for note in part.notes), key=lambda note: -note.weight
    )
    if notes:
        return f"{said}: {'; '.join(note.text for note in notes)}."
    unheard = "" if WORD in asking.there else "; no source of news is asked"
    return f"{said}: nothing known explains it{unheard}."
