"""Values that templates may say, and how each is said."""

import random
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Slot:
    """A value a template may say. `of` is its symbol, `twin` the same value of another symbol.

    `pair` names the day it belongs to: a date and its values share one.
    """

    kind: str
    value: Decimal = Decimal(0)
    places: int = 2
    of: str = ""
    twin: Decimal | None = None
    day: date | None = None
    text: str = ""
    pair: str = ""
    derived: bool = False
    signed: bool = False


def amount(value: object, kind: str = "price", places: int = 2, **more: object) -> Slot:
    """A slot of a number, through its shortest decimal."""
    number = value if isinstance(value, Decimal) else Decimal(repr(float(value)))  # type: ignore[arg-type]
    return replace(Slot(kind, number, places), **more)  # type: ignore[arg-type]


def rounded(value: Decimal, places: int) -> Decimal:
    """Rounded half up, as people do."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def grouped(value: Decimal) -> str:
    return f"{value:,}"


def render(slot: Slot, style: str, draw: random.Random) -> tuple[str, str]:
    """How a slot is written, and the class of a figure so written."""
    derived = "derived " if slot.derived else ""
    match slot.kind:
        case "symbol" | "word":
            return slot.text, slot.kind
        case "date":
            assert slot.day is not None
            return said_date(slot.day, style, draw), "date"
        case "percent":
            if style == "bp":
                return f"{rounded(abs(slot.value) * 100, 0)} basis points", derived + "basis points"
            places = draw.choice((1, 2)) if slot.places == 2 else slot.places
            sign = ""
            if style == "s":
                sign = "-" if slot.value < 0 else "+"
            gap = draw.choice(("%", " %", "%", " percent"))
            return f"{sign}{rounded(abs(slot.value), places)}{gap}", derived + "percent"
        case "price" | "money":
            return _money(slot, style, draw)
        case "quantity":
            return _compact(slot, style, draw)
        case "count":
            return grouped(rounded(slot.value, 0)), derived + "count"
        case _:
            places = draw.choice((slot.places, max(slot.places - 1, 1)))
            tail = "x" if style == "x" else ""
            return f"{rounded(slot.value, places)}{tail}", derived + "ratio"


def said_date(day: date, style: str, draw: random.Random) -> str:
    match style:
        case "quarter":
            return f"Q{(day.month + 2) // 3} {day.year}"
        case "us":
            return f"{day:%m/%d/%Y}"
        case "uk":
            return f"{day:%d/%m/%Y}"
        case "ord":
            ending = {1: "st", 2: "nd", 3: "rd"}.get(
                day.day % 10 if day.day // 10 != 1 else 0, "th"
            )
            return f"{day.day}{ending} of {day:%B} {day.year}"
    month = draw.choice((f"{day:%B}", f"{day:%b}"))
    forms = [f"{day}", f"{day.day} {month} {day.year}", f"{month} {day.day}, {day.year}",
             f"{day:%A} {day.day} {month} {day.year}"]  # fmt: skip
    return f"{day:%B} {day.year}" if style == "month" else draw.choice(forms)


def _money(slot: Slot, style: str, draw: random.Random) -> tuple[str, str]:
    derived = "derived " if slot.derived else ""
    value = abs(slot.value)
    sign = draw.choice(("$", "$", "")) if style != "plain" else ""
    if style == "c" or value >= 10**7:
        return f"${_short(value, draw)}", derived + "compact"
    if style in ("usd", "word"):
        told = grouped(rounded(value, slot.places))
        return (f"USD {told}" if style == "usd" else f"{told} dollars"), derived + "exact"
    if style == "round":
        return f"{sign}{grouped(rounded(value, 0))}", derived + "about"
    if style == "about":
        digits = len(str(int(value)))
        to = 0 if digits <= 3 else 3 - digits
        word = draw.choice(("about ", "around ", "roughly ", "~"))
        return f"{word}{sign}{grouped(int(rounded(value, to)) * Decimal(1))}", derived + "about"
    if style == "r" or (style != "exact" and draw.random() < 0.3):
        places = draw.choice((0, 1)) if value >= 100 else 1
        return f"{sign}{grouped(rounded(value, places))}", derived + "rounded"
    return f"{sign}{grouped(rounded(value, slot.places))}", derived + "exact"


def _compact(slot: Slot, style: str, draw: random.Random) -> tuple[str, str]:
    if style == "k":
        said = grouped(rounded(slot.value / 1000, 0))
        return (
            f"{said}{draw.choice(('k', 'K', ' thousand'))}",
            slot.derived * "derived " + "compact",
        )
    if style == "full" or slot.value < 10_000:
        return grouped(rounded(slot.value, 0)), "exact"
    return _short(slot.value, draw), "compact"


def _short(value: Decimal, draw: random.Random) -> str:
    for power, names in ((12, ("tn", " trillion", "T")), (9, ("bn", " billion", "B")),
                         (6, ("M", " million", "m")), (3, ("k", "K"))):  # fmt: skip
        if value >= 10**power:
            places = draw.choice((1, 2))
            return f"{rounded(value.scaleb(-power), places)}{draw.choice(names)}"
    return grouped(rounded(value, 2))
