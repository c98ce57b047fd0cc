"""An entry's money in major units, as it is booked."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction
from tio.engine.portfolio.money import ONE, ZERO, major


@dataclass(frozen=True, slots=True)
class Terms:
    """What an entry moves. `gross` is without fee and tax; `rate` turns `currency` into base."""

    entry: Transaction
    currency: str
    quantity: Decimal
    price: Decimal | None
    gross: Decimal
    fee: Decimal
    tax: Decimal
    rate: Decimal

    @property
    def id(self) -> str:
        return self.entry.id

    @property
    def at(self) -> datetime:
        return self.entry.at

    @property
    def account(self) -> str:
        return self.entry.account

    @property
    def symbol(self) -> str:
        return self.entry.symbol

    @property
    def received(self) -> tuple[str, Decimal]:
        """The other side of an exchange."""
        currency, unit = major(self.entry.to_currency)
        return currency, (self.entry.to_amount or ZERO) * unit


def terms(entry: Transaction) -> Terms:
    """The entry's money; Invalid where its amount or rate is not told."""
    currency, unit = major(entry.currency)
    if entry.rate is None:
        raise Invalid(f"entry {entry.id} has no rate of {currency}", "give it with rate")
    gross = entry.amount
    if gross is None and entry.price is not None:
        gross = entry.price * (ONE if entry.quantity is None else entry.quantity)
    return Terms(
        entry,
        currency,
        ZERO if entry.quantity is None else entry.quantity,
        None if entry.price is None else entry.price * unit,
        ZERO if gross is None else gross * unit,
        entry.fee * unit,
        entry.tax * unit,
        entry.rate,
    )
