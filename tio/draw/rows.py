"""How the rows of a chart are shared among its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LEAST_PRICES, LEAST_PANE, LEAST_VOLUME, MOST_VOLUME = 6, 3, 2, 8


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of each part from above; `panes` holds 0 for a pane that found no room."""

    legend: int
    prices: int
    foot: int
    volume: int
    panes: tuple[int, ...]
    times: int


def share_rows(
    height: int,
    *,
    legend: int,
    volume: bool = False,
    foot: bool = False,
    shares: Sequence[float] = (),
    focused: int | None = None,
) -> Rows:
    """Rows for a legend of so many lines, prices, marks' foot, volume, panes and times.

    Too few rows: first all panes are as low as can be (3 rows, volume 2), then volume goes, then
    the foot, then panes from the lowest up, the focused one last, then the legend (below 8 rows in
    all), then the times (below 5).
    """
    times = 1 if height >= 5 else 0
    legend = min(legend, 1 if height < 18 else 2) if height >= 8 else 0
    room = max(height - times - legend, 0)
    volume = volume and room >= 8
    kept = list(range(len(shares)))
    feet = 1 if foot and room >= LEAST_PRICES + 3 else 0

    def lacks() -> bool:
        least = LEAST_VOLUME if volume else 0
        return LEAST_PRICES + least + feet + LEAST_PANE * len(kept) > room

    if kept and lacks():
        volume = False
    if kept and lacks():
        feet = 0
    while kept and lacks():
        kept.remove(max(kept, key=lambda at: (at != focused, at)))
    most = room - feet
    volume_rows = 0
    if volume:
        volume_rows = min(max(most // (6 + 3 * len(kept)), LEAST_VOLUME), MOST_VOLUME)
    most -= volume_rows
    whole = 1 + sum(max(shares[at], 0.0) for at in kept)
    panes = [0] * len(shares)
    for at in kept:
        panes[at] = max(round(most * max(shares[at], 0.0) / whole), LEAST_PANE)
    while most - sum(panes) < LEAST_PRICES and max(panes, default=0) > LEAST_PANE:
        panes[panes.index(max(panes))] -= 1
    return Rows(legend, most - sum(panes), feet, volume_rows, tuple(panes), times)
