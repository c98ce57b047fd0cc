"""What follows the bars of one lane: an indicator of theirs, or one of longer bars."""

from collections.abc import Callable
from typing import Protocol

from tio.engine.indicators.declare import Outputs, Spec
from tio.engine.indicators.kept import Beside
from tio.engine.indicators.live import Bar, Following, Values
from tio.engine.store.columns import Columns

CloseAt = Callable[[int, bool], float]
"""Another instrument's close at the bar of an opening; the flag: it may still be to come."""


class Follower(Protocol):
    """Values bar by bar: `push` what has closed, `peek` at what is forming."""

    def push(self, bar: Bar) -> Values: ...

    def peek(self, bar: Bar) -> Values: ...


class Straight:
    """An indicator of the lane's own bars."""

    def __init__(self, spec: Spec) -> None:
        self._following = Following(spec)
        self.push, self.peek = self._following.push, self._following.peek

    def fill(self, bars: Columns, beside: Beside) -> Outputs:
        """The bars that closed before it began to follow; its values at each."""
        return self._following.push_many(bars, session=beside.session, against=beside.against)


class Compared(Straight):
    """An indicator of the lane's bars beside those of another instrument."""

    def __init__(self, spec: Spec, other: CloseAt) -> None:
        super().__init__(spec)
        follow, look = self._following.push, self._following.peek
        self.push = lambda bar: follow(bar._replace(against=other(bar.time, False)))
        self.peek = lambda bar: look(bar._replace(against=other(bar.time, True)))


class Stepped:
    """An indicator of longer bars: it has the value of the newest that had closed at an opening."""

    def __init__(self, at: Callable[[int], Values]) -> None:
        self._at = at

    def push(self, bar: Bar) -> Values:
        return self._at(bar.time)

    def peek(self, bar: Bar) -> Values:
        return self._at(bar.time)
