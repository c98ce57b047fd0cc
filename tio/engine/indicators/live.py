"""Indicators bar by bar: `push` what has closed, `peek` at what is forming."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import nan
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple, Protocol

import numpy as np

from tio.engine.indicators.catalogue import indicator
from tio.engine.indicators.compute import DAY, Bars, inputs_of, needed, priced, spread
from tio.engine.indicators.declare import Floats, Indicator, Inputs, Instants, Outputs, Spec, Value
from tio.engine.indicators.library import Function
from tio.engine.indicators.line import Plan, Step

Values = tuple[float, ...]
States = list[Any]
"""What the steps of one indicator remember."""
Taking = Callable[[States, list[Any]], Any]
Taken = tuple[int, Taking]
_PLACES = len(Inputs._fields)
_SESSION = Inputs._fields.index("session")


class Bar(NamedTuple):
    """One bar; `time` is µs UTC of its opening."""

    time: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    session: int | None = None
    """The number of its trading session; without one the day in UTC."""
    against: float = nan
    """Another instrument's close at this bar, for comparisons."""


class Live(Protocol):
    """An indicator that is told of bars and answers with its outputs, NaN where there is none."""

    @property
    def constant(self) -> bool:
        """Whether a bar costs the same whatever came before."""
        ...

    def push(self, bar: Bar) -> Values: ...

    def peek(self, bar: Bar) -> Values:
        """What `push` would answer; nothing is remembered."""
        ...


def live(
    spec: Spec,
    history: Bars | None = None,
    *,
    session: Instants | None = None,
    against: Floats | None = None,
) -> "Following":
    """A handle that has seen the history, in one pass over its columns."""
    handle = Following(spec)
    if history is not None:
        handle.push_many(history, session=session, against=against)
    return handle


def memory(spec: Spec) -> int | None:
    """How many bars before its own decide a value; None: all of them, or all of a session."""
    return _recipe(spec).memory


def is_of_library(spec: Spec) -> bool:
    """Whether TA-Lib computes a part of it."""
    steps = _recipe(spec).steps
    return any(isinstance(step, Step) and isinstance(step.piece, Function) for step in steps)


class Following:
    """One indicator followed through its own arithmetic, a bar at a time."""

    # Of thousands that are asked in turn each is cold: all that can be is shared in the recipe.
    __slots__ = ("_fresh", "_recipe", "_states")

    def __init__(self, spec: Spec) -> None:
        self._recipe = _recipe(spec)
        self._states: States = [begin() for begin in self._recipe.begins]
        self._fresh = True

    @property
    def constant(self) -> bool:
        return self._recipe.constant

    def push(self, bar: Bar) -> Values:
        self._fresh = False
        return self._answer(bar, self._recipe.pushes)

    def peek(self, bar: Bar) -> Values:
        return self._answer(bar, self._recipe.peeks)

    def push_many(
        self, bars: Bars, *, session: Instants | None = None, against: Floats | None = None
    ) -> Outputs:
        """Each output of each bar; the first bars of a handle are told in columns, at once."""
        inputs = inputs_of(bars, session, against)
        if not self._fresh:
            rows = zip(*(column.tolist() for column in inputs), strict=True)
            told = [self.push(Bar(*row)) for row in rows]
            return tuple(np.array(told).reshape(-1, len(self._recipe.outputs)).T)
        self._fresh = not len(inputs.time)
        whole = np.ones(len(inputs.time), dtype=np.bool_)
        for at in self._recipe.needed:
            whole &= np.isfinite(inputs[at])
        with np.errstate(all="ignore"):
            columns = self._columns(inputs.where(whole))
        return tuple(spread(columns[at], whole) for at in self._recipe.outputs)

    def _answer(self, bar: Bar, steps: Sequence[Taken]) -> Values:
        recipe = self._recipe
        for at in recipe.needed:
            value: Any = bar[at]
            if value - value != 0:  # NaN and infinity, at a fifth of the cost of isfinite
                return recipe.nothing
        values: list[Any] = [*bar, *recipe.blank]
        if values[_SESSION] is None:
            values[_SESSION] = bar.time // DAY
        states = self._states
        for at, step in steps:
            values[at] = step(states, values)
        if recipe.only is not None:
            answer = values[recipe.only]
            return (answer if answer - answer == 0 else nan,)
        answers = [values[at] for at in recipe.outputs]
        return tuple([answer if answer - answer == 0 else nan for answer in answers])

    def _columns(self, inputs: Inputs) -> list[Any]:
        """Every step over columns, leaving each piece as after the last bar.

        A column that nothing asks for any more is let go: long histories have many.
        """
        columns: list[Any] = list(inputs)
        states = iter(self._states)
        count = len(inputs.time)
        asked = Counter(self._recipe.outputs)
        for step in self._recipe.steps:
            asked.update(() if isinstance(step, float) else step.of)
        for step in self._recipe.steps:
            if isinstance(step, float):
                columns.append(step)
                continue
            of = [columns[each] for each in step.of]
            if step.piece is not None:
                outputs = next(states).fill(*(_column(each, count) for each in of))
                columns.append(outputs[0] if step.piece.outputs == 1 else outputs)
            elif step.array is not None:
                columns.append(step.array(*of))
            else:
                assert step.number is not None
                columns.append(step.number(*of))
            asked.subtract(step.of)
            for each in step.of:
                if not asked[each]:
                    columns[each] = None
        return columns


class _Recipe(NamedTuple):
    """What is reckoned of each bar, in order, and which of it is the answer."""

    steps: tuple[Step | float, ...]
    begins: tuple[Callable[[], Any], ...]
    """Make the states of the steps that remember, in order."""
    pushes: tuple[Taken, ...]
    peeks: tuple[Taken, ...]
    outputs: tuple[int, ...]
    """Places of the answers."""
    only: int | None
    """The one there is, if there is but one."""
    nothing: Values
    blank: tuple[float, ...]
    """What stands in the places of the steps before they are taken: constants, else NaN."""
    needed: tuple[int, ...]
    """Places of a bar's numbers that must be there."""
    memory: int | None
    constant: bool


def _recipe(spec: Spec) -> _Recipe:
    found = indicator(spec.name)
    return _written(found, tuple(found.settings(spec.params).items()))


@lru_cache(maxsize=512)
def _written(found: Indicator, settings: tuple[tuple[str, Value], ...]) -> _Recipe:
    """The indicator's arithmetic told once of lines, which note what is made of what."""
    plan, params = Plan(), dict(settings)
    inputs: Any = plan.inputs()
    price = str(params.pop("price", "close"))
    lines: Any = found.compute(inputs._replace(close=priced(inputs, price)), **params)
    outputs = tuple(line.at for line in lines)
    names = needed(found, price)
    reaches: list[int | None] = [0] * _PLACES
    for step in plan.steps:
        reaches.append(0 if isinstance(step, float) else _reach(step, reaches))
    ends = [reaches[at] for at in outputs]
    return _Recipe(
        tuple(plan.steps),
        tuple(s.piece.begin for s in plan.steps if not isinstance(s, float) and s.piece),
        _taken(plan.steps, "push"),
        _taken(plan.steps, "peek"),
        outputs,
        outputs[0] if len(outputs) == 1 else None,
        (nan,) * len(outputs),
        tuple(step if isinstance(step, float) else nan for step in plan.steps),
        tuple(Inputs._fields.index(name) for name in names),
        None if None in ends else max(each for each in ends if each is not None),
        all(isinstance(each, float) or not each.piece or each.piece.constant
            for each in plan.steps),
    )  # fmt: skip


def _reach(step: Step, reaches: list[int | None]) -> int | None:
    own = step.piece.memory if step.piece else 0
    farthest = 0
    for each in step.of:
        reach = reaches[each]
        if own is None or reach is None:
            return None
        farthest = max(farthest, own + reach)
    return farthest


def _taken(steps: Sequence[Step | float], verb: str) -> tuple[Taken, ...]:
    """Each step that is no constant as it is taken of one bar: where its value goes, and how."""
    taken: list[Taken] = []
    states = 0
    for at, step in enumerate(steps, start=_PLACES):
        if isinstance(step, float):
            continue
        if step.piece is None:
            assert step.number is not None
            taken.append((at, _reckoned(step.number, step.of)))
        else:
            taken.append((at, _followed(states, verb, step.of)))
            states += 1
    return tuple(taken)


def _reckoned(function: Callable[..., Any], of: tuple[int, ...]) -> Taking:
    if len(of) == 1:
        one = of[0]
        return lambda _, values: function(values[one])
    if len(of) == 2:
        one, two = of
        return lambda _, values: function(values[one], values[two])
    several = itemgetter(*of)
    return lambda _, values: function(*several(values))


def _followed(state: int, verb: str, of: tuple[int, ...]) -> Taking:
    ask = attrgetter(verb)
    if len(of) == 1:
        one = of[0]
        return lambda states, values: ask(states[state])(values[one])
    several = itemgetter(*of)
    return lambda states, values: ask(states[state])(*several(values))


def _column(values: Any, count: int) -> Floats:
    return np.ascontiguousarray(np.broadcast_to(values, count), dtype=np.float64)
