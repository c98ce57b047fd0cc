"""How drawings, saved layouts and session levels are read from options, and print."""

from collections.abc import Sequence
from datetime import UTC, datetime
from math import isfinite

from tio.api.charts import (
    Drawing,
    DrawingKind,
    GetSessionLevels,
    Layout,
    Point,
    SessionLevel,
)
from tio.api.errors import Invalid, NotFound
from tio.commands.bar_tables import adjustment_of, moment_of
from tio.commands.printing import print_csv, print_table, say
from tio.draw.table import price

NAMES = {
    "prior_high": "high of the day before",
    "prior_low": "low of the day before",
    "prior_close": "close of the day before",
    "premarket_high": "high before the open",
    "premarket_low": "low before the open",
    "opening_high": "high of the opening range",
    "opening_low": "low of the opening range",
    "session_vwap": "volume-weighted average price",
    "weekly_open": "open of the week",
}
_POINT = "a point is TIME,PRICE as 2026-01-31,150.5; a horizontal's may be a price alone"


def drawing_of(
    symbol: str, kind: str, points: Sequence[str], text: str, pen: str, adjusted: str
) -> Drawing:
    """The drawing these words mean; Invalid says which cannot be read."""
    try:
        what = DrawingKind(kind)
    except ValueError:
        known = " ".join(DrawingKind)
        raise Invalid(f"there is no kind of drawing {kind[:20]!r}", f"one of {known}") from None
    if len(points) != what.points:
        raise Invalid(f"a {kind} has {what.points} points, were {len(points)}", _POINT)
    if what is DrawingKind.text and not text:
        raise Invalid("a text says nothing without --text", "as --text resistance")
    return Drawing(
        symbol=symbol,
        kind=what,
        points=tuple(_point(each, what) for each in points),
        text=text,
        pen=pen,
        adjusted=adjustment_of(adjusted),
    )


def levels_request(symbol: str, at: str, opening: int) -> GetSessionLevels:
    """The word the options mean; Invalid."""
    if not 1 <= opening <= 240:
        raise Invalid(f"--opening must be 1 to 240 minutes, was {opening}")
    return GetSessionLevels(symbol, moment_of(at, "--at"), opening)


def kind_of(text: str) -> str:
    """A kind of layout, "" for both; Invalid."""
    if text not in ("", "layout", "indicators"):
        raise Invalid(f"there is no kind of layout {text[:20]!r}", "layout or indicators")
    return text


def named(found: Sequence[Layout], name: str) -> Layout:
    """The one of that name; Invalid when a layout and a set of indicators both have it."""
    those = [each for each in found if each.name == name]
    if not those:
        has = ", ".join(each.name for each in found) or "nothing is saved"
        raise NotFound(f"there is no layout {name[:60]!r}", f"saved: {has}"[:200])
    if len(those) > 1:
        raise Invalid(
            f"a layout and a set of indicators are called {name}",
            "choose with --kind layout or --kind indicators",
        )
    return those[0]


def print_drawings(found: Sequence[Drawing], *, csv: bool = False) -> None:
    """One line a drawing; one that a split suspends says so."""
    if csv:
        header = ("id", "symbol", "kind", "points", "text", "adjusted", "suspended")
        print_csv(
            header,
            [
                (d.id, d.symbol, d.kind, points_text(d), d.text, d.adjusted, d.suspended)
                for d in found
            ],
        )
        return
    if not found:
        say("nothing is drawn; `tio drawings add AAPL horizontal 150` draws a line")
        return
    print_table(
        ("ID", "SYMBOL", "KIND", "POINTS", "TEXT"),
        [[d.id, d.symbol, d.kind, points_text(d), d.text] for d in found],
    )
    for each in found:
        if each.suspended:
            say(f"{each.id} is not drawn: {each.suspended}; `tio drawings rescale {each.id}`")


def points_text(drawing: Drawing) -> str:
    """`2026-01-31,150.5 …`, as `tio drawings add` reads them; a price alone where time is none."""
    if drawing.kind is DrawingKind.horizontal:
        return f"{drawing.points[0].price:.10g}"
    return " ".join(f"{_when(point.time)},{point.price:.10g}" for point in drawing.points)


def print_layouts(found: Sequence[Layout]) -> None:
    """One line a layout."""
    rows = [
        [
            each.name,
            each.kind,
            "" if each.saved_at is None else f"{each.saved_at.astimezone(UTC):%Y-%m-%d %H:%MZ}",
            f"{len(each.content.encode()):,} bytes",
        ]
        for each in found
    ]
    if rows:
        print_table(("NAME", "KIND", "SAVED", "SIZE"), rows)
    else:
        say("nothing is saved; on a chart `f` saves its layout")


def print_levels(symbol: str, found: Sequence[SessionLevel], *, csv: bool = False) -> None:
    """One line a level, the highest first; NotFound when there is none."""
    if csv:
        rows = [(e.name, e.label, e.price, e.since.isoformat(), e.forming) for e in found]
        print_csv(("name", "label", "price", "since", "forming"), rows)
        return
    if not found:
        raise NotFound(
            f"no session levels of {symbol} are known",
            f"they need its bars of one minute: `tio history fill {symbol} --tf 1m`",
        )
    decimals = _decimals([each.price for each in found])
    print_table(
        ("LEVEL", "PRICE", "SINCE (UTC)", ""),
        [
            [
                each.label,
                price(each.price, decimals),
                _when(each.since),
                NAMES.get(each.name, each.name) + (", still forming" if each.forming else ""),
            ]
            for each in sorted(found, key=lambda each: -each.price)
        ],
        right=("PRICE",),
    )


def _point(text: str, kind: DrawingKind) -> Point:
    time, comma, figure = text.rpartition(",")
    if not comma and kind is not DrawingKind.horizontal:
        raise Invalid(f"{text[:60]!r} is no point", _POINT)
    try:
        value = float(figure)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise Invalid(f"{figure[:40]!r} in {text[:60]!r} is no price", _POINT)
    return Point(moment_of(time, "the time") or datetime.now(UTC), value)


def _when(at: datetime) -> str:
    at = at.astimezone(UTC)
    whole = (at.hour, at.minute, at.second, at.microsecond) == (0, 0, 0, 0)
    return f"{at:%Y-%m-%d}" if whole else f"{at:%Y-%m-%dT%H:%MZ}"


def _decimals(prices: Sequence[float]) -> int:
    """At least 2; more for small prices, which differ only behind the point."""
    return 2 if min(map(abs, prices), default=1) >= 10 else 5
