"""What a chart shows as rows: its bars, and beside each every value drawn over it."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tio.api.series import moment

if TYPE_CHECKING:
    from tio.draw.columns import Columns
    from tio.draw.scale import Floats
    from tio.draw.view import ChartView

BARS = ("open", "high", "low", "close", "volume")


def chart_table(columns: "Columns", view: "ChartView") -> list[Sequence[object]]:
    """A header, then a row a bar; "" where there is no value.

    A value that is drawn some bars ahead or back stands at the bar it was computed at.
    """
    beside = list(_beside(view))
    rows: list[Sequence[object]] = [("time", *BARS, *(name for name, _ in beside))]
    figures = [getattr(columns, name).tolist() for name in BARS]
    figures += [_padded(values, len(columns)) for _, values in beside]
    for time, *row in zip(columns.time.tolist(), *figures, strict=True):
        told = moment(time).isoformat().replace("+00:00", "Z")
        rows.append((told, *("" if figure != figure else figure for figure in row)))
    return rows


def _beside(view: "ChartView") -> "Iterator[tuple[str, Floats]]":
    """Names and values of what is drawn over the bars, below them and next to them."""
    for overlay in view.overlays:
        yield overlay.name, overlay.values
    for pane in view.panes:
        for line in pane.lines:
            yield f"{pane.title} {line.name}".strip(), line.values
    for other in view.compared:
        yield f"{other.name} close", other.values


def _padded(values: "Floats", count: int) -> list[float]:
    """As many values as there are bars: one not yet as long has none for the newest."""
    listed: list[float] = values[:count].tolist()
    return listed + [float("nan")] * (count - len(listed))
