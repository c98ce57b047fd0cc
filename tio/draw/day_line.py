"""The sessions of a venue as one line of time, and how long until something, in words."""

from collections.abc import Sequence
from datetime import datetime

from tio.api.hours import SessionSpan
from tio.api.market import Session

_WEIGHT = {Session.regular: 2, Session.pre: 1, Session.post: 1, Session.closed: 0}
_SHAPES = {
    (0, 0): " ",
    (1, 0): "╴",
    (0, 1): "╶",
    (1, 1): "─",
    (2, 0): "╸",
    (0, 2): "╺",
    (2, 2): "━",
    (2, 1): "╾",
    (1, 2): "╼",
}


def day_line(spans: Sequence[SessionSpan], start: datetime, end: datetime, width: int) -> str:
    """`start` to `end` in `width` cells: `━` regular, `─` before and after it, blank closed.

    A cell has two halves; each shows what its middle is.
    """
    begin, length = start.timestamp(), end.timestamp() - start.timestamp()
    weights = [0] * (2 * width)
    for span in spans:
        first = (span.opens.timestamp() - begin) / length * 2 * width
        last = (span.closes.timestamp() - begin) / length * 2 * width
        for half in range(max(round(first), 0), min(round(last), 2 * width)):
            weights[half] = _WEIGHT[span.session]
    return "".join(
        _SHAPES[left, right] for left, right in zip(weights[::2], weights[1::2], strict=True)
    )


def column(moment: datetime, start: datetime, end: datetime, width: int) -> int | None:
    """The cell a moment falls into; None outside."""
    share = (moment - start) / (end - start)
    return int(share * width) if 0 <= share < 1 else None


def countdown(seconds: float | None) -> str:
    """`42s`, `14m`, `2h 28m`, `3d 4h`; empty when there is nothing to wait for."""
    if seconds is None:
        return ""
    whole = max(int(seconds), 0)
    if whole < 60:
        return f"{whole}s"
    minutes = whole // 60
    if minutes < 60:
        return f"{minutes}m"
    hours = minutes // 60
    if hours < 24:
        return f"{hours}h {minutes % 60:02}m"
    return f"{hours // 24}d {hours % 24}h"
