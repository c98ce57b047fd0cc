"""What holding the ledger against other programs' recorded cases comes to, case by case."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Verdict(StrEnum):
    same = "same"
    differs = "differs by definition"
    foreign = "no counterpart"
    wrong = "wrong"


@dataclass(frozen=True)
class Case:
    """One recorded case: how many figures were compared, and why where not all are the same."""

    name: str
    verdict: Verdict
    figures: int = 0
    why: str = ""


class NoCounterpart(Exception):
    """The case asks for what the ledger does not know; the text says what."""


class Differs(Exception):
    """Ours is defined otherwise; the text says how and why."""


@dataclass
class Figures:
    """Theirs beside ours; `wrong` tells where they part."""

    compared: int = 0
    left_out: set[str] = field(default_factory=set)
    """Names of figures that have no counterpart."""
    differing: dict[str, str] = field(default_factory=dict)
    """Figures that differ by definition, each with why."""
    wrong: list[str] = field(default_factory=list)

    def same(
        self, name: str, theirs: object, ours: Decimal, within: Decimal = Decimal("1e-15")
    ) -> None:
        """Compare a number; `within` is half of theirs' last digit where it is a rounded one."""
        self.compared += 1
        told = Decimal(str(theirs))
        if abs(told - ours) > within * max(Decimal(1), abs(told)):
            self.wrong.append(f"{name}: {told}, ours {ours}")

    def equal(self, name: str, theirs: object, ours: object) -> None:
        """Compare anything else."""
        self.compared += 1
        if theirs != ours:
            self.wrong.append(f"{name}: {theirs}, ours {ours}")

    def case(self, name: str) -> Case:
        if self.wrong:
            return Case(name, Verdict.wrong, self.compared, "; ".join(self.wrong))
        if not self.compared:
            return Case(name, Verdict.foreign, 0, "it tells no figure of the ledger")
        return Case(name, Verdict.same, self.compared, "; ".join(self._asides()))

    def _asides(self) -> list[str]:
        return [f"but {name}: {why}" for name, why in self.differing.items()]


def wrong(cases: Iterable[Case]) -> list[str]:
    """The cases that are wrong, each with how."""
    return [f"{case.name}: {case.why}" for case in cases if case.verdict is Verdict.wrong]


def count(cases: Iterable[Case], verdict: Verdict) -> int:
    return sum(case.verdict is verdict for case in cases)
