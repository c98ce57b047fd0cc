"""What the words of `tio ideas` mean."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tio.api.errors import Invalid
from tio.api.ideas import Evidence, Idea, IdeaState, RecordBy, SaveIdea
from tio.commands.ledger_words import decimal
from tio.commands.order_words import needed, side_named

SIZES = ("quantity", "risk", "risk_percent")


def new(
    portfolio: str,
    words: tuple[str, str],
    told: Mapping[str, str],
    targets: Sequence[str],
    evidence: Sequence[str],
) -> SaveIdea:
    """The card of `AAPL buy` with those options; Invalid."""
    symbol, side = words
    return SaveIdea(
        portfolio=portfolio,
        symbol=symbol,
        side=side_named(side),
        thesis=told["thesis"],
        entry=needed("--entry", told["entry"]),
        stop=needed("--stop", told["stop"]),
        targets=tuple(needed("--target", each) for each in targets),
        invalidation=decimal("--invalidation", told["invalidation"]),
        horizon=told["horizon"],
        evidence=tuple(map(evidence_of, evidence)),
        setup=told["setup"],
        **size(told),
    )


def changed(
    idea: Idea, told: Mapping[str, str], targets: Sequence[str], evidence: Sequence[str]
) -> SaveIdea:
    """The card with what the options say otherwise; Invalid where they say nothing."""
    plan = idea.plan
    fields: dict[str, Any] = {
        name: decimal(f"--{name}", told[name])
        for name in ("entry", "stop", "invalidation")
        if told[name]
    }
    fields |= {name: told[name] for name in ("thesis", "horizon", "setup") if told[name]}
    if targets:
        fields["targets"] = tuple(needed("--target", each) for each in targets)
    if evidence:
        fields["evidence"] = (*plan.evidence, *map(evidence_of, evidence))
    if sizes := size(told):
        fields |= {name: sizes.get(name) for name in SIZES}
    if not fields:
        raise Invalid("nothing is to be changed", "as --stop 184, or --target 197")
    kept = {name: getattr(plan, name) for name in SaveIdea.__struct_fields__ if hasattr(plan, name)}
    return SaveIdea(
        **{"id": idea.id, "portfolio": idea.portfolio, "symbol": idea.symbol} | kept | fields
    )


def size(told: Mapping[str, str]) -> dict[str, Any]:
    """A quantity, a risk of 500, or one of 1%."""
    risk = told["risk"]
    fields: dict[str, Decimal | None] = {
        "quantity": decimal("--quantity", told["quantity"]),
        "risk_percent": decimal("--risk", risk[:-1]) if risk.endswith("%") else None,
        "risk": None if risk.endswith("%") else decimal("--risk", risk),
    }
    return {name: value for name, value in fields.items() if value is not None}


def evidence_of(text: str) -> Evidence:
    """`text | figure | source`, the last two where they are known."""
    parts = [part.strip() for part in text.split("|")]
    if not parts[0] or len(parts) > 3:
        raise Invalid(f"{text[:40]!r} is no evidence", 'write "sales grew | 12 % | 10-Q"')
    text, figure, source = (*parts, "", "")[:3]
    return Evidence(text=text, figure=figure, source=source)


def state_named(word: str) -> IdeaState | None:
    """A state, None of an empty word; Invalid."""
    try:
        return IdeaState(word.lower().replace(" ", "_").replace("-", "_")) if word else None
    except ValueError:
        raise Invalid(f"no state {word[:20]!r}", f"one of {', '.join(IdeaState)}") from None


def by_named(word: str) -> RecordBy:
    try:
        return RecordBy(word.lower())
    except ValueError:
        raise Invalid(f"no record by {word[:20]!r}", f"one of {', '.join(RecordBy)}") from None
