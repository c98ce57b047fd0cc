"""What bars, total closes and events are once repaired; nothing is written here."""

from collections.abc import Iterable

import numpy as np

from tio.engine.quality.past import FIELDS, Amend, Column, Drop, Past, Put, Repair, Scale
from tio.engine.store.columns import Columns, Floats


def mended(past: Past, repairs: Iterable[Repair]) -> tuple[Columns, Floats | None]:
    """The bars with these repairs, and the total closes where there are some."""
    bars = past.bars
    figures = {name: getattr(bars, name).copy() for name in FIELDS}
    total = None if past.total is None else past.total.copy()
    gone: set[int] = set()
    # Scaled once for all that scales it, so that the order of repairs is of no matter.
    for repair in sorted(repairs, key=_turn):
        match repair:
            case Put(row, cells):
                for name, value in cells:
                    if total is not None and name == "close" and figures[name][row]:
                        total[row] *= value / figures[name][row]
                    figures[name][row] = value
            case Scale(begin, end, prices, volumes, of):
                if total is not None:
                    total[begin:end] *= prices
                if of is Column.bars:
                    for name in FIELDS[:4]:
                        figures[name][begin:end] *= prices
                    figures["volume"][begin:end] *= volumes
            case Drop(rows):
                gone |= set(rows)
            case Amend():
                pass  # Of an event, not of bars.
    whole = Columns.of(bars.time, *(figures[name] for name in FIELDS))
    if not gone:
        return whole, total
    keep = np.array([row for row in range(len(bars)) if row not in gone], dtype=np.intp)
    return whole.pick(keep.tolist()), None if total is None else total[keep]


def _turn(repair: Repair) -> int:
    return (Put, Scale, Drop, Amend).index(type(repair))
