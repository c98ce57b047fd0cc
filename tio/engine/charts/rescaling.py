"""Drawings and splits: prices typed before a split do not fit the bars after it."""

from collections.abc import Sequence
from math import isclose

from msgspec.structs import replace

from tio.api.charts import Drawing, Point
from tio.api.companies import CorporateEvent, EventKind
from tio.api.market import Timeframe
from tio.api.series import instant
from tio.engine.market.adjusting import in_effect
from tio.engine.market.sessions import SessionRules


def as_it_stands(
    drawing: Drawing, events: Sequence[CorporateEvent], rules: SessionRules, now: int
) -> Drawing:
    """The drawing, suspended with prices proposed when its symbol split since it was made."""
    assert drawing.made_at is not None
    splits = [each for each in events if each.kind is EventKind.share_split and each.ratio]
    made = instant(drawing.made_at)
    known = in_effect(splits, Timeframe.m1, rules, made)
    since = [each for each in in_effect(splits, Timeframe.m1, rules, now) if each not in known]
    ratio = 1.0
    for split in since:
        ratio *= split.ratio or 1.0
    if isclose(ratio, 1.0):
        return drawing
    told = ", ".join(f"{_ratio(split.ratio or 1.0)} on {split.ex_date}" for split in since)
    return replace(
        drawing,
        suspended=f"{drawing.symbol} split {told}, after these prices were set",
        proposed=tuple(Point(point.time, point.price / ratio) for point in drawing.points),
    )


def _ratio(ratio: float) -> str:
    """`4:1`, `3:2`, `1:10`."""
    for old in range(1, 101):
        new = round(ratio * old)
        if new and isclose(new / old, ratio, rel_tol=1e-9):
            return f"{new}:{old}"
    return f"{ratio:g}:1"
