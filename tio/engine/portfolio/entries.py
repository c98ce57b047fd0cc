"""Whether an entry says what its kind needs and nothing that contradicts it."""

from collections.abc import Callable
from decimal import Decimal

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.money import ONE, ZERO, checked

Kind = TransactionKind
Check = Callable[[Transaction], None]

_NUMBERS = ("quantity", "price", "amount", "fee", "tax", "rate", "to_amount", "cost_share")
_OF_SYMBOLS = {Kind.buy, Kind.sell, Kind.dividend, Kind.splits, Kind.spin_off}
_OF_SYMBOLS |= {Kind.return_of_capital}
_REVERSIBLE = {Kind.dividend, Kind.interest, Kind.fee, Kind.tax}
"""Kinds whose amount may be below zero: one taken back, or interest that was charged."""


def sound(entry: Transaction) -> Transaction:
    """The entry itself; Invalid, in one sentence, where it cannot be booked as it stands."""
    for name in _NUMBERS:
        value = getattr(entry, name)
        if value is not None:
            checked(name, value)
    for name in ("fee", "tax"):
        if getattr(entry, name) < 0:
            raise Invalid(
                f"the {name} must not be below zero, was {getattr(entry, name)}",
                f"enter one that was given back as a {name} of its own",
            )
    if entry.rate is not None and entry.rate <= 0:
        raise Invalid(f"the rate must be above zero, was {entry.rate}")
    if entry.price is not None and entry.price < 0:
        raise Invalid(f"the price must not be below zero, was {entry.price}")
    kind = entry.kind
    if kind in _OF_SYMBOLS and not entry.symbol:
        raise Invalid(f"a {kind.value.replace('_', ' ')} needs a symbol")
    if entry.amount is not None and entry.amount < 0 and kind not in _REVERSIBLE:
        raise Invalid(
            f"the amount of a {kind.value.replace('_', ' ')} must not be below zero, "
            f"was {entry.amount}",
            "its kind says which way money goes",
        )
    _CHECKS[kind](entry)
    return entry


def _trade(entry: Transaction) -> None:
    _above_zero(entry, "quantity")
    if entry.price is None and entry.amount is None:
        raise Invalid(f"a {entry.kind.value} needs a price or an amount")


def _money(entry: Transaction) -> None:
    if entry.amount is None and (entry.price is None or entry.quantity is None):
        raise Invalid(f"a {entry.kind.value.replace('_', ' ')} needs an amount")
    if entry.quantity is not None and entry.quantity < 0:
        raise Invalid(f"the quantity must not be below zero, was {entry.quantity}")


def _cash(entry: Transaction) -> None:
    if entry.symbol:
        raise Invalid(
            f"a {entry.kind.value} is of money alone, and names {entry.symbol}",
            "use transfer_in or transfer_out for shares",
        )
    _money(entry)


def _split(entry: Transaction) -> None:
    _above_zero(entry, "quantity", "new shares for one old, as 4 or 0.1")
    for name in ("price", "amount"):
        if getattr(entry, name) is not None:
            raise Invalid(f"a split moves no money, and has {_a(name)}")
    _free(entry)


def _spin_off(entry: Transaction) -> None:
    _above_zero(entry, "quantity", "new shares for each one held")
    if not entry.into:
        raise Invalid("a spin-off needs the symbol that came of it", "give it with into")
    if entry.into == entry.symbol:
        raise Invalid(f"{entry.symbol} cannot be spun off from itself")
    if entry.cost_share is None or not ZERO <= entry.cost_share <= ONE:
        raise Invalid("a spin-off needs the share of cost it takes along, 0 to 1")
    _free(entry)


def _transfer(entry: Transaction) -> None:
    if entry.symbol:
        _above_zero(entry, "quantity")
        if entry.kind is Kind.transfer_in and entry.price is None and entry.amount is None:
            raise Invalid(
                "a transfer in needs what the shares cost, or are worth",
                "give price (their cost) or amount (their worth)",
            )
    else:
        _money(entry)
    if entry.to_account and entry.to_account == entry.account:
        raise Invalid(f"both accounts are {entry.account!r}")
    if entry.to_account and entry.kind is Kind.transfer_in:
        raise Invalid("a transfer in names its account with account, not to_account")


def _exchange(entry: Transaction) -> None:
    _cash(entry)
    if not entry.to_currency or entry.to_amount is None or entry.to_amount <= 0:
        raise Invalid("an exchange needs to_currency and a to_amount above zero")
    if entry.to_currency == entry.currency:
        raise Invalid(f"both currencies are {entry.currency}")


def _free(entry: Transaction) -> None:
    if entry.fee or entry.tax:
        kind = entry.kind.value.replace("_", " ")
        raise Invalid(f"a {kind} has no fee or tax of its own", "enter them as fee or tax")


def _above_zero(entry: Transaction, name: str, meaning: str = "") -> None:
    value: Decimal | None = getattr(entry, name)
    if value is None or value <= 0:
        kind = entry.kind.value.replace("_", " ")
        was = "" if value is None else f", was {value}"
        raise Invalid(f"a {kind} needs a {name} above zero{was}", meaning)


def _a(name: str) -> str:
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


_CHECKS: dict[Kind, Check] = {
    Kind.buy: _trade,
    Kind.sell: _trade,
    Kind.deposit: _cash,
    Kind.withdrawal: _cash,
    Kind.dividend: _money,
    Kind.interest: _money,
    Kind.fee: _money,
    Kind.tax: _money,
    Kind.splits: _split,
    Kind.transfer_in: _transfer,
    Kind.transfer_out: _transfer,
    Kind.spin_off: _spin_off,
    Kind.return_of_capital: _money,
    Kind.exchange: _exchange,
}
