"""What a person and the session draw over a printed chart: levels, and the drawings kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from tio.api.charts import Drawing, GetSessionLevels, ListDrawings
from tio.api.series import instant
from tio.commands.asking import Answering
from tio.commands.bar_tables import moment_of
from tio.draw.canvas import Pen
from tio.draw.view import Figure, Level, Shape

if TYPE_CHECKING:
    from tio.commands.charting import Charted, Wanted
    from tio.draw.scale import Ints


async def levelled(engine: Answering, wanted: Wanted, charted: Charted) -> Charted:
    """With the levels of the session the newest bar is of."""
    found = await engine.ask(GetSessionLevels(charted.symbol, moment_of(wanted.end, "--end")))
    times = charted.bars.time
    levels = tuple(
        Level(
            each.price,
            Pen.blue if each.forming else Pen.violet,
            each.label,
            int(np.searchsorted(times, instant(each.since))),
        )
        for each in found
    )
    if not levels:
        note = "no session levels are known: they need bars of one minute"
        return replace(charted, notes=(*charted.notes, note))
    return replace(charted, view=replace(charted.view, levels=levels))


async def drawn(engine: Answering, charted: Charted) -> Charted:
    """With the caller's drawings on the symbol, but those that a split has put out of place."""
    found = await engine.ask(ListDrawings(charted.symbol))
    times, step = charted.bars.time, charted.view.timeframe.step
    figures = tuple(_figure(each, times, step) for each in found if not each.suspended)
    notes = tuple(f"{each.id} is not drawn: {each.suspended}" for each in found if each.suspended)
    view = replace(charted.view, figures=figures)
    return replace(charted, view=view, notes=(*charted.notes, *notes))


def _figure(drawing: Drawing, times: Ints, step: int) -> Figure:
    places = bars_at([point.time for point in drawing.points], times, step)
    prices = [point.price for point in drawing.points]
    points = tuple(zip(places, prices, strict=True))
    pen = Pen.__members__.get(drawing.pen, Pen.violet)
    return Figure(Shape(drawing.kind.value), points, drawing.text, pen)


def bars_at(moments: Sequence[datetime], times: Ints, step: int) -> list[float]:
    """Where moments stand among bars, between two of them or beyond either end by `step` µs."""
    at = np.array([instant(moment) for moment in moments], np.float64)
    places = np.interp(at, times, np.arange(len(times)))
    places += np.minimum(at - times[0], 0) / step + np.maximum(at - times[-1], 0) / step
    return [float(place) for place in places]
