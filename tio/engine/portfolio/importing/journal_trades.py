"""A booking that moves shares: bought, sold, moved, split, come from outside or gone there."""

from decimal import Decimal, localcontext

from msgspec.structs import replace

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.importing.journal import Amount, Posting
from tio.engine.portfolio.importing.journal_sides import Sides, is_gain, place, total

Kind = TransactionKind
Entries = list[tuple[Transaction, str]]


def traded(sides: Sides, blank: Transaction) -> Entries:
    """The entries of a booking with shares of one's own; Invalid."""
    symbols = {each.amount.commodity for each in sides.shares if each.amount}
    if len(symbols) > 1:
        raise Invalid(f"it moves several securities at once: {', '.join(sorted(symbols))}")
    come = [each for each in sides.shares if each.amount and each.amount.number > 0]
    gone = [each for each in sides.shares if each.amount and each.amount.number < 0]
    entry = replace(blank, symbol=symbols.pop())
    if come and gone:
        return _moved(sides, entry, come, gone)
    places = {place(each) for each in come or gone}
    if len(places) > 1:
        raise Invalid("its shares are in several accounts")
    entry = replace(entry, account=places.pop(), quantity=abs(total(come or gone)))
    if len({currency for _, currency in sides.cash}) > 1:
        raise Invalid("its cash is in several currencies")
    return _bought(sides, entry, come) if come else _sold(sides, entry, gone)


def _bought(sides: Sides, entry: Transaction, come: list[Posting]) -> Entries:
    worth = _weight(come)
    currency, cash = _cash(sides) or ((worth.commodity if worth else ""), Decimal(0))
    earned = -total(sides.income)
    if not cash and not earned:
        if worth is None:
            raise Invalid(f"it does not tell what {entry.symbol} cost")
        arrived = replace(entry, amount=worth.number, currency=worth.commodity)
        return [(replace(arrived, kind=Kind.transfer_in), _strange(sides))]
    _nothing_else(sides)
    fee, tax = sides.costs(currency)
    paid = replace(
        entry, kind=Kind.buy, amount=earned - cash - fee - tax, currency=currency, fee=fee, tax=tax
    )
    if not earned:
        return [(paid, "")]
    income = replace(entry, kind=Kind.dividend, quantity=None, amount=earned, currency=currency)
    return [(income, ""), (paid, "")]


def _sold(sides: Sides, entry: Transaction, gone: list[Posting]) -> Entries:
    found = _cash(sides)
    if found is None:
        if sides.fees or sides.taxes:
            raise Invalid(f"{entry.symbol} goes out for costs, and no cash tells their worth")
        worth = _weight(gone)
        left = replace(
            entry,
            kind=Kind.transfer_out,
            amount=-worth.number if worth else None,
            currency=worth.commodity if worth else "",
        )
        return [(left, _strange(sides))]
    currency, cash = found
    if sides.equity and not all(is_gain(each) for each in sides.equity):
        raise Invalid(f"{sides.equity[0].account} is no part of a sale")
    fee, tax = sides.costs(currency)
    sale = replace(
        entry, kind=Kind.sell, amount=cash + fee + tax, currency=currency, fee=fee, tax=tax
    )
    return [(sale, "")]


def _moved(sides: Sides, entry: Transaction, come: list[Posting], gone: list[Posting]) -> Entries:
    """From one account to another, or split within one."""
    if sides.cash:
        raise Invalid("it moves shares both ways, and cash besides")
    froms, tos = {place(each) for each in gone}, {place(each) for each in come}
    if len(froms) > 1 or len(tos) > 1:
        raise Invalid("it moves shares between more than two accounts")
    account, to_account = froms.pop(), tos.pop()
    old, new = -total(gone), total(come)
    if account != to_account:
        if old != new:
            raise Invalid(f"{old:f} {entry.symbol} go out and {new:f} come in")
        moved = replace(entry, kind=Kind.transfer_out, quantity=new)
        return [(replace(moved, account=account, to_account=to_account), "")]
    with localcontext(prec=18):
        ratio = new / old
    odd = "" if ratio * old == new else f"{new:f} for {old:f} is read as {ratio:f} for 1"
    return [(replace(entry, kind=Kind.splits, account=account, quantity=ratio), odd)]


def _cash(sides: Sides) -> tuple[str, Decimal] | None:
    """What of one currency came in (above zero) or went out."""
    if not sides.cash:
        return None
    ((currency, *_),) = {(currency,) for _, currency in sides.cash}
    return currency, sum(sides.cash.values(), Decimal(0))


def _weight(postings: list[Posting]) -> Amount | None:
    weights = [each.weight for each in postings]
    if any(each is None for each in weights):
        return None
    told = [each for each in weights if each is not None]
    commodities = {each.commodity for each in told}
    own = {each.amount.commodity for each in postings if each.amount}
    if len(commodities) != 1 or commodities & own:
        return None
    return Amount(sum((each.number for each in told), Decimal(0)), commodities.pop())


def _nothing_else(sides: Sides) -> None:
    strange = [each for each in sides.equity + sides.others if not is_gain(each)]
    if strange:
        raise Invalid(f"{strange[0].account} is no part of a purchase")


def _strange(sides: Sides) -> str:
    return f"{sides.others[0].account} is read as a transfer" if sides.others else ""
