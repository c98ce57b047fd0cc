"""Every choice of a parameter, and both ends of its range."""

from collections.abc import Iterator

import numpy as np
import pytest
from indicator_bars import REPAINTED, brief, other, rows, same, sessions, walk

from tio.api.errors import Invalid
from tio.engine.indicators.catalogue import CATALOGUE
from tio.engine.indicators.compute import compute
from tio.engine.indicators.declare import Floats, Parameter, Spec, Value
from tio.engine.indicators.live import live

NAMES = sorted(CATALOGUE)
COUNT = 60
BARS = walk(COUNT, seed=4)
SESSION = sessions(BARS)
ROWS = rows(BARS, session=SESSION)
ANCHORS = ("2020-09-14", "2020-09-15T07:00:00Z", "2030-01-01")


def values(parameter: Parameter) -> tuple[Value, ...]:
    if isinstance(parameter.default, str):
        return parameter.choices or ANCHORS
    return tuple(type(parameter.default)(each) for each in (parameter.low, parameter.high))


def asked(name: str) -> Iterator[dict[str, Value]]:
    """Each value of each parameter beside few bars of the others, and all at their least."""
    parameters = CATALOGUE[name].parameters
    for parameter in parameters:
        for value in values(parameter):
            yield {**brief(name), parameter.name: value}
    yield {each.name: values(each)[0] for each in parameters if not isinstance(each.default, str)}


def begun(columns: dict[str, Floats]) -> int:
    """The bar from which every output has a value; the number of bars where one has none."""
    return max(int(np.r_[~np.isnan(column), True].argmax()) for column in columns.values())


@pytest.mark.parametrize("name", NAMES)
def test_bar_by_bar_is_as_in_columns_and_warm_when_told(name: str) -> None:
    for params in asked(name):
        spec = Spec(name, params)
        columns = compute(BARS, spec, session=SESSION, against=other(COUNT))
        handle = live(spec)
        pushed = np.array([handle.push(bar) for bar in ROWS]).T

        for ours, (output, column) in zip(pushed, columns.items(), strict=True):
            if (name, output) not in REPAINTED:
                assert all(map(same, ours.tolist(), column.tolist())), (params, output)
        if not CATALOGUE[name].sparse:
            assert begun(columns) == min(CATALOGUE[name].warm_up_of(params), COUNT), params


def test_beyond_its_range_a_parameter_is_refused() -> None:
    for name in NAMES:
        for parameter in CATALOGUE[name].parameters:
            if isinstance(parameter.default, str):
                continue
            for value in (parameter.low - 1, parameter.high + 1):
                with pytest.raises(Invalid, match=parameter.name):
                    compute(BARS, Spec(name, {parameter.name: value}), against=other(COUNT))
