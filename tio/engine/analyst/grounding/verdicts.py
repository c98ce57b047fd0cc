"""What is found of a figure: the facts it cites and how they make it, or why it is unverified."""

from dataclasses import dataclass
from decimal import Decimal

from tio.engine.analyst.grounding.facts import Fact
from tio.engine.analyst.grounding.figures import Figure


@dataclass(frozen=True, slots=True)
class Match:
    """The facts a figure stands on; `operation` "" for one told as it is; `exact` unrounded."""

    facts: tuple[Fact, ...]
    operation: str = ""
    exact: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One figure judged: left alone, matched, or unverified with `why` and what came nearest."""

    figure: Figure
    match: Match | None = None
    alone: bool = False
    why: str = ""
    nearest: Fact | None = None

    @property
    def verified(self) -> bool:
        return self.match is not None
