"""A reader of hledger's shell tests and of the journals in them, as far as lots need it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

_AMOUNT = re.compile(
    r"(?P<sign>-)?(?P<left>[^\d\s,.+@{}=;\"'-]+)?\s?(?P<number>-?\d[\d.,]*)"
    r"(?:\s?(?P<right>[A-Za-z€]+))?"
)
_BASIS = re.compile(r"\{\{?[^}]*\}\}?")
_HEAD = re.compile(r"^(\d{4})[-/](\d\d)[-/](\d\d)(?: +(.*))?$")


@dataclass(frozen=True)
class Amount:
    number: Decimal
    unit: str


@dataclass(frozen=True)
class Basis:
    """A lot's cost, date and label, each where it is told; `total` is of all its units."""

    cost: Amount | None = None
    day: str = ""
    label: str = ""
    total: bool = False


@dataclass(frozen=True)
class Posting:
    """`basis` is in braces behind the amount, `named` in the account's name."""

    account: str
    amount: Amount | None = None
    basis: Basis | None = None
    named: Basis | None = None
    price: Amount | None = None
    whole_price: bool = False
    left: Amount | None = None


@dataclass(frozen=True)
class Entry:
    day: str
    text: str
    postings: tuple[Posting, ...]


@dataclass
class Journal:
    """Entries, market prices (day, symbol, price), and the lot methods that are declared."""

    entries: list[Entry] = field(default_factory=list)
    prices: list[tuple[str, str, Amount]] = field(default_factory=list)
    methods: dict[str, str] = field(default_factory=dict)
    """By commodity, or by account."""
    declared: set[str] = field(default_factory=set)
    """Commodities that are said to have lots."""
    gains: set[str] = field(default_factory=set)
    """Accounts that are said to hold gains."""


@dataclass(frozen=True)
class ShellTest:
    """A command on a journal, what it prints, and the error it is to end with."""

    title: str
    journal: str
    command: str
    output: str
    error: str
    fails: bool


def shell_tests(text: str) -> Iterator[ShellTest]:
    """Every command of a file; a command without a journal of its own is of the last one."""
    journal, title = "", ""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if line.startswith("# *"):
            title = line.strip("#* ")
        elif line == "<":
            begin = at
            while at < len(lines) and not lines[at].startswith("$ "):
                at += 1
            journal = "\n".join(lines[begin:at])
        elif line.startswith("$ "):
            begin = at
            while at < len(lines) and not lines[at].startswith(("# *", "<", "$ ", ">=")):
                at += 1
            told = "\n".join(lines[begin:at])
            output, _, error = told.partition(">2")
            status = lines[at] if at < len(lines) else ""
            fails = status.startswith(">=") and status.removeprefix(">=").strip() not in ("", "0")
            yield ShellTest(title, journal, line[2:], output, error.strip(" /\n"), fails)


def journal_of(text: str) -> Journal:
    """What a journal says."""
    made = Journal()
    for line in [*text.splitlines(), ""]:
        words, comment = line.partition(";")[0].split(), line.partition(";")[2]
        if line.startswith(("commodity", "account")) and len(words) > 1:
            _declare(made, line.partition(";")[0].split(maxsplit=1)[1].strip(), comment, words)
        elif line.startswith("P "):
            price = amount_of(" ".join(words[3:]))
            if price is not None:
                made.prices.append((words[1].replace("/", "-"), words[2], price))
        elif head := _HEAD.match(line):
            day = "-".join(head.groups()[:3])
            made.entries.append(Entry(day, (head[4] or "").split(";")[0].strip(), ()))
        elif line.startswith((" ", "\t")) and words and made.entries:
            last = made.entries[-1]
            made.entries[-1] = Entry(last.day, last.text, (*last.postings, _posting(line)))
    return made


def amount_of(text: str) -> Amount | None:
    """The first amount in a text."""
    found = _AMOUNT.search(text)
    if found is None:
        return None
    number = Decimal(found["number"].replace(",", "").rstrip("."))
    return Amount(-number if found["sign"] else number, found["left"] or found["right"] or "")


def basis_of(text: str) -> Basis | None:
    """What is in the braces of a text."""
    found = _BASIS.search(text)
    if found is None:
        return None
    inside = found[0].strip("{}")
    day = re.search(r"\d{4}-\d\d-\d\d", inside)
    label = re.search(r'"(.*?)"', inside)
    rest = re.sub(r'\d{4}-\d\d-\d\d|".*?"', "", inside)
    return Basis(
        amount_of(rest), day[0] if day else "", label[1] if label else "", found[0][1] == "{"
    )


def place_of(text: str) -> tuple[str, Basis | None]:
    """An account, and the lot its name ends in."""
    return re.sub(r":?\{.*\}$", "", text).strip("()"), basis_of(text)


def code(unit: str) -> str:
    """A currency's code; one letter is none."""
    return {"$": "USD", "€": "EUR", "Rs": "INR"}.get(unit, unit if len(unit) > 1 else f"X{unit}")


def _declare(made: Journal, name: str, comment: str, words: list[str]) -> None:
    commodity = words[0] == "commodity"
    if commodity:
        found = amount_of(name)
        name = found.unit if found else words[1]
    if tag := re.search(r"lots:\s*(\w*)", comment):
        made.methods[name] = tag[1].upper() or "FIFO"
        if commodity:
            made.declared.add(name)
    if re.search(r"type:\s*G", comment):
        made.gains.add(name)


def _posting(line: str) -> Posting:
    told = line.partition(";")[0].strip()
    name, _, rest = told.partition("  ")
    account, named = place_of(name.strip())
    rest, _, left = re.sub(r"=\*", "=", rest).partition("=")
    head, mark, price = rest.partition("@")
    basis = basis_of(head)
    return Posting(
        account,
        amount_of(_BASIS.sub("", head)),
        basis,
        named,
        amount_of(price) if mark else None,
        price.startswith("@"),
        amount_of(left) if left else None,
    )
