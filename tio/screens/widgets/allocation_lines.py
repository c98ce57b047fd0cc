"""How a portfolio is spread: by position, by currency, long against short, as bars."""

from collections.abc import Sequence
from decimal import Decimal

from tio.api.portfolio import Holdings
from tio.draw.allocation import Part, bar, by_currency, by_position, exposure, share
from tio.draw.amounts import money
from tio.screens.widgets.lines import Line
from tio.screens.widgets.position_lines import HIDDEN
from tio.screens.widgets.table_lines import Row

ZERO = Decimal(0)
_WIDEST = 48


def allocation_rows(told: Holdings, width: int, hidden: bool) -> list[Row]:
    """Gross and net first, then each position and each currency, the largest first."""
    if told.nav is None or told.nav <= 0:
        lacking = f" for want of {', '.join(told.lacks)}" if told.lacks else ""
        return [([(f"What it is worth is not known{lacking}.", "muted")], None)]
    lines: list[Line] = [_exposure(told, told.nav, hidden)]
    for title, parts in (("by position", by_position(told)), ("by currency", by_currency(told))):
        lines += [[], [(title, "muted")], *_bars(parts, told, told.nav, width, hidden)]
    return [(line, None) for line in lines]


def table_of(told: Holdings) -> list[Sequence[object]]:
    """Each part with its value and share of net value, under a header."""
    nav = told.nav or ZERO
    rows: list[Sequence[object]] = [("what", "name", "value", "share")]
    for what, parts in (("position", by_position(told)), ("currency", by_currency(told))):
        rows += [(what, name, v, float(v / nav) if nav else "") for name, v, _ in parts]
    return rows


def _exposure(told: Holdings, nav: Decimal, hidden: bool) -> Line:
    words: list[tuple[str, str]] = []
    for name, value in exposure(told).items():
        if value or name in ("gross", "net"):
            words += [(f"{name} ", "muted"), (f"{share(value, nav)}  ", "text")]
    worth = HIDDEN if hidden else money(nav, told.currency)
    return [*words, (f"of {worth} {told.currency}", "muted")]


def _bars(
    parts: Sequence[Part], told: Holdings, nav: Decimal, width: int, hidden: bool
) -> list[Line]:
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
                (f"{share(value, nav):>8} ", "text"),
                (f"{mark}{text:>{wide}}", "muted"),
            ]
        )
    return lines
