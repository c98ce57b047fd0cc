"""How a portfolio is spread: by position, by currency, long against short, as bars."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from tio.api.portfolio import Holdings
from tio.draw.amounts import money
from tio.screens.widgets.income_lines import bar
from tio.screens.widgets.lines import Line
from tio.screens.widgets.position_lines import HIDDEN
from tio.screens.widgets.table_lines import Row

ZERO = Decimal(0)
_WIDEST = 48
Part = tuple[str, Decimal, bool]
"""A name, its value and whether that is stale."""


def allocation_rows(told: Holdings, width: int, hidden: bool) -> list[Row]:
    """Gross and net first, then each position and each currency, the largest first."""
    if told.nav is None or told.nav <= 0:
        lacking = f" for want of {', '.join(told.lacks)}" if told.lacks else ""
        return [([(f"What it is worth is not known{lacking}.", "muted")], None)]
    positions = [(each.symbol, each.value or ZERO, each.stale) for each in told.positions]
    cash = [(f"cash {each.currency}", each.value or ZERO, each.stale) for each in told.cash]
    lines: list[Line] = [_exposure(told, positions, hidden)]
    for title, parts in (
        ("by position", [*positions, *cash]),
        ("by currency", by_currency(told)),
    ):
        lines += [[], [(title, "muted")], *_bars(parts, told, width, hidden)]
    return [(line, None) for line in lines]


def by_currency(told: Holdings) -> list[Part]:
    """What is held in each currency, positions by what they are priced in, cash in its own."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    stale: defaultdict[str, bool] = defaultdict(bool)
    for each in told.positions:
        name = each.currency or "several"
        sums[name] += each.value or ZERO
        stale[name] |= each.stale
    for part in told.cash:
        sums[part.currency] += part.value or ZERO
        stale[part.currency] |= part.stale
    return [(name, value, stale[name]) for name, value in sums.items()]


def table_of(told: Holdings) -> list[Sequence[object]]:
    """Each part with its value and share of net value, under a header."""
    nav = told.nav or ZERO
    parts = [("position", p.symbol, p.value or ZERO) for p in told.positions]
    parts += [("cash", c.currency, c.value or ZERO) for c in told.cash]
    parts += [("currency", name, value) for name, value, _ in by_currency(told)]
    rows: list[Sequence[object]] = [("what", "name", "value", "share")]
    return [*rows, *((what, name, v, float(v / nav) if nav else "") for what, name, v in parts)]


def _exposure(told: Holdings, positions: Iterable[Part], hidden: bool) -> Line:
    nav = told.nav or ZERO
    values = [value for _, value, _ in positions]
    long = sum((value for value in values if value > 0), ZERO)
    short = sum((value for value in values if value < 0), ZERO)
    words: list[tuple[str, str]] = []
    for name, value in (("long", long), ("short", short), ("gross", long - short)):
        if value or name == "gross":
            words += [(f"{name} ", "muted"), (f"{_share(value, nav)}  ", "text")]
    words += [("net ", "muted"), (f"{_share(long + short, nav)}  ", "text")]
    worth = HIDDEN if hidden else money(nav, told.currency)
    return [*words, (f"of {worth} {told.currency}", "muted")]


def _bars(parts: Sequence[Part], told: Holdings, width: int, hidden: bool) -> list[Line]:
    nav = told.nav or ZERO
    parts = sorted((part for part in parts if part[1]), key=lambda part: -abs(part[1]))
    if not parts:
        return [[("Nothing is held.", "muted")]]
    names = max(len(name) for name, _, _ in parts)
    amounts = [HIDDEN if hidden else money(value, told.currency) for _, value, _ in parts]
    wide = max(map(len, amounts))
    room = min(width - names - wide - 13, _WIDEST)
    most = max(abs(value) for _, value, _ in parts)
    lines: list[Line] = []
    for (name, value, stale), text in zip(parts, amounts, strict=True):
        drawn = bar(value, most, room) if room >= 6 else ""
        ink = "fall" if value < 0 else "muted" if name.startswith("cash") else "accent"
        mark = "~" if stale else " "
        lines.append(
            [
                (f"{name:<{names}} ", "text"),
                (f"{drawn:<{max(room, 0)}} ", ink),
                (f"{_share(value, nav):>8} ", "text"),
                (f"{mark}{text:>{wide}}", "muted"),
            ]
        )
    return lines


def _share(value: Decimal, nav: Decimal) -> str:
    return f"{value / nav:.1%}".replace("-", "−")
