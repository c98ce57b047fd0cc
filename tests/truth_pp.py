"""Portfolio Performance's test files booked as a ledger, and its tests' figures beside ours.

What it calls cost with `TaxesAndFees.INCLUDED` has the taxes of a purchase in it, ours are apart:
there the entries carry them as fees. Its gains, and cost `NOT_INCLUDED`, know neither. Deliveries
are booked as trades, as it counts them. Its figures are rounded to cents, each by itself.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from ledgers import KIND, entry
from pp_clients import Client, client_of
from pp_ledger import Charges, Kept
from truth import Case, Figures, NoCounterpart, Verdict

from tio.api.portfolio import LotRule, Portfolio
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.tallies import total

import recorded

FOLDER = "6_portfolio/portfolio_performance"
ZERO = Decimal(0)
_RULES = {"FIFO": LotRule.fifo, "MOVING_AVERAGE": LotRule.average}
_TRADES = ("firstTrade", "secondTrade", "thirdTrade", "t", "trade")
_CENT = Decimal("0.02")
_MIXED = (
    "a lot paid in another currency than its price has none here, as the ledger knows the rate of "
    "what was paid alone; there its cost is turned at the rate of its day"
)


def cases() -> Iterator[Case]:
    """Every test of every file, and the examples of cost."""
    for told in json.loads(recorded.read_text(f"{FOLDER}/expected.shared.json.gz")):
        client = client_of(recorded.read_text(f"{FOLDER}/{told['xml']}.gz"))
        end = max((span[1] for span in told["intervals_in_file"]), default="9000-01-01")
        for test in told["tests"]:
            name = f"{told['java'].removesuffix('.java')}.{test['test']}"
            try:
                yield _Test(client, test["test"], test["assertions"], end).figures().case(name)
            except NoCounterpart as why:
                yield Case(name, Verdict.foreign, 0, str(why))
    yield from _examples()


def _examples() -> Iterator[Case]:
    told = json.loads(recorded.read_text(f"{FOLDER}/irr_and_cost_examples.json"), parse_float=str)
    for number, each in enumerate(told["cost"], 1):
        figures = Figures()
        entries = [
            entry(KIND(kind), 0, id=f"{at}", symbol="A", quantity=size, amount=amount, position=at)
            for at, (_, kind, size, amount) in enumerate(each["tx"])
        ]
        for name, rule in _RULES.items():
            books = Books(Portfolio(name="main", currency="USD", lots=rule), entries)
            cost = sum((held.lot.cost for held in books.held()), ZERO)
            figures.same(name, each[f"remaining_cost_{name.lower()}"], round(cost, 2))
        yield figures.case(f"cost examples {number}")


class _Test:
    def __init__(self, client: Client, name: str, assertions: list[str], end: str) -> None:
        if not assertions:
            raise NoCounterpart("what it expects is in its code and not in the record")
        if not client.trades:
            raise NoCounterpart("it is about a file's form, or about an account's return")
        self.client, self.assertions, self.kept = client, assertions, Kept(client, end)
        self.security = self._security(name)

    def _security(self, test: str) -> str:
        """The one the test is about: noted, told by name, alone, or the one sold so many times."""
        told = " ".join(self.assertions)
        if named := re.search(r'security\.getName\(\), is\("([^"]+)"\)', told):
            if named[1] not in self.client.notes:
                raise NoCounterpart("what it is about is not in the recorded file")
            return named[1]
        noted = [name for name, note in self.client.notes.items() if note == f"#{test}"]
        if noted:
            return noted[0]
        traded = list(dict.fromkeys(trade.security for trade in self.client.trades))
        size = re.search(r"trades\.size\(\), is\((\d+)\)", told)
        if size and len(traded) > 1:
            free = [name for name in traded if not self.client.notes[name]]
            fits = [n for n in free if len(self.kept.rounds(n, LotRule.fifo)) == int(size[1])]
            traded = fits if len(fits) == 1 else traded
        if len(traded) > 1 and "getQuote()" in told:
            currency = re.search(r'getQuote\(\), is\(Quote.of\("(\w+)"', told)
            traded = [n for n in traded if currency and self.client.currencies[n] == currency[1]]
        if len(traded) != 1:
            raise NoCounterpart(
                "its figures are of cash and several securities, at rates in its code"
            )
        return traded[0]

    def figures(self) -> Figures:
        found = Figures()
        for told in self.assertions:
            subject, _, value = told.partition(", ")
            subject = re.sub(r"\s+", "", subject)
            trade = subject.partition(".")[0] in _TRADES
            ours = self._trade_figure(subject) if trade else self._own(subject)
            theirs = number(value)
            mixed = "ForexCaptialGains" in subject and self._mixed()
            if mixed and theirs != ours:
                found.differing["the currency's part of a gain"] = _MIXED
            elif ours is None or theirs is None:
                found.left_out.add(subject)
            else:
                found.same(subject, theirs, ours, within=_CENT / max(abs(theirs), Decimal(1)))
        if not found.compared:
            raise NoCounterpart("it tells names or returns alone")
        return found

    def _own(self, subject: str) -> Decimal | None:
        figures: dict[str, Callable[[], Decimal | None]] = {
            "record.getSharesHeld()": lambda: self.kept.held(self.security).positions[0].quantity,
            "position.getPosition().getShares()": lambda: (
                self.kept.held(self.security).positions[0].quantity
            ),
            "record.getMarketValue()": lambda: self.kept.held(self.security).positions[0].value,
            "record.getQuote()": lambda: self.kept.price(self.security),
            "record.getFees()": lambda: self.kept.paid(self.security).fees,
            "feesCategory.getValuation()": lambda: self.kept.paid(self.security).fees,
            "record.getTaxes()": lambda: self.kept.paid(self.security).taxes,
            "record.getSumOfDividends()": lambda: self.kept.held(self.security).income,
            "record.getDelta()": self._delta,
            "record.getDividendEventCount()": lambda: Decimal(
                sum(trade.kind == "DIVIDENDS" for trade in self.kept.trades(self.security))
            ),
            "trades.size()": lambda: Decimal(len(self.kept.rounds(self.security, LotRule.fifo))),
        }
        if subject in figures:
            return figures[subject]()
        told = re.fullmatch(
            r"(record\w*|snapshotRecord)\.(\w+)\(CostMethod\.(\w+)(.*?)\)(.*)", subject
        )
        if told is None:
            return None
        rule, left_out = _RULES[told[3]], "NOT_INCLUDED" in told[4]
        position = self.kept.held(
            self.security, rule, Charges.none if left_out else Charges.fees
        ).positions[0]
        match told[2], told[5]:
            case "getCost", _:
                return position.base_cost
            case "getCostPerSharesHeld", _:
                return position.base_cost / position.quantity
            case "getCapitalGainsOnHoldings", _:
                return position.unrealised
            case "getUnrealizedCapitalGains", ".getCapitalGains()":
                return self.kept.held(self.security, rule, Charges.none).unrealised
            case "getUnrealizedCapitalGains", _:
                return self.kept.held(self.security, rule, Charges.none).positions[0].currency_gain
            case "getRealizedCapitalGains", _:
                return total(
                    self.kept.books(self.security, rule, Charges.none).tallies().values()
                ).realised
        return None

    def _mixed(self) -> bool:
        """Whether lots were paid in more currencies than one."""
        return len({trade.currency for trade in self.kept.trades(self.security)}) > 1

    def _delta(self) -> Decimal:
        told = self.kept.held(self.security)
        return told.realised + (told.unrealised or ZERO) + told.income

    def _trade_figure(self, subject: str) -> Decimal | None:
        name, _, what = subject.partition(".")
        fifo = self.kept.rounds(self.security, LotRule.fifo)
        at = max(_TRADES.index(name), 0) if name in _TRADES[:3] else 0
        one = fifo[at]
        match what:
            case "getEntryValue()":
                return one.cost
            case "getEntryValueMovingAverage()":
                return self.kept.rounds(self.security, LotRule.average)[at].cost
            case "getProfitLoss()":
                return one.gain
            case "getShares()":
                return one.shares
            case "getHoldingPeriod()" if one.end is not None:
                return Decimal((one.end - one.begin).days)
            case "getStart()":
                return Decimal(one.begin.toordinal())
            case "getEnd().isPresent()":
                return Decimal(one.end is not None)
            case "getEnd().isEmpty()":
                return Decimal(one.end is None)
            case _ if what.startswith("getEnd().orElse") and one.end is not None:
                return Decimal(one.end.toordinal())
        return None


def number(value: str) -> Decimal | None:
    """What an assertion expects, in units: money of cents, quotes and shares of 10⁻⁸; dates too."""
    if day := re.search(r'Local(?:Date|DateTime)\.parse\("(\d{4}-\d\d-\d\d)', value):
        return Decimal(date.fromisoformat(day[1]).toordinal())
    if truth := re.fullmatch(r"is\((true|false)\)", value):
        return Decimal(truth[1] == "true")
    if told := re.search(r"factorize\(([^)]*)\)", value):
        return _sum(told[1])
    if told := re.fullmatch(r"is\((Money|Quote)\.of\([^,]+, ([\d_L +-]+)\)\)", value):
        return _sum(told[2]) / (100 if told[1] == "Money" else 10**8)
    if told := re.fullmatch(r"is\(([\d_]+)(L?)\)", value):
        size = _sum(told[1])
        return size / 10**8 if told[2] and size > 10**6 else size
    return None


def _sum(text: str) -> Decimal:
    terms = re.findall(r"([+-]?)([\d.]+)", re.sub(r"[_L\s]", "", text))
    return sum((Decimal(f"{sign}{digits}") for sign, digits in terms), ZERO)
