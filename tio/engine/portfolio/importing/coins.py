"""Coins as exchanges tell of them, made into entries.

A coin is a symbol priced in dollars (BTC-USD); fiat is cash, and so are the stablecoins a file
prices trades in. What is worth an unknown sum of money is told in the coin itself, as cash of it
that comes and goes at once (1 BTC of BTC-USD sold for 1 BTC): its rate of the day values it, and
nothing is made up. A reward is two entries: interest, and a purchase of the coins for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tio.api.portfolio import Transaction, TransactionKind

Kind = TransactionKind

FIAT = frozenset(
    "AED ARS AUD BRL CAD CHF CLP CNY COP CZK DKK EUR GBP HKD HUF IDR ILS INR JPY KES KRW MXN MYR "
    "NGN NOK NZD PEN PHP PLN RON RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR".split()
)
STABLE = frozenset("USDT USDC BUSD FDUSD TUSD DAI USDP USDD GUSD PYUSD EURC EURT".split())
BY_RATE = "no money's worth is in the file: the coin's rate of the day values it"
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Leg:
    """So much of a coin or currency, above zero."""

    coin: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class CoinEntries:
    """Makes the entries of one thing that happened. `cash`: stablecoins that are money here."""

    at: datetime
    reference: str = ""
    note: str = ""
    cash: frozenset[str] = frozenset()
    account: str = ""

    def is_money(self, coin: str) -> bool:
        return coin in FIAT or coin in self.cash

    def trade(self, got: Leg, gave: Leg, fees: Iterable[Leg] = ()) -> list[Transaction]:
        """One thing for another. A fee in what was got or given is part of it."""
        money = gave if self.is_money(gave.coin) or not self.is_money(got.coin) else got
        fee, others = Decimal(0), []
        for each in fees:
            if each.coin == money.coin:
                fee += each.quantity
            elif each.coin == got.coin:
                got = Leg(got.coin, got.quantity - each.quantity)
            elif each.coin == gave.coin:
                gave = Leg(gave.coin, gave.quantity + each.quantity)
            else:
                others.append(each)
        rest = [
            entry for each in others for entry in self.charged(each, self._symbol_of(got, gave))
        ]
        if self.is_money(got.coin) and self.is_money(gave.coin):
            exchange = self._made(
                Kind.exchange,
                amount=gave.quantity,
                currency=gave.coin,
                fee=fee,
                to_currency=got.coin,
                to_amount=got.quantity,
            )
            return [exchange, *rest]
        if self.is_money(got.coin):
            return [self._traded(Kind.sell, gave, got, fee), *rest]
        paid = (
            []
            if self.is_money(gave.coin)
            else [self._released(Leg(gave.coin, gave.quantity + fee))]
        )
        return [*paid, self._traded(Kind.buy, got, gave, fee), *rest]

    def came(
        self, what: Leg, worth: Leg | None = None, fee: Leg | None = None
    ) -> list[Transaction]:
        """From outside. `worth` is what it was worth in money, where the file says."""
        if self.is_money(what.coin):
            return [self._cash(Kind.deposit, what, fee)]
        value = worth or what
        moved = self._made(
            Kind.transfer_in,
            symbol=symbol(what.coin),
            quantity=what.quantity,
            amount=value.quantity,
            currency=value.coin,
        )
        return [moved, *(self.charged(fee) if fee else ())]

    def went(
        self, what: Leg, worth: Leg | None = None, fee: Leg | None = None
    ) -> list[Transaction]:
        """To outside."""
        if self.is_money(what.coin):
            return [self._cash(Kind.withdrawal, what, fee)]
        moved = self._made(
            Kind.transfer_out,
            symbol=symbol(what.coin),
            quantity=what.quantity,
            amount=worth.quantity if worth else None,
            currency=worth.coin if worth else "USD",
        )
        return [moved, *(self.charged(fee) if fee else ())]

    def earned(self, what: Leg, worth: Leg | None = None) -> list[Transaction]:
        """Interest, staking and other rewards: income, and a purchase for it."""
        value = what if self.is_money(what.coin) else worth or what
        income = self._made(Kind.interest, amount=value.quantity, currency=value.coin)
        if self.is_money(what.coin):
            return [income]
        return [income, self._traded(Kind.buy, what, value, Decimal(0))]

    def charged(self, what: Leg, of: str = "") -> list[Transaction]:
        """A fee paid by itself; `of` is the symbol it was paid for."""
        fee = self._made(Kind.fee, symbol=of, amount=what.quantity, currency=what.coin)
        return [fee] if self.is_money(what.coin) else [self._released(what), fee]

    def _symbol_of(self, got: Leg, gave: Leg) -> str:
        traded = gave if self.is_money(got.coin) else got
        return "" if self.is_money(traded.coin) else symbol(traded.coin)

    def _released(self, what: Leg) -> Transaction:
        """Coins sold for as much cash of themselves, to be spent."""
        return self._traded(Kind.sell, what, what, Decimal(0))

    def _traded(self, kind: Kind, what: Leg, money: Leg, fee: Decimal) -> Transaction:
        return self._made(
            kind,
            symbol=symbol(what.coin),
            quantity=what.quantity,
            amount=money.quantity,
            currency=money.coin,
            fee=fee,
        )

    def _cash(self, kind: Kind, what: Leg, fee: Leg | None) -> Transaction:
        return self._made(
            kind,
            amount=what.quantity,
            currency=what.coin,
            fee=fee.quantity if fee else Decimal(0),
        )

    def _made(self, kind: Kind, **fields: Decimal | str | None) -> Transaction:
        return Transaction(
            kind=kind,
            at=self.at,
            account=self.account,
            reference=self.reference,
            note=self.note,
            **fields,  # type: ignore[arg-type]
        )


def symbol(coin: str) -> str:
    """What a coin is called among instruments."""
    return f"{coin}-USD"


def oddity(entry: Transaction) -> str:
    """What to look at before a coin's entry is taken."""
    return BY_RATE if entry.currency and entry.currency not in FIAT | STABLE else ""
