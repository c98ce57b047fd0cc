"""Ghostfolio's calculator: its cases booked as a ledger, its figures beside ours.

Its fees stand outside cost, ours within: what it calls gross is held against a ledger with the
fees left out, what it calls net against the ledger as it is. `WithCurrencyEffect` is what the rates
of the days make of it, ours in the portfolio's currency; without, all is turned at today's rate.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from ledgers import KIND
from msgspec.structs import replace
from truth import Case, Figures, NoCounterpart, Verdict

from tio.api.portfolio import Holdings, LotRule, Portfolio, Position, Transaction
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.rates import Rate
from tio.engine.portfolio.valuing import Price, holdings

import recorded

FILE = "6_portfolio/ghostfolio_calculator.shared.json.gz"
ZERO = Decimal(0)
_KINDS = {"BUY": KIND.buy, "SELL": KIND.sell, "DIVIDEND": KIND.dividend}
_KINDS |= {"INTEREST": KIND.interest, "FEE": KIND.fee}
_SHARES = "percentages are returns on its time-weighted investment; tio's returns are tested apart"


def cases(rule: LotRule = LotRule.average) -> Iterator[Case]:
    """Every case of the file; average cost is Ghostfolio's rule."""
    told = json.loads(recorded.read_text(FILE), parse_float=Decimal)
    for case in told["cases"]:
        name = case["test"]
        try:
            yield _Case(case, told, rule).figures().case(name)
        except NoCounterpart as why:
            yield Case(name, Verdict.foreign, 0, str(why))


class _Case:
    def __init__(self, case: dict[str, Any], market: dict[str, Any], rule: LotRule) -> None:
        self.told, self.market = case, market
        settings = case.get("import", {}).get("user", {}).get("settings", {})
        self.currency = case.get("base_currency") or settings["currency"]
        self.now = date.fromisoformat(case["now"])
        entries = [self._entry(n, each) for n, each in enumerate(self._activities())]
        self.symbols = dict.fromkeys(entry.symbol for entry in entries)
        self.currencies = {entry.symbol: entry.currency for entry in entries}
        portfolio = Portfolio(name="main", currency=self.currency, lots=rule)
        self.net = Books(portfolio, entries)
        self.gross = Books(portfolio, [replace(entry, fee=ZERO) for entry in entries])

    def figures(self) -> Figures:
        found = Figures()
        for expected in self.told["expectations"]:
            subject, value = expected["subject"].replace(" ", ""), expected["value"]
            match subject.removeprefix("portfolioSnapshot"):
                case "":
                    self._snapshot(found, value)
                case "investments":
                    for each in value:
                        at = date.fromisoformat(each["date"])
                        own = sum((p.cost for p in self._held(self.gross, at).positions), ZERO)
                        found.same(f"investment on {at}", each["investment"], own)
                case "investmentsByMonth" | "investmentsByYear":
                    self._by_period(found, value, subject.endswith("Year"))
                case other if other.startswith(".historicalData"):
                    self._day(found, value, date.fromisoformat(value.get("date", self.told["now"])))
                case other:
                    found.left_out.add(subject)
        return found

    def _activities(self) -> list[dict[str, Any]]:
        told = self.told.get("activities") or self.told.get("import", {}).get("activities")
        if not told:
            raise NoCounterpart(
                "the record lacks what its accounts held; a test books the deposits the figures of "
                "the one in another currency imply"
            )
        if any(each["type"] == "LIABILITY" for each in told):
            raise NoCounterpart("a liability: tio's ledger holds no debts beside cash below zero")
        return list(told)

    def _entry(self, number: int, told: dict[str, Any]) -> Transaction:
        asset = told.get("assetProfile", told)
        if asset["symbol"][-3:] in {*self.market["exchange_rates"]} - {asset["currency"]}:
            raise NoCounterpart("its test turns the activity into dollars at a rate of its own")
        at = datetime.fromisoformat(told["date"])
        own = "InAssetProfileCurrency" if "assetProfile" in told else ""
        return Transaction(
            id=f"a{number}",
            kind=_KINDS[told["type"]],
            at=at,
            symbol=asset["symbol"],
            quantity=Decimal(told["quantity"]),
            price=Decimal(told[f"unitPrice{own}"]),
            fee=Decimal(told[f"fee{own}"]),
            currency=asset["currency"],
            rate=self._rate(asset["currency"], at.date()),
            position=number,
        )

    def _rate(self, currency: str, day: date) -> Decimal:
        if currency == self.currency:
            return Decimal(1)
        known = self.market["exchange_rates"][self.currency][f"{currency}{self.currency}"]
        return Decimal(known[day.isoformat()])

    def _price(self, symbol: str, day: date) -> Decimal:
        """Of the day, else the last before it, else the first there is."""
        known = self.market["market_prices"][symbol]
        before = [each for each in sorted(known) if each <= day.isoformat()]
        return Decimal(known[before[-1] if before else min(known)])

    def _held(self, books: Books, day: date) -> Holdings:
        end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
        known = books.until(end - timedelta(microseconds=1))
        prices = {s: Price(self._price(s, day), self.currencies[s]) for s in self.symbols}
        rates = {
            currency: Rate(self._rate(currency, self._rated(currency, day)))
            for currency in {*self.currencies.values(), self.currency}
        }
        return holdings(known, prices, rates, end, end)

    def _rated(self, currency: str, day: date) -> date:
        known = self.market["exchange_rates"].get(self.currency, {})
        dates = sorted(known.get(f"{currency}{self.currency}", {}))
        return date.fromisoformat(
            max((each for each in dates if each <= day.isoformat()), default=day.isoformat())
        )

    def _snapshot(self, found: Figures, told: dict[str, Any]) -> None:
        gross, net = self._held(self.gross, self.now), self._held(self.net, self.now)
        for position in told.get("positions", ()):
            self._position(found, position, gross, net)
        worth = sum((p.value or ZERO for p in gross.positions), ZERO)
        found.same("value", told["currentValueInBaseCurrency"], worth)
        tallies = self.net.tallies().values()
        fees = sum((tally.fees + tally.lot_fees for tally in tallies), ZERO)
        found.same("fees", told["totalFeesWithCurrencyEffect"], fees)
        interest = self.net.tallies()[""].income if "" in self.net.tallies() else ZERO
        found.same("interest", told["totalInterestWithCurrencyEffect"], interest)
        self._invested(found, told, gross, "totalInvestment", "totalInvestmentWithCurrencyEffect")

    def _invested(self, found: Figures, told: Any, gross: Holdings, now: str, then: str) -> None:
        costs = [p.cost * (p.rate or ZERO) for p in gross.positions]
        found.same(now, told[now], sum(costs, ZERO))
        found.same(then, told[then], sum((p.base_cost for p in gross.positions), ZERO))

    def _position(
        self, found: Figures, told: dict[str, Any], gross: Holdings, net: Holdings
    ) -> None:
        symbol = told["symbol"]
        bare = next((p for p in gross.positions if p.symbol == symbol), None)
        bare = bare or Position(
            symbol=symbol,
            quantity=ZERO,
            currency=self.currencies[symbol],
            cost=ZERO,
            average_cost=ZERO,
            base_cost=ZERO,
            value=ZERO,
        )
        rate = self._rate(bare.currency, self._rated(bare.currency, self.now))
        tally = self.net.tallies()[symbol]
        found.same("quantity", told["quantity"], bare.quantity)
        found.same("averagePrice", told["averagePrice"], bare.average_cost)
        found.same("investment", told["investment"], bare.cost * rate)
        found.same("invested", told["investmentWithCurrencyEffect"], bare.base_cost)
        found.same("value", told["valueInBaseCurrency"], bare.value or ZERO)
        price = self._price(symbol, self.now) * rate
        found.same("price", told["marketPriceInBaseCurrency"], price)
        found.same("fee", told["feeInBaseCurrency"], tally.fees + tally.lot_fees)
        found.same("dividend", told["dividendInBaseCurrency"], tally.income)
        gained = _gained(self.gross, gross, symbol)
        found.same("gross", told["grossPerformanceWithCurrencyEffect"], gained)
        best = told["netPerformanceWithCurrencyEffectMap"]["max"]
        found.same("net", best, _gained(self.net, net, symbol))
        if self.net.closings() and bare.currency != self.currency:
            found.left_out.add("gains of sales at today's rate")
            return
        found.same("gross at today's rate", told["grossPerformance"], _by_price(gross, self.gross))
        if "netPerformance" in told:
            found.same("net at today's rate", told["netPerformance"], _by_price(net, self.net))
        found.left_out.add(_SHARES)

    def _day(self, found: Figures, told: dict[str, Any], day: date) -> None:
        gross, net = self._held(self.gross, day), self._held(self.net, day)
        self._invested(
            found, told, gross, "totalInvestment", "totalInvestmentValueWithCurrencyEffect"
        )
        gain = sum((_gained(self.net.until(net.at), net, s) for s in self.symbols), ZERO)
        found.same(f"net on {day}", told["netPerformanceWithCurrencyEffect"], gain)
        if "value" in told:
            worth = sum((p.value or ZERO for p in gross.positions), ZERO)
            found.same(f"value on {day}", told["valueWithCurrencyEffect"], worth)

    def _by_period(self, found: Figures, told: list[dict[str, Any]], years: bool) -> None:
        before = ZERO
        for each in told:
            first = date.fromisoformat(each["date"])
            after = (first + timedelta(days=366 if years else 31)).replace(day=1)
            last = (after.replace(month=1) if years else after) - timedelta(days=1)
            held = self._held_at(last)
            found.same(f"invested in {first}", each["investment"], held - before)
            before = held

    def _held_at(self, day: date) -> Decimal:
        return sum((p.base_cost for p in self._held(self.gross, day).positions), ZERO)


def _gained(books: Books, held: Holdings, symbol: str) -> Decimal:
    own = [p.unrealised or ZERO for p in held.positions if p.symbol == symbol]
    tally = books.tallies().get(symbol)
    return (tally.realised if tally else ZERO) + sum(own, ZERO)


def _by_price(held: Holdings, books: Books) -> Decimal:
    sold = sum((closing.gain - closing.currency_gain for closing in books.closings()), ZERO)
    return sold + sum((p.price_gain or ZERO for p in held.positions), ZERO)
