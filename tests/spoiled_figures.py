"""Figures made wrong: a digit changed or swapped, a scale, a unit, a value or day of another."""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from answer_values import Slot, grouped, render, rounded, said_date


def spoiled(slot: Slot, style: str, text: str, draw: random.Random, mutation: str) -> str | None:
    """The slot said wrongly; None when that mutation does not fit it."""
    if slot.kind == "date":
        return _wrong_date(slot, style, draw, mutation)
    if mutation in ("date", "year"):
        return None
    for _ in range(20):
        other = MUTATIONS[mutation](slot, style, text, draw) if mutation in MUTATIONS else None
        if other is None:
            return None
        if _differs(slot, style, text, other):
            return other
    return None


def _wrong_date(slot: Slot, style: str, draw: random.Random, mutation: str) -> str | None:
    assert slot.day is not None
    if mutation == "date":
        step = draw.choice((-7, -3, -2, -1, 1, 2, 3, 7)) * {"month": 31, "quarter": 92}.get(
            style, 1
        )
        return said_date(slot.day + timedelta(days=step), style, draw)
    if mutation == "year":
        return said_date(slot.day - timedelta(days=364 * draw.choice((1, -1, 2))), style, draw)
    return None


def _differs(slot: Slot, style: str, text: str, other: str) -> bool:
    """Whether the other text says a value the slot's does not round to."""
    if other == text:
        return False
    said, was = _said(other), abs(slot.value)
    if said is None:
        return False
    value, unit = said
    off = abs(value - was)
    if style == "round" or re.match(r"about|around|roughly|~", text):
        return off > max(unit, value * Decimal("0.03"))
    return off > unit * Decimal("0.51")


_POWERS = {"tn": 12, "trillion": 12, "T": 12, "bn": 9, "billion": 9, "B": 9, "M": 6, "million": 6,
           "m": 6, "k": 3, "K": 3, "thousand": 3, "basis": -2}  # fmt: skip


def _said(text: str) -> tuple[Decimal, Decimal] | None:
    found = re.search(r"([\d,]+(?:\.\d+)?)\s?([A-Za-z]+)?", text)
    if not found:
        return None
    plain = found[1].replace(",", "")
    power = _POWERS.get(found[2] or "", 0)
    unit = Decimal(1).scaleb(power - len(plain.partition(".")[2]))
    return Decimal(plain).scaleb(power), unit


def _digit(slot: Slot, style: str, text: str, draw: random.Random) -> str | None:
    places = [n for n, letter in enumerate(text) if letter.isdigit()]
    at = draw.choice(places)
    low = 1 if at == places[0] and len(places) > 1 else 0
    return text[:at] + str(draw.randint(low, 9)) + text[at + 1 :]


def _swapped(slot: Slot, style: str, text: str, draw: random.Random) -> str | None:
    places = [n for n, letter in enumerate(text) if letter.isdigit()]
    if len(places) < 2:
        return None
    first = draw.randrange(len(places) - 1)
    a, b = places[first], places[first + 1]
    if first == 0 and text[b] == "0":
        return text[:-1] + text[-1:]
    letters = list(text)
    letters[a], letters[b] = letters[b], letters[a]
    return "".join(letters)


def _scaled(slot: Slot, style: str, text: str, draw: random.Random) -> str | None:
    power = draw.choice((-1, 1))
    return render(replace(slot, value=slot.value.scaleb(power)), style, draw)[0]


def _invented(slot: Slot, style: str, text: str, draw: random.Random) -> str | None:
    factor = Decimal(str(round(draw.choice((-1, 1)) * draw.uniform(0.02, 0.3) + 1, 6)))
    if slot.kind == "count":
        return grouped(rounded(slot.value, 0) + draw.choice((-3, -2, -1, 1, 2, 3, 7)))
    return render(replace(slot, value=slot.value * factor), style, draw)[0]


def _others(slot: Slot, style: str, text: str, draw: random.Random) -> str | None:
    if slot.twin is None:
        return None
    return render(replace(slot, value=slot.twin), style, draw)[0]


def _unit(slot: Slot, style: str, text: str, draw: random.Random) -> str | None:
    for one, other in ((" million", " billion"), ("bn", "M"), (" billion", " million"), ("M", "bn"),
                       ("tn", "bn"), (" trillion", " billion"), ("k", "M")):  # fmt: skip
        if one in text:
            return text.replace(one, other)
    if slot.kind == "percent" and "basis" not in text:
        return re.sub(r"\s?(?:%|percent)", " basis points", text)
    return None


MUTATIONS: dict[str, Callable[[Slot, str, str, random.Random], str | None]] = {
    "digit": _digit,
    "transposed": _swapped,
    "scale": _scaled,
    "invented": _invented,
    "other's value": _others,
    "unit": _unit,
}


def _slipped(slot: Slot, style: str, text: str, draw: random.Random) -> str | None:
    """231.37 told as 23.137: what a small model did."""
    whole, point, places = text.partition(".")
    if not point or "," in text or not whole[-2:].isdigit():
        return None
    return f"{whole[:-1]}.{whole[-1]}{places}"


MUTATIONS["slipped"] = _slipped
EVERY = ("digit", "transposed", "scale", "invented", "other's value", "unit", "date", "year",
         "ticker", "direction")  # fmt: skip
LATER = (*EVERY, "slipped")
