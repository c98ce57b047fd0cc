"""The figures of a sentence: numbers, dates, times, each with its span and how it is said."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from tio.engine.analyst.grounding import dates
from tio.engine.analyst.grounding.spelling import NUMBER, currency, parse

ONE = Decimal(1)


class Form(StrEnum):
    """How a figure is said."""

    plain = "plain"
    money = "money"
    percent = "percent"
    multiple = "multiple"
    date = "date"
    time = "time"
    symbol = "symbol"


class Bound(StrEnum):
    """What a word before a number says of its exactness."""

    exact = "exact"
    about = "about"
    over = "over"
    under = "under"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; `start` and `end` count characters of its sentence.

    `value` of a percentage is in percent, basis points too; `quantum` is one unit of its last
    digit, `digits` how many bear meaning. `sign` is −1 or 1 where written, else 0.
    """

    start: int
    end: int
    text: str
    form: Form
    value: Decimal = Decimal(0)
    quantum: Decimal = ONE
    digits: int = 0
    sign: int = 0
    bound: Bound = Bound.exact
    unit: str = ""
    noun: str = ""
    day: dates.Written | None = None
    clock: dates.TimeOfDay | None = None


_ABOUT = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|approx\.?|circa|ca\.?|some|near|close to|nearly"
    r"|almost|just (?:under|over|above|below)|rund|etwa)|[~≈])\s?(?:the\s|a\s|at\s)?$",
    re.IGNORECASE,
)
_OVER = re.compile(
    r"\b(?:over|above|more than|at least|exceed(?:s|ing|ed)?|upwards of|topp(?:ed|ing)|past"
    r"|über|north of|beyond)\s?$",
    re.IGNORECASE,
)
_UNDER = re.compile(
    r"\b(?:under|below|less than|fewer than|at most|up to|short of|beneath|unter|south of)\s?$",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\w.,$€£])(?:\+?\d{1,3}[\s-])?(?:\(\d{2,5}\)\s?|\d{2,5}[\s-])\d{2,4}[\s-]\d{2,6}(?![\w.,%])"
)
"""What is dialled is one figure, and stands on nothing."""
_NOUN = re.compile(r"[\s-]{1,2}([A-Za-z]+)")
_JOIN = re.compile(r"\s?(?:–|-|—|to|and|bis)\s?(?:about\s|around\s)?[$€£¥]?$")


def scan(text: str) -> list[Figure]:
    """Every number, date and time of a sentence, in order."""
    days = dates.dates(text)
    found = [
        Figure(one.start, one.end, text[one.start : one.end], Form.date, day=one) for one in days
    ]
    taken = [(one.start, one.end) for one in days]
    for clock in dates.times(text):
        if _free(taken, clock.start, clock.end):
            taken.append((clock.start, clock.end))
            words = text[clock.start : clock.end]
            found.append(Figure(clock.start, clock.end, words, Form.time, clock=clock))
    for phone in _PHONE.finditer(text):
        if _free(taken, phone.start(), phone.end()) and sum(map(str.isdigit, phone.group())) >= 9:
            taken.append((phone.start(), phone.end()))
            value = Decimal("".join(filter(str.isdigit, phone.group())))
            found.append(
                Figure(phone.start(), phone.end(), phone.group(), Form.plain, value, digits=16)
            )
    numbers = NUMBER.finditer(text)
    found += [_number(text, one) for one in numbers if _free(taken, one.start(), one.end())]
    found.sort(key=lambda one: one.start)
    return _ranges(text, found)


def _free(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    return all(end <= first or last <= start for first, last in taken)


def _number(text: str, match: re.Match[str]) -> Figure:
    written = parse(match["digits"], match["multiple"] or "")
    value, quantum = written.value, written.quantum
    sign = {"-": -1, "−": -1, "–": -1, "+": 1}.get((match["sign"] or match["sign2"] or "")[:1], 0)
    mark = match["before"] or match["after"] or ""
    form, unit = Form.plain, ""
    if match["percent"]:
        form = Form.percent
        if match["percent"].lower().startswith(("b", "basis")):
            value, quantum = value.scaleb(-2), quantum.scaleb(-2)
    elif match["times"]:
        form = Form.multiple
    elif mark:
        form, unit = Form.money, currency(mark)
    start, end = match.start(), match.end()
    head = text[max(0, start - 24) : start]
    bound = Bound.exact
    for kind, pattern in ((Bound.about, _ABOUT), (Bound.over, _OVER), (Bound.under, _UNDER)):
        if pattern.search(head):
            bound = kind
    noun = _NOUN.match(text, end)
    return Figure(
        start, end, match.group(), form, value, quantum, written.digits, sign, bound, unit,
        noun[1].lower() if noun else "",
    )  # fmt: skip


def _ranges(text: str, found: list[Figure]) -> list[Figure]:
    """A unit said once for both ends of a range belongs to both."""
    for index in range(len(found) - 1):
        first, second = found[index], found[index + 1]
        joint = text[first.end : second.start]
        if second.sign or not _JOIN.fullmatch(joint):
            continue
        if "and" in joint and "between" not in text[max(0, first.start - 16) : first.start]:
            continue
        if first.form is Form.plain and second.form in (Form.percent, Form.multiple):
            found[index] = replace(first, form=second.form)
        elif first.form is Form.plain and second.form is Form.money and second.value > first.value:
            found[index] = _scaled(first, second)
        elif first.form is Form.money and second.form is Form.plain:
            found[index + 1] = replace(second, form=Form.money, unit=first.unit)
            found[index] = _scaled(first, found[index + 1])
    return found


def _scaled(first: Figure, second: Figure) -> Figure:
    power = second.quantum.adjusted() - first.quantum.adjusted()
    first = replace(first, form=Form.money, unit=second.unit)
    if power >= 3 and re.search("[a-zA-Z]", second.text) and not re.search("[a-zA-Z]", first.text):
        return replace(first, value=first.value.scaleb(power), quantum=first.quantum.scaleb(power))
    return first
