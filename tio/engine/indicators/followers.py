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


class Straight(Following):
    """An indicator of the lane's own bars."""

    __slots__ = ()

    def fill(self, bars: Columns, beside: Beside) -> Outputs:
        """The bars that closed before it began to follow; its values at each."""
        return self.push_many(bars, session=beside.session, against=beside.against)


class Compared(Straight):
    """An indicator of the lane's bars beside those of another instrument."""

    __slots__ = ("_other",)

    def __init__(self, spec: Spec, other: CloseAt) -> None:
        super().__init__(spec)
        self._other = other

    def push(self, bar: Bar) -> Values:
        return super().push(bar._replace(against=self._other(bar.time, False)))

    def peek(self, bar: Bar) -> Values:
        return super().peek(bar._replace(against=self._other(bar.time, True)))


class Stepped:
    """An indicator of longer bars: it has the value of the newest that had closed at an opening."""

    def __init__(self, at: Callable[[int], Values]) -> None:
        self._at = at

    def push(self, bar: Bar) -> Values:
        return self._at(bar.time)

    def peek(self, bar: Bar) -> Values:
        return self._at(bar.time)
