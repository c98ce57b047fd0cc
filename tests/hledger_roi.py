"""hledger's tests of its `roi` command: their journals as daily series, and what they expect."""

import re
import shlex
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from tio.engine.portfolio.returns import Floats

import recorded

FILE = "6_portfolio/hledger/roi.test.gz"
SYMBOL = r'"[^"]+"|[^\s\d\-+.,@=;"]+'
AMOUNT = re.compile(
    rf"(?P<sign>[-+]?)\s*(?P<before>{SYMBOL})?\s*(?P<minus>[-+]?)"
    rf"(?P<number>\d[\d,]*(?:\.\d*)?)\s*(?P<after>{SYMBOL})?"
)
POSTING = re.compile(
    r"\s+(?P<account>\S+(?: \S+)*)(?:\s{2,}(?P<amount>[^@=]*?)\s*"
    r"(?:(?P<at>@@?)\s*(?P<cost>[^=]+?))?\s*(?:=\s*(?P<left>.+))?)?\s*$"
)


class Amount(NamedTuple):
    number: float
    unit: str


class Posting(NamedTuple):
    day: date
    account: str
    amount: Amount
    others: tuple[str, ...]
    """The accounts of its transaction."""


@dataclass(frozen=True)
class Row:
    """One period of the table: money as printed, rates in percent."""

    begin: date
    end: date
    opening: float
    cashflow: float
    closing: float
    irr: float
    twr: float
    twr_year: float


@dataclass(frozen=True)
class Series:
    """A row's days: what `time_weighted` and `xirr` take."""

    opening: float
    value: Floats
    flow: Floats

    def dated(self, begin: date) -> tuple[list[date], list[float]]:
        """The flows as an investor sees them; the closing value is there when the period ends."""
        flows = [(begin, -self.opening)]
        flows += [(begin + timedelta(day), -paid) for day, paid in enumerate(self.flow) if paid]
        flows += [(begin + timedelta(len(self.flow)), float(self.value[-1]))]
        return [day for day, _ in flows], [paid for _, paid in flows]


@dataclass(frozen=True)
class Case:
    number: int
    journal: str
    command: str
    rows: tuple[Row, ...]

    def series(self, row: Row) -> Series:
        """Valued where the journal says a value: at a price, a gain, and the end of the row."""
        days = [row.begin + timedelta(n) for n in range((row.end - row.begin).days + 1)]
        value = np.full(len(days), np.nan)
        for number, day in enumerate(days):
            if day in self._told or day == row.end:
                value[number] = self._worth(day, row.end)
        flow = np.zeros(len(days))
        for posting in self._outside:
            if row.begin <= posting.day <= row.end:
                paid = self._in_money(posting.amount, posting.day, row.end)
                flow[(posting.day - row.begin).days] -= paid
        return Series(self._worth(row.begin - timedelta(1), row.end), value, flow)

    @cached_property
    def _options(self) -> dict[str, str]:
        words = shlex.split(self.command.replace("=", " "))
        return {word: value.strip('"') for word, value in pairwise(words) if word.startswith("--")}

    def _is(self, option: str, account: str) -> bool:
        wanted = self._options.get(option)
        return (
            option == "--inv" if wanted is None else bool(re.search(wanted, account, re.IGNORECASE))
        )

    @cached_property
    def _postings(self) -> tuple[Posting, ...]:
        return tuple(_postings(self.journal))

    @cached_property
    def _outside(self) -> list[Posting]:
        """What went between the investment and the world."""
        return [
            posting
            for posting in self._postings
            if any(self._is("--inv", account) for account in posting.others)
            and not self._is("--inv", posting.account)
            and not self._is("--pnl", posting.account)
        ]

    @cached_property
    def _told(self) -> set[date]:
        gains = {posting.day for posting in self._postings if self._is("--pnl", posting.account)}
        return gains | {day for day, _, _ in self._prices}

    @cached_property
    def _prices(self) -> list[tuple[date, str, Amount]]:
        found = re.findall(rf"^P (\S+) ({SYMBOL}) (.+?)\s*$", self.journal, re.MULTILINE)
        prices = [(_day(day), unit.strip('"'), _amount(text)) for day, unit, text in found]
        if "--infer-market-prices" in self.command:
            prices += list(_inferred(self.journal))
        return sorted(prices, key=lambda price: price[0])

    def _worth(self, day: date, end: date) -> float:
        held: dict[str, float] = defaultdict(float)
        for posting in self._postings:
            if posting.day <= day and self._is("--inv", posting.account):
                held[posting.amount.unit] += posting.amount.number
        return sum(self._in_money(Amount(n, unit), day, end) for unit, n in held.items() if n)

    def _in_money(self, amount: Amount, day: date, end: date) -> float:
        """In the unit asked for by --value, through any chain of prices known that day."""
        when, _, wanted = self._options.get("--value", "").partition(",")
        if not when or amount.unit == wanted:
            return amount.number
        rates: dict[tuple[str, str], float] = {}
        for told, unit, price in self._prices:
            if told <= (end if when == "end" else day):
                rates[unit, price.unit] = price.number
                rates[price.unit, unit] = 1 / price.number
        reached = {amount.unit: amount.number}
        for _ in rates:
            for (unit, other), rate in rates.items():
                if unit in reached and other not in reached:
                    reached[other] = reached[unit] * rate
        return reached.get(wanted, max(reached.items(), key=lambda each: each[0] != amount.unit)[1])


def cases() -> tuple[Case, ...]:
    """Those that expect a table."""
    texts = re.split(r"^# \*\* ", recorded.read_text(FILE), flags=re.MULTILINE)[1:]
    return tuple(case for text in texts if (case := _case(text)).rows)


def _case(text: str) -> Case:
    heading, _, rest = text.partition("\n<\n")
    journal, _, answer = rest.partition("\n$ ")
    command, _, table = answer.partition("\n")
    cells = [
        [cell.strip() for cell in re.split(r"\|+", line)[2:-1]]
        for line in table.splitlines()
        if re.match(r"\| +(\d+|Total) ", line)
    ]
    return Case(int(heading.split(".")[0]), journal, command, tuple(map(_row, cells)))


def _row(cells: list[str]) -> Row:
    begin, end, opening, cashflow, closing, _, irr, twr, twr_year = cells
    money = [_amount(cell).number for cell in (opening, cashflow, closing)]
    rates = [float(cell.rstrip("%")) for cell in (irr, twr, twr_year)]
    return Row(_day(begin), _day(end), *money, *rates)


def _postings(journal: str) -> Iterator[Posting]:
    """Every posting with its amount, in the order of dates, balances filled in."""
    balance: dict[tuple[str, str], float] = defaultdict(float)
    for day, lines in sorted(_transactions(journal), key=lambda each: each[0]):
        rows: list[tuple[str, Amount | None]] = []
        costs: dict[str, float] = defaultdict(float)
        for line in lines:
            account, amount, cost = _posting(line, balance)
            rows.append((account, amount))
            if amount:
                costs[(cost or amount).unit] += (cost or amount).number
        for account, amount in rows:
            for each in [amount] if amount else [Amount(-n, unit) for unit, n in costs.items()]:
                balance[account, each.unit] += each.number
                yield Posting(day, account, each, tuple(name for name, _ in rows))


def _posting(
    line: str, balance: dict[tuple[str, str], float]
) -> tuple[str, Amount | None, Amount | None]:
    """Its account, its amount (None where it balances the others) and what that cost in all."""
    found = POSTING.match(line)
    assert found, line
    account = found["account"]
    if found["left"] and not found["amount"]:
        left = _amount(found["left"])
        return account, Amount(left.number - balance[account, left.unit], left.unit), None
    if not found["amount"]:
        return account, None, None
    amount = _amount(found["amount"])
    if not found["cost"]:
        return account, amount, None
    cost = _amount(found["cost"])
    each = abs(amount.number) if found["at"] == "@" else 1.0
    return account, amount, Amount(np.sign(amount.number) * each * cost.number, cost.unit)


def _inferred(journal: str) -> Iterator[tuple[date, str, Amount]]:
    """The prices at which one commodity was had for another."""
    for day, lines in _transactions(journal):
        parsed = [_posting(line, defaultdict(float)) for line in lines]
        for _, amount, cost in parsed:
            if amount and cost:
                yield day, amount.unit, Amount(abs(cost.number / amount.number), cost.unit)
        plain = [amount for _, amount, cost in parsed if amount]
        if len(plain) == len(parsed) == 2 and plain[0].unit != plain[1].unit:
            paid, had = plain
            yield day, had.unit, Amount(abs(paid.number / had.number), paid.unit)


def _transactions(journal: str) -> Iterator[tuple[date, list[str]]]:
    for block in re.split(r"\n(?=\S)", "\n" + journal):
        head, *lines = block.splitlines() or [""]
        if re.match(r"\d{4}[-/]", head):
            yield _day(head.split()[0]), [line for line in lines if line.strip()]


def _day(text: str) -> date:
    return date.fromisoformat(text.replace("/", "-"))


def _amount(text: str) -> Amount:
    found = AMOUNT.search(text)
    assert found, text
    number = float(found["number"].replace(",", ""))
    unit = (found["before"] or found["after"] or "").strip('"')
    return Amount(-number if "-" in (found["sign"], found["minus"]) else number, unit)
