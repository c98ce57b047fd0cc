"""Entries as postings that balance, in names a journal takes.

Shares are posted with what was paid or got for them as their price, and without the cost of lots:
which lots a sale takes is the ledger's to reckon. Splits and spin-offs post what the entries
before them left in each account.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.importing.journal import Amount, Posting

Kind = TransactionKind
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Names:
    """How a format spells accounts and commodities: `account(root, *parts)`, `commodity(text)`."""

    account: Callable[..., str]
    commodity: Callable[[str], str]


@dataclass(slots=True)
class Poster:
    """Posts entry after entry, and keeps what is held so far."""

    names: Names
    _held: defaultdict[tuple[str, str], Decimal] = field(
        default_factory=lambda: defaultdict(Decimal)
    )

    def post(self, entry: Transaction) -> tuple[Posting, ...]:
        """The postings of one entry, none of them of zero."""
        made = [
            each
            for each in (*_POSTED[entry.kind](self, entry), *self._costs(entry))
            if each.amount is not None and each.amount.number
        ]
        return tuple(made)

    def _trade(self, entry: Transaction) -> Iterator[Posting]:
        sign = 1 if entry.kind is Kind.buy else -1
        yield self._shares(entry, entry.account, sign * (entry.quantity or _ZERO), priced=True)
        yield self._cash(entry, -sign * _gross(entry) - _costs(entry))

    def _money(self, entry: Transaction) -> Iterator[Posting]:
        """Into (or out of) the account, and out of (into) where it comes from."""
        root, *parts = _OTHERS[entry.kind]
        if entry.symbol and root == "Income":
            parts.append(entry.symbol)
        sign = -1 if entry.kind in _OUT else 1
        yield self._cash(entry, sign * _gross(entry) - _costs(entry))
        yield Posting(
            self.names.account(root, *parts), self._amount(-sign * _gross(entry), entry.currency)
        )

    def _transfer(self, entry: Transaction) -> Iterator[Posting]:
        sign = -1 if entry.kind is Kind.transfer_out else 1
        to = entry.to_account
        other = self._place(to) if to else self.names.account("Equity", "Transfers")
        if not entry.symbol:
            yield self._cash(entry, sign * _gross(entry) - _costs(entry))
            yield Posting(other, self._amount(-sign * _gross(entry), entry.currency))
            return
        quantity = entry.quantity or _ZERO
        priced = bool(_gross(entry)) and not to
        yield self._shares(entry, entry.account, sign * quantity, priced=priced)
        if to:
            yield self._shares(entry, to, quantity)
        elif priced:
            yield Posting(other, self._amount(-sign * _gross(entry), entry.currency))
        else:
            yield Posting(other, self._amount(-sign * quantity, entry.symbol))
        yield self._cash(entry, -_costs(entry))

    def _split(self, entry: Transaction) -> Iterator[Posting]:
        more = (entry.quantity or _ZERO) - 1
        for account, held in self._holders(entry):
            yield self._shares(entry, account, held * more)
            yield Posting(
                self.names.account("Equity", "Splits"), self._amount(-held * more, entry.symbol)
            )

    def _spin_off(self, entry: Transaction) -> Iterator[Posting]:
        for account, held in self._holders(entry):
            number = held * (entry.quantity or _ZERO)
            self._held[account, entry.into] += number
            yield Posting(self._place(account), self._amount(number, entry.into))
            yield Posting(
                self.names.account("Equity", "Spin-Offs"), self._amount(-number, entry.into)
            )

    def _exchange(self, entry: Transaction) -> Iterator[Posting]:
        yield self._cash(entry, -_gross(entry) - _costs(entry))
        yield Posting(
            self._place(entry.account),
            self._amount(entry.to_amount or _ZERO, entry.to_currency),
            worth=self._amount(_gross(entry), entry.currency),
        )

    def _costs(self, entry: Transaction) -> Iterator[Posting]:
        for root, number in (("Fees", entry.fee), ("Taxes", entry.tax)):
            yield Posting(
                self.names.account("Expenses", root), self._amount(number, entry.currency)
            )

    def _holders(self, entry: Transaction) -> list[tuple[str, Decimal]]:
        return [
            (account, held)
            for (account, symbol), held in self._held.items()
            if symbol == entry.symbol and held and entry.account in ("", account)
        ]

    def _shares(
        self, entry: Transaction, account: str, number: Decimal, *, priced: bool = False
    ) -> Posting:
        self._held[account, entry.symbol] += number
        worth = self._amount(_gross(entry), entry.currency) if priced else None
        return Posting(self._place(account), self._amount(number, entry.symbol), worth=worth)

    def _cash(self, entry: Transaction, number: Decimal) -> Posting:
        return Posting(self._place(entry.account), self._amount(number, entry.currency))

    def _place(self, account: str) -> str:
        return self.names.account("Assets", account or "Portfolio")

    def _amount(self, number: Decimal, name: str) -> Amount:
        return Amount(number, self.names.commodity(name or "USD"))


def _gross(entry: Transaction) -> Decimal:
    """Money before fee and tax."""
    if entry.amount is not None:
        return entry.amount
    if entry.price is None:
        return _ZERO
    return entry.price * (1 if entry.quantity is None else entry.quantity)


def _costs(entry: Transaction) -> Decimal:
    return entry.fee + entry.tax


_OUT = {Kind.withdrawal, Kind.fee, Kind.tax}
_OTHERS = {
    Kind.deposit: ("Equity", "Transfers"),
    Kind.withdrawal: ("Equity", "Transfers"),
    Kind.dividend: ("Income", "Dividends"),
    Kind.interest: ("Income", "Interest"),
    Kind.fee: ("Expenses", "Fees"),
    Kind.tax: ("Expenses", "Taxes"),
    Kind.return_of_capital: ("Income", "Return-of-Capital"),
}
_POSTED: dict[Kind, Callable[[Poster, Transaction], Iterator[Posting]]] = {
    Kind.buy: Poster._trade,
    Kind.sell: Poster._trade,
    **dict.fromkeys(_OTHERS, Poster._money),
    Kind.transfer_in: Poster._transfer,
    Kind.transfer_out: Poster._transfer,
    Kind.splits: Poster._split,
    Kind.spin_off: Poster._spin_off,
    Kind.exchange: Poster._exchange,
}
