"""A chat laid out in rows: what is over is laid once, the newest first, the rest bit by bit."""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from tio.api.chats import AnswerState, ChatMessage
from tio.draw.prose import Row
from tio.screens.widgets.talk_lines import Fold, Looks, rows_of

ENOUGH = 600
"""Rows laid anew at once; older messages come with the next layings."""


@dataclass(frozen=True, slots=True)
class _Block:
    """A message in its rows, and how it was to look."""

    message: ChatMessage
    looks: Looks
    rows: Sequence[Row]


class LaidTalk:
    """The rows of the newest messages, of all of them once `whole`."""

    def __init__(self) -> None:
        self.whole = True
        self.height = 0
        self._kept: dict[str, _Block] = {}
        self._blocks: list[_Block] = []
        self._starts: list[int] = []

    def lay(self, messages: dict[str, ChatMessage], looks: Looks, until: str = "") -> None:
        """Lay out what changed; in any case the message `until` and all after it."""
        folds = _by_message(looks.unfolded)
        turning = replace(looks, unfolded=frozenset())
        still = replace(turning, running="")
        for gone in self._kept.keys() - messages.keys():
            del self._kept[gone]
        laid, fresh, reached = list[_Block](), 0, until not in messages
        for id in reversed(messages):
            message, block = messages[id], self._kept.get(id)
            # Only its own folds are laid anew, and the turning sign only where it is written.
            wanted = turning if message.state is AnswerState.writing else still
            if id in folds:
                wanted = replace(wanted, unfolded=folds[id])
            if block is None or block.message is not message or block.looks != wanted:
                if reached and fresh >= ENOUGH:
                    break
                block = self._kept[id] = _Block(message, wanted, rows_of(message, wanted))
                fresh += len(block.rows)
            laid.append(block)
            reached = reached or id == until
        self.whole = len(laid) == len(messages)
        self._blocks = laid[::-1]
        self._starts = [0, *accumulate(len(block.rows) for block in self._blocks)]
        self.height = self._starts.pop()

    def row(self, at: int) -> Row:
        """A row by its number; an empty one behind the last."""
        place = bisect.bisect_right(self._starts, at) - 1
        return self._blocks[place].rows[at - self._starts[place]] if 0 <= at < self.height else ()

    def message(self, at: int) -> ChatMessage | None:
        """The message a row belongs to."""
        place = bisect.bisect_right(self._starts, at) - 1
        return self._blocks[place].message if 0 <= place < len(self._blocks) else None

    def start(self, id: str) -> int | None:
        """The first row of a message, None where it is not laid."""
        places = (i for i, block in enumerate(self._blocks) if block.message.id == id)
        place = next(places, None)
        return None if place is None else self._starts[place]

    def before(self, at: int) -> int:
        """Where the nearest message begins above a row."""
        place = bisect.bisect_left(self._starts, at) - 1
        return self._starts[place] if place >= 0 else 0

    def after(self, at: int) -> int:
        """Where the nearest message begins below a row; the height where none does."""
        place = bisect.bisect_right(self._starts, at)
        return self._starts[place] if place < len(self._starts) else self.height


def _by_message(unfolded: frozenset[Fold]) -> dict[str, frozenset[Fold]]:
    ids = {fold.message for fold in unfolded}
    return {id: frozenset(fold for fold in unfolded if fold.message == id) for id in ids}
