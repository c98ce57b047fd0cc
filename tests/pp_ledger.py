"""Portfolio Performance's trades booked as a ledger, security by security."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum

from ledgers import KIND
from pp_clients import Client, Trade

from tio.api.portfolio import Holdings, LotRule, Portfolio, Transaction
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.closings import Closing
from tio.engine.portfolio.rates import Rate
from tio.engine.portfolio.tallies import Tally, total
from tio.engine.portfolio.valuing import Price, holdings

ZERO = Decimal(0)
_RATES = [("2014-12-31", 1 / Decimal("1.2141")), ("2015-01-16", 1 / Decimal("1.1588"))]
"""Euros for a dollar in its tests: one is written in them, one what 571.90 USD being 471.05 is."""
_ORDER = {"BUY": 0, "DELIVERY_INBOUND": 0, "DIVIDENDS": 1, "TRANSFER_OUT": 2}


class Charges(Enum):
    """What becomes of the fees and taxes of a trade."""

    none = "left out"
    fees = "both are fees, as in its cost"
    told = "each is what it is"


@dataclass(frozen=True)
class Round:
    """One purchase or many closed by one sale, or what of an account is still open."""

    begin: datetime
    end: datetime | None
    shares: Decimal
    cost: Decimal
    gain: Decimal


@dataclass(frozen=True)
class Kept:
    """A file's trades until a day."""

    client: Client
    end: str

    def trades(self, security: str) -> list[Trade]:
        own = [t for t in self.client.trades if t.security == security and t.day <= self.end]
        return sorted(own, key=lambda trade: (trade.day, _ORDER.get(trade.kind, 3)))

    def books(self, security: str, rule: LotRule, charges: Charges) -> Books:
        made = [
            self._entry(number, trade, charges)
            for number, trade in enumerate(self.trades(security))
            if trade.kind != "TRANSFER_IN"
        ]
        return Books(Portfolio(name="main", currency=self._currency(), lots=rule), made)

    def _currency(self) -> str:
        return self.client.currency or "EUR"

    def _rate(self, currency: str, day: str) -> Decimal:
        if currency in (self._currency(), ""):
            return Decimal(1)
        known = [rate for since, rate in _RATES if since <= day]
        return round(known[-1] if known else _RATES[0][1], 18)

    def _entry(self, number: int, told: Trade, charges: Charges) -> Transaction:
        kinds = {"BUY": KIND.buy, "DELIVERY_INBOUND": KIND.buy, "DIVIDENDS": KIND.dividend}
        kinds |= {"TRANSFER_OUT": KIND.transfer_out}
        kind, apart = kinds.get(told.kind, KIND.sell), told.fee + told.tax
        amount = told.amount - apart if kind is KIND.buy else told.amount + apart
        income = kind is KIND.dividend
        if income:
            charges = Charges.told
        return Transaction(
            id=f"t{number}",
            kind=kind,
            at=datetime.fromisoformat(told.day).replace(tzinfo=UTC),
            account="" if income else told.portfolio,
            symbol=told.security,
            quantity=None if income else told.shares,
            amount=None if kind is KIND.transfer_out else amount,
            fee={Charges.none: ZERO, Charges.fees: apart, Charges.told: told.fee}[charges],
            tax=told.tax if charges is Charges.told else ZERO,
            currency=told.currency or self._currency(),
            rate=self._rate(told.currency, told.day),
            to_account=told.to_portfolio,
            position=number,
        )

    def paid(self, security: str) -> Tally:
        """Fees and taxes as they were."""
        tally = total(self.books(security, LotRule.fifo, Charges.told).tallies().values())
        return replace(tally, fees=tally.fees + tally.lot_fees)

    def price(self, security: str) -> Decimal:
        """The last until the end."""
        quotes = self.client.quotes[security]
        return quotes[max(day for day in quotes if day <= self.end)]

    def held(
        self, security: str, rule: LotRule = LotRule.fifo, charges: Charges = Charges.fees
    ) -> Holdings:
        """What is held of one at the end."""
        end = datetime.combine(
            min(date.fromisoformat(self.end), date(8999, 1, 1)), datetime.min.time()
        )
        at = end.replace(tzinfo=UTC)
        currency = self.client.currencies[security]
        prices = {security: Price(self.price(security), currency)}
        known = {currency, self._currency(), *(t.currency for t in self.client.trades)}
        rates = {each: Rate(self._rate(each, self.end)) for each in known}
        return holdings(self.books(security, rule, charges), prices, rates, at, at)

    def rounds(self, security: str, rule: LotRule) -> list[Round]:
        books = self.books(security, rule, Charges.fees)
        sales: dict[str, list[Closing]] = {}
        for closing in books.closings():
            sales.setdefault(closing.closed_by, []).append(closing)
        found = [
            Round(
                min(each.part.opened_at for each in closings),
                closings[0].closed_at,
                sum((each.part.quantity for each in closings), ZERO),
                sum((each.part.base_cost for each in closings), ZERO),
                sum((each.gain for each in closings), ZERO),
            )
            for closings in sales.values()
        ]
        for account in dict.fromkeys(held.account for held in books.held()):
            lots = [held.lot for held in books.held() if held.account == account]
            shares = sum((lot.quantity for lot in lots), ZERO)
            cost = sum((lot.base_cost for lot in lots), ZERO)
            found.append(Round(min(lot.opened_at for lot in lots), None, shares, cost, ZERO))
        return sorted(found, key=lambda r: (r.begin, r.end is None, r.end or r.begin))
