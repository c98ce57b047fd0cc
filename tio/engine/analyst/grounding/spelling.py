"""How a number is written: separators, suffixes, signs, and the rounding its digits imply."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

CURRENCY_SIGNS = {"$": "$", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "A$": "AUD",
                  "C$": "CAD", "HK$": "HKD", "CHF": "CHF", "₿": "BTC", "₹": "INR"}  # fmt: skip
CODES = frozenset(
    "USD EUR GBP JPY CHF CAD AUD NZD SEK NOK DKK HKD SGD CNY INR BRL ZAR KRW MXN PLN TRY USDT "
    "USDC BTC ETH GBp GBX dollars euros pounds yen francs".split()
)
_NAMED = {"dollars": "$", "euros": "EUR", "pounds": "GBP", "yen": "JPY", "francs": "CHF"}
MULTIPLES = {
    "k": 3, "thousand": 3, "tsd": 3, "m": 6, "mn": 6, "mm": 6, "mio": 6, "million": 6,
    "millions": 6, "millionen": 6, "b": 9, "bn": 9, "billion": 9, "billions": 9, "mrd": 9,
    "milliarden": 9, "t": 12, "tn": 12, "trn": 12, "trillion": 12, "trillions": 12,
}  # fmt: skip
DIGITS = (
    r"\d{1,3}(?:[,\u00a0\u202f\u2009'’]\d{3})+(?!\d)(?:\.\d+)?|\d{1,3}(?:\.\d{3})+,\d+"
    r"|\d+(?:[.,]\d+)?|\.\d+"
)
_SIGNS = "|".join(re.escape(sign) for sign in sorted(CURRENCY_SIGNS, key=len, reverse=True))
_CODES = "|".join(sorted(CODES, key=len, reverse=True))
_MULTIPLES = "|".join(sorted(MULTIPLES, key=len, reverse=True))
NUMBER = re.compile(
    rf"(?<![\w.,'])(?P<sign>(?<!\d)[-−–+±](?=[\d.$€£¥]))?"
    rf"(?P<before>(?:{_SIGNS})\s?|\b(?:{_CODES})\s)?(?P<sign2>[-−+](?=\d))?"
    rf"(?P<digits>{DIGITS})"
    rf"(?:(?P<gap>[ \u00a0\u202f-]?)(?P<multiple>(?i:(?:mio|mrd|tsd)\b\.?|(?:{_MULTIPLES})\b)))?"
    rf"(?:\s?(?P<percent>%|percentage points?|per ?cent|percent|pp\b|bps?\b|basis points?)"
    rf"|(?P<times>[x×](?!\w)|-?\s?fold\b|\stimes\b)"
    rf"|(?:\s?(?P<after>{_SIGNS}|(?:{_CODES})\b)))?"
)
"""A number with what is written around it. `gap` tells 5m (a span) from 5 m."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a number says: its value, one unit of its last digit, and how many digits bear it."""

    value: Decimal
    quantum: Decimal
    digits: int


def parse(digits: str, multiple: str = "") -> Written:
    """The value of a number as written: 1,234.5 · 1.234,5 · 12,5 · 2.1 with `bn`."""
    plain = re.sub(r"[\u00a0\u202f\u2009'’]", "", digits)
    if "," in plain and "." in plain:
        european = plain.rindex(",") > plain.rindex(".")
        plain = plain.replace(".", "").replace(",", ".") if european else plain.replace(",", "")
    elif "," in plain:
        grouped = re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+", plain) is not None
        plain = plain.replace(",", "") if grouped else plain.replace(",", ".")
    value = Decimal(plain)
    power = MULTIPLES.get(multiple.lower().rstrip("."), 0) if multiple else 0
    places = len(plain.partition(".")[2])
    quantum = Decimal(1).scaleb(power - places)
    borne = plain.replace(".", "").lstrip("0")
    return Written(value.scaleb(power), quantum, len(borne) if places else len(borne.rstrip("0")))


def currency(mark: str) -> str:
    """The code a sign or word stands for; "$" is any dollar."""
    mark = mark.strip()
    return CURRENCY_SIGNS.get(mark, _NAMED.get(mark, mark))


def prose_numbers(text: str) -> Iterator[tuple[Decimal, bool]]:
    """The numbers of a text a tool gave, and whether each is a percentage (bp told in percent)."""
    for found in NUMBER.finditer(text):
        value = parse(found["digits"], found["multiple"] or "").value
        if (found["sign"] or found["sign2"] or "") in ("-", "−"):
            value = -value
        percent = found["percent"] or ""
        yield value.scaleb(-2) if percent.startswith(("b", "basis")) else value, bool(percent)
