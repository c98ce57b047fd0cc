"""hledger's journal: the transactions that say investing, and what tio wrote of itself.

Costs {…} and prices @ and @@ are read, amounts with their symbol on either side. What would need
balances (assignments), other files (include) or rules (periodic, automatic and virtual postings)
is refused by line or, where it moves nothing by itself, passed over.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from tio.api.errors import Invalid
from tio.engine.portfolio.importing.beancount import is_beancount
from tio.engine.portfolio.importing.hledger_amounts import Marks, amount, cost
from tio.engine.portfolio.importing.journal import Amount, Booking, Posting
from tio.engine.portfolio.importing.journal_meaning import RootOf
from tio.engine.portfolio.importing.journal_rows import rows
from tio.engine.portfolio.importing.rows import Row
from tio.engine.portfolio.importing.taking import refused
from tio.engine.portfolio.importing.writing.as_hledger import HLEDGER
from tio.engine.portfolio.moments import zone_named

_DATED = re.compile(
    r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2})(?:=\S+)?(?:\s+[*!](?=\s))?(?:\s+\([^)]*\))?(.*)"
)
_PARTS = re.compile(
    r"(?P<amount>[^{@=]*)(?P<cost>\{\{?[^}]*\}\}?)?\s*(?:\[[^\]]*\]\s*)?(?:\([^)]*\)\s*)?"
    r"(?:(?P<at>@@?)(?P<price>[^=]*))?(?P<balance>=.*)?"
)
_ROOTS = (
    (re.compile(r"assets?(:|$)", re.IGNORECASE), "assets"),
    (re.compile(r"(debts?|liabilit(y|ies))(:|$)", re.IGNORECASE), "liabilities"),
    (re.compile(r"equity(:|$)", re.IGNORECASE), "equity"),
    (re.compile(r"(income|revenue)s?(:|$)", re.IGNORECASE), "income"),
    (re.compile(r"expenses?(:|$)", re.IGNORECASE), "expenses"),
)
_TYPES = {"A": "assets", "C": "assets", "L": "liabilities", "E": "equity", "V": "equity"}
_TYPES |= {"R": "income", "G": "income", "X": "expenses"}
_JOURNAL = re.compile(
    r"^; written by tio$|"
    r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[^\n,\"]*\n(?:[ \t]+;[^\n]*\n)*[ \t]+[^\s;][^\n]*:",
    re.MULTILINE,
)
_DECLARED = re.compile(r"^account\s+(.*?)\s*;.*?\btype:\s*([ACLEVRGX])\b", re.MULTILINE)
_TOLD = re.compile(r"tio-(\w+): (\".*\")")


@dataclass(slots=True)
class _Open:
    """A transaction being read; none whose rules make it count is kept."""

    line: int
    day: date
    text: str
    postings: list[Posting] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    wrong: str = ""

    def closed(self) -> Booking | Row:
        if self.wrong:
            return refused(self.line, self.wrong)
        return Booking(self.line, self.day, self.text, tuple(self.postings), tuple(self.told))


class Hledger:
    """Reads hledger's text; Ledger's too, as far as it is the same."""

    name = "hledger"
    label = "hledger, Ledger"

    def recognises(self, text: str) -> bool:
        return bool(_JOURNAL.search(text)) and not is_beancount(text)

    def read(self, text: str, zone: str) -> Iterator[Row]:
        there = zone_named(zone)
        found = list(_bookings(text.removeprefix("\ufeff")))
        yield from rows(found, HLEDGER, _roots(text), there)


def _roots(text: str) -> RootOf:
    """Types by what `account` directives declare, else by names."""
    declared = {name.strip(): _TYPES[kind] for name, kind in _DECLARED.findall(text)}

    def root(account: str) -> str:
        parts = account.split(":")
        for size in range(len(parts), 0, -1):
            if kind := declared.get(":".join(parts[:size])):
                return kind
        return next((kind for pattern, kind in _ROOTS if pattern.match(account)), "")

    return root


def _bookings(text: str) -> Iterator[Booking | Row]:
    now: _Open | None = None
    marks = Marks()
    commented = False
    for line, whole in enumerate(text.split("\n"), 1):
        content = whole.rstrip()
        if commented or content == "comment":
            commented = content != "end comment"
            continue
        if content[:1] in (" ", "\t") and content.strip():
            if now is not None:
                _take(now, content.strip(), line, marks)
            continue
        if now is not None:
            yield now.closed()
            now = None
        if content.startswith("include"):
            yield refused(line, "another file is included: import it by itself")
        elif content.startswith("decimal-mark"):
            marks = Marks(content.split()[-1])
        elif content[:1].isdigit():
            try:
                now = _opened(line, content)
            except Invalid as error:
                yield refused(line, error)
    if now is not None:
        yield now.closed()


def _opened(line: int, content: str) -> _Open:
    dated = _DATED.match(content)
    try:
        if dated is None:
            raise ValueError
        day = date(*(int(part) for part in re.split(r"[-/.]", dated[1])))
    except ValueError:
        raise Invalid(f"{content.split()[0]!r} is no date") from None
    return _Open(line, day, dated[2].partition(";")[0].strip())


def _take(now: _Open, content: str, line: int, marks: Marks) -> None:
    if content.startswith(";"):
        if told := _TOLD.search(content):
            try:
                now.told.append((told[1], json.loads(told[2])))
            except ValueError:
                now.wrong = now.wrong or f"line {line}: what tio wrote there was broken"
        return
    try:
        if posting := _posting(content, line, marks):
            now.postings.append(posting)
    except Invalid as error:
        now.wrong = now.wrong or f"line {line}: {error.message}"


def _posting(content: str, line: int, marks: Marks) -> Posting | None:
    """None for a virtual posting, which need not balance and moves nothing real."""
    account, rest = _parted(content)
    if account.startswith("("):
        return None
    masked = re.sub(r'"[^"]*"', lambda match: "x" * len(match[0]), rest)
    match = _PARTS.fullmatch(masked)
    if match is None or account.startswith("["):
        raise Invalid(f"{content!r} is no posting that can be read")

    def part(name: str) -> str:
        return rest[match.start(name) : match.end(name)].strip() if match[name] else ""

    if not part("amount"):
        if part("balance"):
            raise Invalid("a balance is assigned, and what that moves is not in the file")
        return Posting(account, None, line=line)
    moved = amount(part("amount"), marks)
    worth = None
    if part("at"):
        price = amount(part("price"), marks)
        number = price.number if part("at") == "@@" else price.number * abs(moved.number)
        worth = Amount(number, price.commodity)
    return Posting(account, moved, cost(part("cost"), moved, marks), worth, line)


def _parted(content: str) -> tuple[str, str]:
    """Account and what follows it after two spaces or a tab, without comment and status."""
    account, *rest = re.split(r"\s{2,}|\t", re.sub(r"^[*!]\s+", "", content), maxsplit=1)
    after = rest[0] if rest else ""
    bare = re.sub(r'"[^"]*"', lambda match: "x" * len(match[0]), after)
    if account.startswith(";") or not account:
        raise Invalid(f"{content!r} is no posting that can be read")
    return account.partition(" ;")[0], after[: bare.index(";")] if ";" in bare else after
