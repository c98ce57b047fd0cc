"""Lines of files that tell the newest first and bare dates, read the oldest first."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from tio.api.errors import Invalid
from tio.engine.portfolio.importing.rows import Row
from tio.engine.portfolio.importing.splitting import Held
from tio.engine.portfolio.importing.table import Line
from tio.engine.portfolio.importing.taking import refused


def in_time(
    lines: Sequence[Line],
    at: Callable[[Line], datetime],
    made: Callable[[Line, Held], Row | None],
    why: Mapping[int, str],
) -> list[Row]:
    """The row of each line in the order of time, made knowing what those before it left held.

    `why`, by a line's number, is the reason it is not to be taken.
    Lines of one day stay in their order, turned round unless the file's dates rise. A line that
    is broken or raises Invalid is refused; one that makes None is told by another.
    """
    held = Held()
    rows = []
    for line in _ordered(lines, at):
        try:
            if line.fault:
                raise Invalid(f"line {line.number} is broken: {line.fault}")
            if line.number in why:
                raise Invalid(why[line.number])
            row = made(line, held)
        except Invalid as error:
            rows.append(refused(line.number, error))
            continue
        if row is not None:
            rows.append(row)
            if row.transaction is not None:
                held.take(row.transaction)
    return rows


def _ordered(lines: Sequence[Line], at: Callable[[Line], datetime]) -> list[Line]:
    told: list[tuple[datetime, Line]] = []
    broken = []
    for line in lines:
        try:
            told.append((at(line), line))
        except Invalid:
            broken.append(line)
    if not told or told[0][0] >= told[-1][0]:
        told.reverse()
    return [line for _, line in sorted(told, key=lambda each: each[0])] + broken
