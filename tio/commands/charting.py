"""What a chart command asks the engine for, and the view it draws of the answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tio.api.errors import Invalid, NotFound
from tio.api.market import Adjustment, Bars, GetBars, Hours
from tio.commands import charting_drawn, computing
from tio.commands.asking import Answering
from tio.commands.bar_tables import decimals_of, hours_of, request

if TYPE_CHECKING:
    from tio.draw.columns import Columns
    from tio.draw.scale import Kind
    from tio.draw.view import ChartKind, ChartView

MOST_COMPARED = 4
SCALES = ("linear", "log", "percent")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A chart as its options tell it."""

    symbol: str
    timeframe: str = "1d"
    limit: int = 120
    start: str = ""
    end: str = ""
    kind: str = "candles"
    scale: str = "linear"
    indicators: tuple[str, ...] = ()
    compare: tuple[str, ...] = ()
    ratio: str = ""
    levels: bool = False
    drawings: bool = False
    volume: bool = True
    hours: str = Hours.extended
    adjusted: str = Adjustment.splits


@dataclass(frozen=True, slots=True, eq=False)
class Charted:
    """What is drawn: bars and all that lies over and below them; `notes` are for the person."""

    symbol: str
    bars: Columns
    view: ChartView
    title: str
    notes: tuple[str, ...] = ()


def checked(wanted: Wanted) -> Wanted:
    """The options if they can be drawn together; Invalid says which cannot."""
    kind_of(wanted.kind)
    scale_of(wanted.scale)
    bars_request(wanted, wanted.symbol)
    others = (wanted.compare, wanted.indicators, wanted.levels, wanted.drawings)
    if wanted.ratio and any(others):
        raise Invalid(
            "a ratio is drawn alone", "leave out --compare, --indicators, --levels and --drawings"
        )
    if len(wanted.compare) > MOST_COMPARED:
        raise Invalid(
            f"at most {MOST_COMPARED} symbols are compared, were {len(wanted.compare)}",
            "`tio chart --grid` draws more side by side",
        )
    return wanted


async def chart(engine: Answering, wanted: Wanted) -> Charted:
    """Everything the options ask for, as of one moment or nearly."""
    from tio.draw.columns import Columns
    from tio.draw.view import ChartView

    bars = await _bars(engine, wanted, wanted.symbol)
    columns = Columns.of(bars)
    view = ChartView(
        0,
        0,
        timeframe=bars.timeframe,
        kind=kind_of(wanted.kind),
        scale=scale_of(wanted.scale),
        decimals=decimals_of(bars),
        volume=wanted.volume,
        empty="no bars to draw",
    )
    title = f"{bars.symbol} {bars.timeframe} {bars.source}".strip()
    notes = ("the last bar is forming",) * bars.forming
    charted = Charted(bars.symbol, columns, view, title, notes)
    if wanted.ratio:
        return await _ratio(engine, wanted, bars, charted)
    charted = await _studied(engine, wanted, charted)
    charted = await _compared(engine, wanted, bars, charted)
    if wanted.levels:
        charted = await charting_drawn.levelled(engine, wanted, charted)
    return await charting_drawn.drawn(engine, charted) if wanted.drawings else charted


def only(symbols: Sequence[str], watchlist: str) -> str:
    """The one symbol a chart is of; Invalid for none or several."""
    if len(symbols) != 1 or watchlist:
        count = "those of a list" if watchlist else len(symbols)
        raise Invalid(
            f"a chart is of one symbol, were {count}", "`tio chart --grid AAPL MSFT` draws several"
        )
    return symbols[0]


def symbols_in(texts: Iterable[str]) -> tuple[str, ...]:
    """The symbols in options that hold one or several, each once."""
    found = (word for text in texts for word in text.replace(",", " ").split())
    return tuple(dict.fromkeys(found))


def bars_request(wanted: Wanted, symbol: str) -> GetBars:
    """The bars of one symbol that the options mean."""
    asked = request(
        symbol,
        wanted.timeframe,
        wanted.limit,
        wanted.start,
        wanted.end,
        adjusted=wanted.adjusted,
        hours=hours_of(wanted.hours),
    )
    if asked.limit < 1:
        raise Invalid(f"--limit must be at least 1, was {asked.limit}", "as --limit 120")
    return asked


def kind_of(text: str) -> ChartKind:
    """The kind of that name, `-` as good as `_`; Invalid names them all."""
    from tio.draw.view import ChartKind

    try:
        return ChartKind(text.replace("-", "_"))
    except ValueError:
        known = " ".join(ChartKind)
        raise Invalid(f"there is no kind of chart {text[:20]!r}", f"one of {known}") from None


def scale_of(text: str) -> Kind:
    """The scale of that name; Invalid names them all."""
    match text:
        case "linear" | "log" | "percent":
            return text
    raise Invalid(f"there is no scale {text[:20]!r}", f"one of {' '.join(SCALES)}")


async def _bars(engine: Answering, wanted: Wanted, symbol: str) -> Bars:
    bars = await engine.ask(bars_request(wanted, symbol))
    if not len(bars):
        raise NotFound(
            f"no bars of {symbol}, {bars.timeframe} are stored, and no source told any",
            f"`tio sources routes {symbol}` and `tio sources` say why",
        )
    return bars


async def _studied(engine: Answering, wanted: Wanted, charted: Charted) -> Charted:
    """With the indicators."""
    from tio.draw.studied import studied

    if not any(text.strip() for text in wanted.indicators):
        return charted
    asked = computing.Asked(
        wanted.symbol,
        wanted.timeframe,
        wanted.limit,
        wanted.start,
        wanted.end,
        wanted.adjusted,
        wanted.hours,
    )
    found = await computing.compute(engine, wanted.indicators, asked)
    return replace(charted, view=studied(found, charted.bars.time).on(charted.view))


async def _compared(engine: Answering, wanted: Wanted, bars: Bars, charted: Charted) -> Charted:
    """With the other symbols, on a scale of percent since the first bar."""
    from tio.draw.aligned import aligned
    from tio.draw.canvas import Pen
    from tio.draw.columns import Columns
    from tio.draw.view import Compared

    compared, notes = [], list(charted.notes)
    pens = (Pen.blue, Pen.accent, Pen.violet, Pen.text)
    for symbol, pen in zip(wanted.compare, pens, strict=False):
        other = await _bars(engine, wanted, symbol)
        values = aligned(charted.bars.time, bars.timeframe, Columns.of(other))
        compared.append(Compared(other.symbol, values, pen))
        notes += _unlike(bars, other)
    if not compared:
        return charted
    view = replace(charted.view, compared=tuple(compared), scale="percent")
    return replace(charted, view=view, notes=tuple(notes))


async def _ratio(engine: Answering, wanted: Wanted, bars: Bars, charted: Charted) -> Charted:
    """The ratio of the closes in place of the prices."""
    from tio.draw.aligned import aligned, ratio
    from tio.draw.columns import Columns
    from tio.draw.view import ChartKind

    other = await _bars(engine, wanted, wanted.ratio)
    columns = charted.bars
    columns = ratio(columns, aligned(columns.time, bars.timeframe, Columns.of(other)))
    if not len(columns):
        raise NotFound(f"{bars.symbol} and {other.symbol} have no bar of the same time")
    area = charted.view.kind is ChartKind.area
    view = replace(
        charted.view,
        kind=ChartKind.area if area else ChartKind.line,
        decimals=_decimals(float(columns.close[-1])),
        volume=False,
    )
    title = f"{bars.symbol} ÷ {other.symbol} {bars.timeframe} ratio of closes"
    notes = (*charted.notes, *_unlike(bars, other))
    return Charted(bars.symbol, columns, view, title, notes)


def _unlike(bars: Bars, other: Bars) -> Sequence[str]:
    """What makes another instrument's bars unlike the first's."""
    if other.adjusted is bars.adjusted:
        return ()
    return (f"{other.symbol} is {other.adjusted}, {bars.symbol} {bars.adjusted} adjusted",)


def _decimals(value: float) -> int:
    """Decimals that show a ratio to five figures."""
    from math import floor, log10

    if not value:
        return 2
    return min(max(4 - floor(log10(abs(value))), 2), 8)
