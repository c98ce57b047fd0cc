"""What follows the bars of one lane: an indicator of theirs, or one of longer bars."""

from collections.abc import Callable
from math import nan
from typing import Protocol

from tio.engine.indicators.declare import Outputs, Spec
from tio.engine.indicators.kept import Beside
from tio.engine.indicators.live import Bar, Following, Values
from tio.engine.market.ladder import Row
from tio.engine.market.sessions import DAY, SessionRules
from tio.engine.store.columns import Columns

CloseAt = Callable[[int, bool], float]
"""Another instrument's close at the bar of an opening; the flag: it may still be to come."""


def no_other(opening: int, forming: bool) -> float:
    """Nothing is compared with."""
    return nan


class Follower(Protocol):
    """Values bar by bar: `push` what has closed, `peek` at what is forming."""

    def push(self, row: Row) -> Values: ...

    def peek(self, row: Row) -> Values: ...


class Straight:
    """An indicator of the lane's own bars."""

    def __init__(self, spec: Spec, rules: SessionRules, other: CloseAt = no_other) -> None:
        self._following = Following(spec)
        self._rules = rules
        self._other = other

    def fill(self, bars: Columns, beside: Beside) -> Outputs:
        """The bars that closed before it began to follow; its values at each."""
        return self._following.push_many(bars, session=beside.session, against=beside.against)

    def push(self, row: Row) -> Values:
        return self._following.push(self._bar(row, forming=False))

    def peek(self, row: Row) -> Values:
        return self._following.peek(self._bar(row, forming=True))

    def _bar(self, row: Row, *, forming: bool) -> Bar:
        session = self._rules.day(row.time).date // DAY
        return Bar(*row, session, self._other(row.time, forming))


class Stepped:
    """An indicator of longer bars: it has the value of the newest that had closed at an opening."""

    def __init__(self, at: Callable[[int], Values]) -> None:
        self._at = at

    def push(self, row: Row) -> Values:
        return self._at(row.time)

    def peek(self, row: Row) -> Values:
        return self._at(row.time)
