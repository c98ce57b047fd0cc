"""An entry's money in major units, as it is booked."""

from datetime import datetime
from decimal import Decimal

import msgspec

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction
from tio.engine.portfolio.money import ONE, ZERO, major


class Terms(msgspec.Struct, frozen=True, gc=False):
    """What an entry moves. `gross` is without fee and tax; `rate` turns `currency` into base."""

    entry: Transaction
    id: str
    at: datetime
    account: str
    symbol: str
    currency: str
    quantity: Decimal
    price: Decimal | None
    gross: Decimal
    fee: Decimal
    tax: Decimal
    rate: Decimal

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
        entry.id,
        entry.at,
        entry.account,
        entry.symbol,
        currency,
        ZERO if entry.quantity is None else entry.quantity,
        None if entry.price is None else entry.price * unit,
        ZERO if gross is None else gross * unit,
        entry.fee * unit if entry.fee else ZERO,
        entry.tax * unit if entry.tax else ZERO,
        entry.rate,
    )
