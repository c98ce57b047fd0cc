"""Recorded bars of several makes, told in columns, in part, and one by one."""

import numpy as np
import pytest
from indicator_bars import REPAINTED, first, furthest, other, rows, same
from indicator_recorded import KINDS, taken

from tio.engine.indicators.catalogue import CATALOGUE
from tio.engine.indicators.compute import compute
from tio.engine.indicators.declare import Spec
from tio.engine.indicators.live import live

NAMES = sorted(CATALOGUE)


def test_the_recorded_bars_are_of_the_kinds_told() -> None:
    def moves(kind: str) -> set[int]:
        return set(np.diff(taken(kind).bars.time).tolist())

    minute = 60_000_000
    assert len(moves("minutes with gaps")) > 2
    assert len(set(taken("minutes with gaps").session.tolist())) == 2
    assert minute in moves("quiet minutes")
    assert (taken("days of zeros").bars.close == 0).sum() > 50
    assert taken("days of huge prices").bars.close.min() > 1e6


@pytest.mark.parametrize("name", NAMES)
def test_one_by_one_they_answer_as_in_columns(name: str) -> None:
    for kind in KINDS:
        bars, session = taken(kind)
        handle = live(Spec(name))
        pushed = np.array([handle.push(bar) for bar in rows(bars, session=session)]).T
        columns = compute(bars, Spec(name), session=session, against=other(len(bars)))

        for ours, (output, column) in zip(pushed, columns.items(), strict=True):
            if (name, output) not in REPAINTED:
                assert all(map(same, ours.tolist(), column.tolist())), (kind, output)


@pytest.mark.parametrize("name", NAMES)
def test_later_bars_change_nothing_said_before(name: str) -> None:
    for kind in KINDS:
        bars, session = taken(kind)
        against = other(len(bars))
        whole = compute(bars, Spec(name), session=session, against=against)
        for count in (len(bars) // 3, len(bars) - 37):
            some = first(bars, count)
            part = compute(some, Spec(name), session=session[:count], against=against[:count])
            for output, values in part.items():
                if (name, output) not in REPAINTED:
                    assert furthest(values, whole[output][:count]) <= 1e-12, (kind, output)
