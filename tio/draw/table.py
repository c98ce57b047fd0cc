"""How figures and words stand in a table: grouping, signs, arrows, ages, widths in cells."""

from __future__ import annotations

import math
import unicodedata
from functools import lru_cache

MINUS = "−"
MISSING = "·"


def price(value: float | None, decimals: int = 2) -> str:
    """`64,210.50`; `·` when missing."""
    if value is None or not math.isfinite(value):
        return MISSING
    return f"{value:,.{decimals}f}".replace("-", MINUS)


def signed(value: float | None, decimals: int = 2) -> str:
    """`+812.40`, `−3.10`, `0.00`; nothing that rounds to zero carries a sign."""
    if value is None or not math.isfinite(value):
        return MISSING
    text = f"{abs(value):,.{decimals}f}"
    if not text.strip("0.,"):
        return text
    return ("+" if value > 0 else MINUS) + text


def signed_percent(value: float | None, decimals: int = 2) -> str:
    """`+1.24%` of a change given in percent."""
    text = signed(value, decimals)
    return text if text == MISSING else text + "%"


def arrow(change: float | None) -> str:
    """`▲` up, `▼` down, `·` unchanged or unknown."""
    if change is None or not math.isfinite(change) or change == 0:
        return "·"
    return "▲" if change > 0 else "▼"


def volume(value: float | None) -> str:
    """A quantity in at most five characters and a sign: `412`, `9.4k`, `1.2M`, `31B`, `0.045`."""
    if value is None or not math.isfinite(value):
        return MISSING
    sign, size = (MINUS, -value) if value < 0 else ("", value)
    for unit in ("", "k", "M", "B", "T"):
        if size < 999.5 or unit == "T":
            return sign + _short(size, unit)
        size /= 1000
    return MISSING


def age(seconds: float | None) -> str:
    """Age of a figure: `·` under two seconds, then `42s`, `6m`, `3h`, `2d`; empty when unknown."""
    if seconds is None or not math.isfinite(seconds):
        return ""
    if seconds < 2:
        return "·"
    if seconds < 60:
        return f"{int(seconds)}s"
    if seconds < 3600:
        return f"{int(seconds // 60)}m"
    if seconds < 86_400:
        return f"{int(seconds // 3600)}h"
    return f"{int(seconds // 86_400)}d"


def cell_width(text: str) -> int:
    """The terminal cells `text` takes: wide East Asian characters two, combining marks none."""
    return len(text) if text.isascii() else sum(map(_character_width, text))


def fit(text: str, width: int, *, right: bool = False) -> str:
    """`text` in exactly `width` cells: filled with spaces, or cut with `…`."""
    if width <= 0:
        return ""
    if cell_width(text) > width:
        kept, used = [], 0
        for character in text:
            used += cell_width(character)
            if used > width - 1:
                break
            kept.append(character)
        text = "".join(kept) + "…"
    gap = " " * (width - cell_width(text))
    return gap + text if right else text + gap


def _short(size: float, unit: str) -> str:
    if unit:
        return f"{size:.1f}{unit}" if size < 9.95 else f"{size:.0f}{unit}"
    if size == int(size) or size >= 100:
        return f"{size:.0f}"
    return f"{size:.3g}" if size >= 0.001 else f"{size:.0e}"


@lru_cache(maxsize=4096)
def _character_width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
