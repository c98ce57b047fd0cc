"""A report as blocks of lines, each with what one stands on there; rows are made for a width."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from tio.api.analyst import (
    KeyLevel,
    Report,
    ReportLine,
    ReportSection,
    View,
    ViewReason,
    Workflow,
)
from tio.api.clean import clean
from tio.api.grounding import CitedFact
from tio.draw import prose
from tio.draw.prose import Mark, Row, Run
from tio.draw.table import cell_width, fit

NEAR, FAR = 0.5, 5.0
"""Daily ATR within which a level is near, beyond which it is told quietly."""
_BAR = 5
_SIGNED = re.compile(r"(?<![\w.])(?<!correlation )[+\u2212](?=\d)[\d\u2009,.]*\d( %)?")
_WAY = re.compile(r"(?:(?<=: )|(?<=  ))(?:leaning )?(?:up|down)\b")
_GAP = re.compile(r" {2,}")
_RISES = ("+", "up", "leaning up")
_SCALE = 21
_OF_HOLDING = ("value", "weight", "quantity", "unguarded", "day_change", "price", "share")
"""Figures told of a position, by what their path ends with."""
_UNTONED = ("correlation", "carriers", "together")
"""Sections whose signs are not of gains and losses."""


@dataclass(frozen=True)
class Stand:
    """What one may stand on: a line, its figures, the symbol whose chart it opens, "" for none."""

    text: str
    figures: tuple[CitedFact, ...] = ()
    opens: str = ""


@dataclass(frozen=True)
class Item:
    """A line: its rows at a width in cells; without `stand` the cursor passes over it."""

    rows: Callable[[int], list[Row]]
    stand: Stand | None = None


@dataclass(frozen=True)
class Block:
    """Lines under a title; `least` is the width in cells below which a table is cut."""

    title: str
    items: tuple[Item, ...]
    least: int = 0


def head(report: Report, zone: tzinfo) -> Block:
    """What it comes to, and how much that is worth."""
    items = [_prose(report.headline, "bold", Stand(clean(report.headline)))]
    view = report.view
    if view is not None:
        items.append(Item(lambda width: [_gauge(report, view, width)]))
    sure = report.confidence
    items.append(_prose(f"confidence {sure.level} {sure.score:.2f}: {sure.reason}", "muted"))
    when = report.as_of.astimezone(zone)
    meta = (report.made_by, f"as of {when:%Y-%m-%d %H:%M:%S %Z}", "not advice", *report.marks)
    text = clean(" · ".join(meta))
    begin = [text.rfind(clean(mark)) for mark in report.marks]
    marks = [
        Mark(at, at + len(mark), "accent")
        for at, mark in zip(begin, report.marks, strict=True)
        if at >= 0
    ]
    items.append(Item(lambda width: prose.laid(text, width, marks, ink="muted")))
    return Block("", tuple(items))


def verdict(report: Report) -> tuple[Block, ...]:
    """What speaks for and what against, the weight of each reason as a bar."""
    view = report.view
    if view is None:
        return ()
    most = max((abs(each.weight) for each in (*view.bull, *view.bear)), default=1.0) or 1.0
    sides = (("For", view.bull, "rise"), ("Against", view.bear, "fall"))
    return tuple(
        Block(
            title,
            tuple(_reason(each, ink, most, report) for each in reasons) or (_prose("–", "muted"),),
        )
        for title, reasons, ink in sides
    )


def rest(report: Report) -> Iterator[Block]:
    """What would turn the view, the levels, every section, and what is missing."""
    if report.view is not None and report.view.changes:
        told = map(clean, report.view.changes)
        changes = tuple(_prose(f"· {each}", stand=Stand(each), hang=2) for each in told)
        yield Block("What would change the view", changes)
    ladder = _ladder(report)
    if ladder is not None:
        yield ladder
    levels, symbols = {each.name for each in report.levels}, _symbols(report)
    for part in report.sections:
        left = [each for each in part.lines if ladder is None or not _level_of(each, levels)]
        if left:
            yield _section(part, left, symbols)
    if report.unwritten:
        missing = (f"{each.title}: {each.reason}" for each in report.unwritten)
        yield Block("Not written", tuple(_prose(each, "muted", hang=2) for each in missing))


def _prose(text: str, ink: str = "text", stand: Stand | None = None, hang: int = 0) -> Item:
    text = clean(text, limit=len(text) or 1)
    return Item(lambda width: _hung(prose.laid(text, width - hang, ink=ink), hang), stand)


def _hung(rows: list[Row], hang: int) -> list[Row]:
    return [row if not at else (Run(" " * hang), *row) for at, row in enumerate(rows)]


def _gauge(report: Report, view: View, width: int) -> Row:
    """The score on a line from one side to the other."""
    left, right = ("against", "for") if report.workflow is Workflow.idea else ("bear", "bull")
    at = round((max(-1.0, min(1.0, view.score)) + 1) / 2 * (_SCALE - 1))
    cells = ["─"] * _SCALE
    cells[_SCALE // 2] = "┼"
    ink = "rise" if view.bias > 0 else "fall" if view.bias < 0 else "text"
    bias = f"{view.bias:+d}" if view.bias else "0"
    told = f"   bias {bias} · score {view.score:+.2f}".replace("-", "\u2212")
    row = (
        Run(f"{left} ", "muted"),
        Run("".join(cells[:at]), "quiet"),
        Run("●", ink),
        Run("".join(cells[at + 1 :]), "quiet"),
        Run(f" {right}", "muted"),
        Run(told, ink),
    )
    used = sum(len(run.text) for run in row)
    return row if used <= width else (Run(told.strip(), ink),)


def _reason(reason: ViewReason, ink: str, most: float, report: Report) -> Item:
    text = clean(reason.text, limit=len(reason.text) or 1)
    bar = fit("━" * max(round(abs(reason.weight) / most * _BAR), 1), _BAR)
    weight = f"{reason.weight:+.2f}".replace("-", "\u2212")

    def rows(width: int) -> list[Row]:
        first, *more = prose.laid(text, width - _BAR - 7)
        blank = Run(" " * (_BAR + 7))
        return [(Run(f"{bar} {weight} ", ink), *first), *((blank, *row) for row in more)]

    return Item(rows, Stand(f"{weight} {text}", _figures_behind(text, report)))


def _figures_behind(reason: str, report: Report) -> tuple[CitedFact, ...]:
    """Those of the line that tells of the same timeframe: `1d trend up` stands on `1d: up. …`."""
    begin = f"{reason.split(' ', 1)[0]}: "
    lines = (told for part in report.sections for told in part.lines)
    return next((told.figures for told in lines if told.text.startswith(begin)), ())


def _ladder(report: Report) -> Block | None:
    """Levels from the highest down, the price among them."""
    levels = sorted(report.levels, key=lambda each: -each.price)
    if not levels:
        return None
    lines = {
        name: each
        for part in report.sections
        for each in part.lines
        if (name := _level_of(each, {level.name for level in levels}))
    }
    digits = _decimals(levels[0].price)
    prices = [f"{each.price:,.{digits}f}".replace(",", "\u2009") for each in levels]
    sizes = max(len(each.name) for each in levels), max(map(len, prices))
    price = price_among(levels)
    items: list[Item] = []
    for level, shown in zip(levels, prices, strict=True):
        if price is not None and level.price <= price:
            items.append(_now(price, digits, sizes))
            price = None
        figures = lines[level.name].figures if level.name in lines else ()
        stand = Stand(f"{level.name} {shown}", figures, report.symbol)
        items.append(Item(_rung(level, shown, sizes), stand))
    if price is not None:
        items.append(_now(price, digits, sizes))
    return Block("Levels, in daily ATR from the price", tuple(items))


def price_among(levels: Sequence[KeyLevel]) -> float | None:
    """The price levels are told from: what two of them and their distances leave for it."""
    told = [(each.price, each.distance) for each in levels if each.distance is not None]
    if not told:
        return None
    (high, above), (low, below) = max(told), min(told)
    if above - below < 1e-9:
        return None
    return high - above * (high - low) / (above - below)


def _decimals(price: float) -> int:
    size = abs(price)
    return 2 if size >= 10 else 4 if size >= 1 else 6


def _rung(level: KeyLevel, shown: str, sizes: tuple[int, int]) -> Callable[[int], list[Row]]:
    name, price = fit(level.name, sizes[0]), fit(shown, sizes[1], right=True)
    away, ink = "", "text"
    if level.distance is not None:
        away = f"{level.distance:+6.1f}".replace("-", "\u2212")
        near = abs(level.distance) <= NEAR
        ink = "bold" if near else "muted" if abs(level.distance) > FAR else "text"
        away += " near" if near else ""
    return lambda width: [(Run(f"{name}  {price}  {away}", ink),)]


def _now(price: float, digits: int, sizes: tuple[int, int]) -> Item:
    shown = f"{price:,.{digits}f}".replace(",", "\u2009")
    name, told = fit("price", sizes[0]), fit(shown, sizes[1], right=True)
    line = f"{name}  {told}  ──────"
    return Item(lambda width: [(Run(line, "accent"),)])


def _level_of(told: ReportLine, names: set[str]) -> str:
    """The level a line tells of, "" where it tells of none."""
    path = told.figures[0].path if told.figures else ""
    return path if path in names and told.text.lower().startswith(path.lower()) else ""


def _section(part: ReportSection, lines: Sequence[ReportLine], symbols: frozenset[str]) -> Block:
    toned = part.name not in _UNTONED
    if not part.aligned:
        return Block(part.title, tuple(_sentence(each, symbols, toned) for each in lines))
    texts = [clean(each.text, limit=len(each.text) or 1) for each in lines]
    least = max(cell_width(each) for each in texts if _GAP.search(each) or len(texts) == 1)
    items = []
    for number, (text, narrow) in enumerate(zip(texts, squeezed(texts), strict=True)):
        told = lines[number].figures
        if number and not _GAP.search(text):
            items.append(_prose(text, "muted", Stand(text, told)))
            continue
        stand = Stand(text, told, _opens(text, symbols)) if number else None
        items.append(Item(_table_row(text, narrow, least, stand, toned=toned), stand))
    return Block(part.title, tuple(items), least)


def _sentence(told: ReportLine, symbols: frozenset[str], toned: bool) -> Item:
    text = clean(told.text, limit=len(told.text) or 1)
    opens = _opens(text, symbols)
    marks = _tones(text, toned=toned) + _name(opens)
    return Item(
        lambda width: _hung(prose.laid(text, width - 2, marks), 2),
        Stand(text, told.figures, opens),
    )


def _table_row(
    text: str, narrow: str, least: int, stand: Stand | None, *, toned: bool
) -> Callable[[int], list[Row]]:
    """A row of a table as it stands, or narrow: cut, never broken. Its head has no `stand`."""
    ink = "muted" if stand is None else "text"

    def rows(width: int) -> list[Row]:
        told = text if least <= width else narrow
        shown = told if cell_width(told) <= width else fit(told, width)
        marks = [] if stand is None else [*_tones(told, toned=toned), *_name(stand.opens)]
        runs, at = list[Run](), 0
        for mark in sorted(marks, key=lambda each: each.start):
            runs += [Run(shown[at : mark.start], ink), Run(shown[mark.start : mark.end], mark.ink)]
            at = mark.end
        return [tuple(run for run in (*runs, Run(shown[at:], ink)) if run.text)]

    return rows


def squeezed(texts: Sequence[str]) -> list[str]:
    """Rows of a table with one blank column where all of them leave more; notes stay."""
    table = [text for text in texts if _GAP.search(text)]
    width = max(map(len, table), default=0)
    blank = [all(at >= len(text) or text[at] == " " for text in table) for at in range(width)]
    keep = [at for at in range(width) if not (blank[at] and at > 0 and blank[at - 1])]
    return [
        "".join(text[at] for at in keep if at < len(text)) if _GAP.search(text) else text
        for text in texts
    ]


def _tones(text: str, *, toned: bool) -> list[Mark]:
    """What has a sign or a way, in the colour of a gain or a loss."""
    if not toned:
        return []
    return [
        Mark(found.start(), found.end(), "rise" if found[0].startswith(_RISES) else "fall")
        for pattern in (_SIGNED, _WAY)
        for found in pattern.finditer(text)
    ]


def _name(opens: str) -> list[Mark]:
    return [Mark(0, len(opens), "blue")] if opens else []


def _opens(text: str, symbols: frozenset[str]) -> str:
    """The symbol a line begins with."""
    first = text.split(" ", 1)[0].rstrip(":,")
    return first if first in symbols else ""


def _symbols(report: Report) -> frozenset[str]:
    """The symbols lines may begin with: those of figures, and holdings whose figures are told."""
    figures = [each for part in report.sections for told in part.lines for each in told.figures]
    named = {each.symbol for each in figures}
    for each in figures:
        holding, _, field = each.path.removeprefix("parts.").rpartition(".")
        if field in _OF_HOLDING:
            named.add(holding)
    return frozenset(named - {"", report.symbol})
