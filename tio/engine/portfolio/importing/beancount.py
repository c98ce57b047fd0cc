"""Beancount's journal: the transactions that say investing, and what tio wrote of itself.

Costs {…} and {{…}}, prices @ and @@, metadata, tags and pushtag are read; an include cannot be
followed, and arithmetic in amounts is not reckoned: both are refused by line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tio.api.errors import Invalid
from tio.engine.portfolio.importing.journal import Amount, Booking, Posting
from tio.engine.portfolio.importing.journal_meaning import RootOf
from tio.engine.portfolio.importing.journal_rows import rows
from tio.engine.portfolio.importing.records import plain_number
from tio.engine.portfolio.importing.rows import Row
from tio.engine.portfolio.importing.taking import refused
from tio.engine.portfolio.importing.writing.as_beancount import BEANCOUNT
from tio.engine.portfolio.moments import zone_named

_DATED = re.compile(r"(\d{4}[-/]\d{2}[-/]\d{2})\s+(\S+)(.*)")
_OTHER = re.compile(r"(open|close|commodity|price|balance|pad|note|document|event|query|custom)$")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_META = re.compile(r"([a-z][\w-]*):\s*(.*)")
_NUMBER = r"[+-]?\s*[\d,]*\.?\d+"
_POSTING = re.compile(
    rf"(?:[*!A-Z]\s+)?(?P<account>[A-Z][\w-]*(?::[\w-]+)+)"
    rf"(?:\s+(?P<number>{_NUMBER})\s*(?P<commodity>[A-Z][\w'.-]*))?"
    rf"(?:\s*(?P<cost>\{{\{{?[^}}]*\}}\}}?))?"
    rf"(?:\s*(?P<at>@@?)\s*(?P<price>{_NUMBER})\s*(?P<in>[A-Z][\w'.-]*))?\s*"
)
_COST = re.compile(rf"({_NUMBER})\s*([A-Z][\w'.-]*)")
_DIRECTIVE = re.compile(
    r'^(option\s+"|plugin\s+"|\d{4}-\d{2}-\d{2}\s+(open\s+[A-Z][\w-]*:|commodity\s+[A-Z]|'
    r'(txn|\*|!)\s+".*"))',
    re.MULTILINE,
)
_KINDS = ("assets", "liabilities", "equity", "income", "expenses")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(slots=True)
class _Open:
    """A transaction being read."""

    line: int
    day: date
    text: str
    tags: tuple[str, ...]
    postings: list[Posting] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    wrong: str = ""

    def closed(self) -> Booking | Row:
        if self.wrong:
            return refused(self.line, self.wrong)
        return Booking(
            self.line, self.day, self.text, tuple(self.postings), tuple(self.told), self.tags
        )


class Beancount:
    """Reads Beancount's text."""

    name = "beancount"
    label = "Beancount"

    def recognises(self, text: str) -> bool:
        return is_beancount(text)

    def read(self, text: str, zone: str) -> Iterator[Row]:
        there = zone_named(zone)
        found = list(_bookings(text.removeprefix("\ufeff")))
        yield from rows(found, BEANCOUNT, _roots(text), there)


def is_beancount(text: str) -> bool:
    """Whether a text has directives only Beancount has."""
    return bool(_DIRECTIVE.search(text))


def _roots(text: str) -> RootOf:
    """Types by the first part of an account's name, which options may rename."""
    names = {kind.capitalize(): kind for kind in _KINDS}
    for kind, name in re.findall(r'^option\s+"name_(\w+)"\s+"(\w+)"', text, re.MULTILINE):
        if kind in _KINDS:
            names = {old: each for old, each in names.items() if each != kind} | {name: kind}
    return lambda account: names.get(account.partition(":")[0], "")


def _bookings(text: str) -> Iterator[Booking | Row]:
    now: _Open | None = None
    pushed: list[str] = []
    for line, whole in enumerate(text.split("\n"), 1):
        content = _uncommented(whole).rstrip()
        if not content.strip():
            continue
        if content[0] in " \t":
            if now is not None:
                _take(now, content.strip(), line)
            continue
        if now is not None:
            yield now.closed()
            now = None
        if content.startswith("include"):
            yield refused(line, "another file is included: import it by itself")
        elif content.startswith(("pushtag", "poptag")):
            word, _, tag = content.partition("#")
            pushed = [each for each in pushed if each != tag.strip()]
            pushed += [tag.strip()] if word.startswith("push") else []
        elif (dated := _DATED.match(content)) and not _OTHER.match(dated[2]):
            try:
                now = _opened(line, dated, pushed)
            except Invalid as error:
                yield refused(line, error)
    if now is not None:
        yield now.closed()


def _opened(line: int, dated: re.Match[str], pushed: list[str]) -> _Open:
    try:
        day = date.fromisoformat(dated[1].replace("/", "-"))
    except ValueError:
        raise Invalid(f"{dated[1]} is no date") from None
    flag, rest = dated[2], dated[3]
    if flag != "txn" and not re.fullmatch(r"[*!#&?%PSTCURM]", flag):
        raise Invalid(f"there is no directive {flag!r}")
    strings = [_unquoted(each) for each in _STRING.findall(rest)]
    tags = re.findall(r"#([\w/.-]+)", _STRING.sub("", rest))
    return _Open(line, day, " – ".join(each for each in strings if each), (*tags, *pushed))


def _take(now: _Open, content: str, line: int) -> None:
    meta = _META.fullmatch(content)
    if meta:
        value = _STRING.match(meta[2])
        if meta[1].startswith("tio-") and value:
            now.told.append((meta[1][4:].replace("-", "_"), _unquoted(value[1])))
        return
    if re.fullmatch(r"[#^][\w/.\s#^-]+", content):
        now.tags += tuple(re.findall(r"#([\w/.-]+)", content))
        return
    try:
        now.postings.append(_posting(content, line))
    except Invalid as error:
        now.wrong = now.wrong or f"line {line}: {error.message}"


def _posting(content: str, line: int) -> Posting:
    match = _POSTING.fullmatch(content)
    if match is None:
        raise Invalid(f"{content!r} is no posting that can be read")
    if match["number"] is None:
        return Posting(match["account"], None, line=line)
    amount = Amount(_number(match["number"]), match["commodity"])
    worth = None
    if match["at"]:
        price = _number(match["price"])
        worth = Amount(price if match["at"] == "@@" else price * abs(amount.number), match["in"])
    return Posting(match["account"], amount, _cost(match["cost"], amount), worth, line)


def _cost(text: str | None, amount: Amount) -> Amount | None:
    """A unit's cost of {150 USD, 2024-01-31, "lot"}, {{1500 USD}}; None of {}."""
    if not text:
        return None
    if "#" in text:
        raise Invalid(f"a cost of two parts, {text}, cannot be read")
    found = _COST.search(_STRING.sub("", text))
    if found is None:
        return None
    number = _number(found[1])
    if text.startswith("{{") and amount.number:
        number /= abs(amount.number)
    return Amount(number, found[2])


def _number(text: str) -> Decimal:
    return plain_number(text.replace(" ", ""), "amount")


def _uncommented(line: str) -> str:
    """The line before a ; that is in no string; a line of * or another mark is a heading."""
    if line[:1] in ("*", ";", "#", ":", "!", "&", "?", "%") and line[:1] not in " \t":
        return ""
    bare = _STRING.sub(lambda match: "x" * len(match[0]), line)
    return line[: bare.index(";")] if ";" in bare else line


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), text)
