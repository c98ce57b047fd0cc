"""How well grounding tells right figures from wrong ones, class by class."""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from answer_scenes import Scene
from answer_slots import slots
from answer_values import Slot
from spoiled_figures import EVERY
from written_answers import Label, written

from tio.engine.analyst.grounding.answer import ground

Lend = Callable[[Scene, random.Random], dict[str, Slot]]


@dataclass
class Row:
    """Figures of one class: wrong ones and those caught, right ones and those flagged."""

    wrong: int = 0
    caught: int = 0
    right: int = 0
    flagged: int = 0


@dataclass
class Measure:
    """What was found over many answers; `beside` are right figures tied to a wrong one."""

    answers: int = 0
    rows: dict[str, Row] = field(default_factory=lambda: defaultdict(Row))

    @property
    def caught(self) -> float:
        rows = self.rows.values()
        return sum(row.caught for row in rows) / sum(row.wrong for row in rows)

    @property
    def flagged(self) -> float:
        rows = [row for name, row in self.rows.items() if name != "beside"]
        return sum(row.flagged for row in rows) / sum(row.right for row in rows)

    def table(self) -> str:
        """One line for each class."""
        lines = [f"{self.answers} answers"]
        for name, row in sorted(self.rows.items()):
            lines.append(
                f"{name:24} wrong {row.wrong:5} caught {row.caught:5}   "
                f"right {row.right:5} flagged {row.flagged:5}"
            )
        lines.append(f"caught {self.caught:.2%} of wrong, flagged {self.flagged:.2%} of right")
        return "\n".join(lines)


def measure(
    templates: Sequence[str],
    scene: Scene,
    rounds: int,
    seed: str,
    mutations: Sequence[str] = EVERY,
    lend: Lend = slots,
) -> Measure:
    """Every template right and with every mutation it can bear, over values drawn anew."""
    found = Measure()
    for number in range(rounds):
        for index, template in enumerate(templates):
            for mutation in ("", *mutations):
                draw = random.Random(f"{seed} {number} {index} {mutation}")
                values = lend(scene, draw)
                answer = written(template, values, draw, mutation, draw.randrange(4))
                if answer is None:
                    continue
                found.answers += 1
                lost = ground(answer.text, scene.evidence).unverified
                spans = [(one.start, one.end) for one in lost]
                for label in answer.labels:
                    _count(found, label, spans)
    return found


def _count(found: Measure, label: Label, spans: list[tuple[int, int]]) -> None:
    flagged = any(start < label.end and label.start < end for start, end in spans)
    row = found.rows["beside" if label.beside else label.name]
    if label.wrong:
        row.wrong += 1
        row.caught += flagged
    else:
        row.right += 1
        row.flagged += flagged
