"""Amounts as hledger takes them: $-500, -5 AAPL, 1.000,50 €, 3 "BRK.B"."""

import re
from dataclasses import dataclass
from decimal import Decimal

from tio.api.errors import Invalid
from tio.engine.portfolio.importing.journal import Amount

_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "₩": "KRW"}
_NAME = r"\"[^\"]+\"|[^\s\d.,;@{}()=+\-\"*]+"
_AMOUNT = re.compile(
    rf"(?P<sign>[+-]?)\s*(?P<left>{_NAME})?\s*(?P<inner>[+-]?)\s*"
    rf"(?P<number>\d[\d.,\s']*(?:[eE][+-]?\d+)?|[.,]\d+)\s*(?P<right>{_NAME})?"
)


@dataclass(frozen=True, slots=True)
class Marks:
    """How numbers are written: `decimal` is "." or ",", "" where each is to be judged itself."""

    decimal: str = ""

    def number(self, text: str) -> Decimal:
        """1,234.50 or 1.234,50; Invalid where it may be either."""
        text = re.sub(r"[\s']", "", text)
        mark = self.decimal or _decimal_mark(text)
        grouping = "." if mark == "," else ","
        if mark and text.count(mark) > 1:
            raise Invalid(f"{text} has two decimal marks")
        before, _, after = text.partition(mark or ".")
        groups = before.split(grouping)[1:]
        if grouping in after or any(len(group) not in (2, 3) for group in groups):
            raise Invalid(f"{text} is no number that can be read")
        return Decimal(text.replace(grouping, "").replace(mark or ".", "."))


def amount(text: str, marks: Marks) -> Amount:
    """A number with its commodity; Invalid."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None or (match["left"] and match["right"]):
        raise Invalid(f"{text.strip()!r} is no amount that can be read")
    name = (match["left"] or match["right"] or "").strip('"')
    if not name:
        raise Invalid(f"{text.strip()} does not say of what")
    negative = (match["sign"] == "-") != (match["inner"] == "-")
    number = marks.number(match["number"])
    return Amount(-number if negative else number, _SIGNS.get(name, name))


def cost(text: str, of: Amount, marks: Marks) -> Amount | None:
    """A unit's cost of {$50}, {=$50}, {2026-01-01, "lot", $50} or {{$500}}; None of {}."""
    for part in re.split(r",(?=\s)", text.strip("{} ")):
        told = part.strip().removeprefix("=")
        if told and not re.match(r'\d{4}-\d\d-\d\d$|"[^"]*"$', told):
            found = amount(told, marks)
            if text.startswith("{{") and of.number:
                return Amount(found.number / abs(of.number), found.commodity)
            return found
    return None


def _decimal_mark(text: str) -> str:
    """The last mark, unless marks of its kind group thousands."""
    marks = re.findall(r"[.,]", text)
    if not marks:
        return ""
    last = str(marks[-1])
    if len(set(marks)) == 1 and len(marks) > 1:
        return {",": ".", ".": ","}[last]
    return last
