"""What a check found, written into the idea's card as evidence beside what its author named."""

from tio.api.analyst import Report
from tio.api.clean import clean
from tio.api.ideas import Evidence, Idea, SaveIdea

MOST = 20
"""As many as a card holds."""


def with_evidence(idea: Idea, report: Report) -> SaveIdea:
    """The word that keeps a check's reasons on the card; those of an earlier check go.

    What a person named stays, first. The engine refuses it once the entry was reached.
    """
    plan = idea.plan
    own = tuple(each for each in plan.evidence if each.source != report.made_by)
    return SaveIdea(
        id=idea.id,
        portfolio=idea.portfolio,
        symbol=idea.symbol,
        side=plan.side,
        thesis=plan.thesis,
        entry=plan.entry,
        stop=plan.stop,
        targets=plan.targets,
        quantity=plan.quantity,
        risk=plan.risk,
        risk_percent=plan.risk_percent,
        invalidation=plan.invalidation,
        horizon=plan.horizon,
        evidence=(*own, *evidence_of(report))[:MOST],
        setup=plan.setup,
    )


def evidence_of(report: Report) -> tuple[Evidence, ...]:
    """The reasons for and against of a check, with what each weighs."""
    if report.view is None:
        return ()
    return tuple(
        Evidence(
            text=clean(each.text, limit=200),
            figure=f"{'for' if each.weight > 0 else 'against'} {abs(each.weight):g}",
            source=report.made_by,
            as_of=report.as_of,
        )
        for each in (*report.view.bull, *report.view.bear)
    )
