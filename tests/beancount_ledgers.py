"""A reader of the little ledgers in Beancount's booking tests."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_HEAD = re.compile(r"^(\d{4}-\d\d-\d\d) \*(.*)$")
_POSTING = re.compile(
    r"^\s+(?P<merge>[A-Z] )?(?P<account>Assets:\S+)\s+(?P<units>-?[\d.]+)?\s*"
    r"(?P<symbol>[A-Z]+)(?:\s+\{(?P<cost>.*)\})?\s*(?P<rest>@.*)?$"
)


@dataclass(frozen=True)
class Posting:
    units: Decimal
    symbol: str
    price: Decimal | None
    currency: str
    day: str
    label: str
    merge: bool
    at_cost: bool
    """Whether it has braces, be they empty."""


@dataclass(frozen=True)
class Block:
    day: str
    tags: frozenset[str]
    postings: tuple[Posting, ...]
    error: str


def blocks_of(ledger: str) -> Iterator[Block]:
    """The blocks of a ledger; postings that lack a number are left out."""
    head, postings, error = None, list[Posting](), ""
    for line in [*ledger.splitlines(), "9999-01-01 *"]:
        if found := _HEAD.match(line):
            if head:
                yield Block(head[1], frozenset(head[2].split()), tuple(postings), error)
            head, postings, error = found, [], ""
        elif "error:" in line:
            error = line.split('"')[1]
        elif (told := _POSTING.match(line)) and told["units"] is not None:
            postings.append(_posting(told))


def _posting(told: re.Match[str]) -> Posting:
    price, currency, day, label = None, "", "", ""
    for part in (told["cost"] or "").split(","):
        words = part.split()
        if not words:
            continue
        if re.fullmatch(r"\d{4}-\d\d-\d\d", words[0]):
            day = words[0]
        elif words[0].startswith('"'):
            label = words[0].strip('"')
        else:
            price = Decimal(words[0]) if words[0][0].isdigit() else None
            currency = words[-1] if words[-1].isalpha() else ""
    return Posting(
        Decimal(told["units"]),
        told["symbol"],
        price,
        currency,
        day,
        label,
        told["merge"] == "M ",
        told["cost"] is not None,
    )
