"""A journal's review: what the closed trades prove, and how sure that is."""

from collections.abc import Sequence

from tio.api.analyst import Report, ReviewJournal, Workflow
from tio.api.errors import Invalid, NotFound
from tio.api.journal import By, ExpectancyReport
from tio.engine.analyst.rules import judging
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.journal_sections import SECTIONS, Journal, mean_told
from tio.engine.analyst.rules.scope import Section
from tio.engine.analyst.rules.writing import ADVICE, Asking, write_up


async def review_journal(
    request: ReviewJournal, asking: Asking, sections: Sequence[Section[Journal]] = SECTIONS
) -> Report:
    """The report; NotFound for a portfolio that is not, Invalid for dates the wrong way round."""
    if request.start and request.end and request.start > request.end:
        raise Invalid(f"{request.start} is after {request.end}", "start is the earlier date")
    scope = Journal(request.portfolio, asking.now, request.start, request.end)
    asked = scope.by(By.setup)
    written = await write_up(asking, sections, scope, also=(asked,))
    refused = written.answers.refused(asked)
    if isinstance(refused, NotFound):
        raise refused
    found = None if refused is not None else written.answers.of(asked)
    count = found.all.trades if found is not None and found.all is not None else 0
    return Report(
        workflow=Workflow.journal,
        title=f"Review of the journal of {request.portfolio}",
        about=request.portfolio,
        as_of=asking.now,
        made_by="rules",
        headline=_headline(request.portfolio, found),
        confidence=judging.weakest(
            judging.sampled(count, th.ENOUGH_TRADES, "closed trades"),
            judging.covered(written.parts, len(written.unwritten)),
        ),
        sections=written.sections,
        unwritten=written.unwritten,
        marks=(),
        advice=ADVICE,
    )


def _headline(name: str, found: ExpectancyReport | None) -> str:
    if found is None:
        return f"The trades of {name} cannot be told."
    if found.all is None:
        return f"{name} has closed no trade."
    whole = found.all
    if whole.trades < th.FEW_TRADES:
        return f"{name}: n {whole.trades}, too few to tell anything of the next trade."
    return f"{name}, {whole.trades} trades: {mean_told(whole, found.currency)}"
