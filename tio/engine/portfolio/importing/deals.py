"""What brokers' rows of purchases and sales must agree on, as they are made into entries."""

from decimal import Decimal

from tio.api.errors import Invalid
from tio.api.portfolio import TransactionKind
from tio.engine.portfolio.money import ZERO, plain

Kind = TransactionKind

_PENNY = Decimal("0.05")
_PART = Decimal("0.01")


def gross_of(kind: Kind, net: Decimal, costs: Decimal) -> Decimal:
    """What was traded, without its costs, from the cash it moved: below zero when it was paid.

    Raises Invalid where a purchase brought cash, a sale took it, or costs leave nothing.
    """
    if kind is Kind.buy and net > 0:
        raise Invalid(f"a purchase cannot bring {plain(net)}")
    if kind is Kind.sell and net < 0 and -net > costs:
        raise Invalid(f"a sale cannot cost {plain(-net)}")
    gross = -net - costs if kind is Kind.buy else net + costs
    if gross < 0:
        raise Invalid(f"its costs of {plain(costs)} are more than the {plain(abs(net))} moved")
    return gross


def counted(quantity: Decimal | None, word: str) -> Decimal:
    """So many, unsigned; Invalid where none are told."""
    if not quantity:
        raise Invalid(f"{word}: no quantity is told")
    return abs(quantity)


def as_paid(amount: Decimal | None, word: str) -> Decimal:
    """The amount of a row; Invalid where it is blank."""
    if amount is None:
        raise Invalid(f"{word}: no amount is told")
    return amount


def cost(amount: Decimal | None) -> Decimal:
    """A fee, whichever sign the file gives what was paid."""
    return abs(amount or ZERO)


def disagreement(quantity: Decimal, price: Decimal | None, gross: Decimal) -> str:
    """An oddity, where quantity × price is more than a hundredth off what was paid."""
    if price is None:
        return ""
    off = abs(quantity * price - gross)
    if off <= max(_PENNY, _PART * gross):
        return ""
    return (
        f"{plain(quantity)} at {plain(price)} are {plain(quantity * price)}, and "
        f"{plain(gross)} moved: the money is taken"
    )
