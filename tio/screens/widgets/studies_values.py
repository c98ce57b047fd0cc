"""The values of one indicator by time, growing at both ends, and aligned with the bars shown."""

from typing import TYPE_CHECKING

import numpy as np

from tio.api.indicators import Computed
from tio.screens.widgets.growing import Floats, Growing, Ints

if TYPE_CHECKING:
    from tio.draw.columns import Columns


class StudyValues:
    """What the engine told of one indicator; `told` is its newest answer, without the values."""

    def __init__(self, told: Computed) -> None:
        self.told = told
        self.names = tuple(told.outputs)
        self.table = Growing(len(self.names))
        self._aligned: tuple[object, int, list[Floats]] | None = None

    def take(self, told: Computed) -> None:
        """Fold in a newer tail."""
        self.told = told
        if len(told.time) and tuple(told.outputs) == self.names:
            self.table.take(*self._arrays(told))

    def put_before(self, told: Computed) -> None:
        """Put older values before those held."""
        if len(told.time) and tuple(told.outputs) == self.names:
            self.table.put_before(*self._arrays(told))

    def _arrays(self, told: Computed) -> tuple[Ints, Floats]:
        time = np.asarray(told.time, np.int64)
        rows = [np.asarray(told.outputs[name], np.float64) for name in self.names]
        return time, np.array(rows).reshape(len(rows), len(time))

    def over(self, columns: "Columns") -> dict[str, "Floats"]:
        """A value a bar for every output, NaN where there is none.

        The same arrays as long as neither the bars nor the values changed: what is drawn from them
        is kept with them.
        """
        held = self._aligned
        if held is None or held[0] is not columns.time or held[1] != self.table.changes:
            held = self._aligned = columns.time, self.table.changes, self._align(columns)
        return dict(zip(self.names, held[2], strict=True))

    def _align(self, columns: "Columns") -> list["Floats"]:
        time, count = self.table.time, len(columns)
        if not len(time) or not count:
            return [np.full(count, np.nan) for _ in self.names]
        ahead = int(np.searchsorted(columns.time, time[0]))
        whole = count - ahead == len(time) and bool(np.array_equal(columns.time[ahead:], time))
        if whole and not ahead:
            return list(self.table.rows)
        at = np.searchsorted(time, columns.time)
        found = time[np.minimum(at, len(time) - 1)] == columns.time
        at = at[found]
        aligned = []
        for row in self.table.rows:
            values = np.full(count, np.nan)
            values[found] = row[at]
            aligned.append(values)
        return aligned
