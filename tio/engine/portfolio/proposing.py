"""What the market's side tells of held symbols and the ledger lacks, as entries to be confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tio.api.companies import CorporateEvent, EventKind
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.already import EVENT, Due
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.held_before import ByAccount, before, held_at
from tio.engine.portfolio.moments import day_end
from tio.engine.portfolio.money import ZERO, plain, rescaled, rounded
from tio.engine.portfolio.payouts import Payout, exactly, payouts

Kind = TransactionKind
Events = Mapping[str, Sequence[CorporateEvent]]


@dataclass(frozen=True, slots=True)
class Suggested:
    """A due with the entry it would make, `what` that changes, and who told the event."""

    due: Due
    entry: Transaction
    kind: EventKind
    what: str
    source: str


def suggested(
    books: Books, events: Events, currencies: Mapping[str, str], zone: ZoneInfo, today: date
) -> list[Suggested]:
    """Every event up to today of what was held before its ex-date, in the ledger or not."""
    wanted = {
        symbol: {before(each.ex_date, zone) for each in told if each.ex_date <= today}
        for symbol, told in events.items()
    }
    held = held_at(books, wanted)
    made = []
    for symbol, told in events.items():
        for event in told:
            if event.kind is EventKind.share_split and event.ratio and event.ex_date <= today:
                accounts = held.get((symbol, before(event.ex_date, zone)), {})
                made += _split(books, event, exactly(event.ratio), accounts, zone)
        for paid in payouts(told, currencies.get(symbol, ""), today):
            if paid.ex_date <= today and paid.day <= today:
                accounts = held.get((symbol, before(paid.ex_date, zone)), {})
                made += [
                    _payment(symbol, paid, account, quantity, zone)
                    for account, quantity in accounts.items()
                ]
    return sorted(made, key=lambda each: (each.due.ex_date, each.due.id))


def _split(
    books: Books, event: CorporateEvent, new: Decimal, accounts: ByAccount, zone: ZoneInfo
) -> list[Suggested]:
    """One for all accounts; where some have theirs, one for each of the others."""
    if not accounts or new <= 0 or new == 1:
        return []
    near = [
        entry.account
        for entry in books.of(event.symbol)
        if entry.kind is Kind.splits
        and not entry.reference.startswith(EVENT)
        and abs(entry.at.astimezone(zone).date() - event.ex_date) <= timedelta(days=10)
    ]
    # An entry without an account reaches them all: then none is left to be split by itself.
    apart = sorted(filter(None, accounts)) if near and "" not in near else [""]
    made = []
    for account in apart:
        quantity = accounts[account] if account else sum(accounts.values(), ZERO)
        due = Due(
            _id("split", event.symbol, event.ex_date, account),
            Kind.splits,
            event.symbol,
            account,
            event.ex_date,
            event.ex_date,
            quantity,
            None,
            "",
            True,
        )
        after = rescaled(quantity, new)
        what = f"split {plain(new)} for 1: {plain(quantity)} become {plain(after)}, cost stays"
        entry = Transaction(
            kind=Kind.splits,
            # Before the day's trading: what is entered of the day comes after it.
            at=before(event.ex_date, zone) + timedelta(microseconds=1),
            symbol=event.symbol,
            account=account,
            quantity=new,
            reference=EVENT + due.id,
            note=f"split of {event.ex_date} as {event.source} tells"[:200],
        )
        made.append(Suggested(due, entry, EventKind.share_split, what, event.source))
    return made


def _payment(
    symbol: str, paid: Payout, account: str, quantity: Decimal, zone: ZoneInfo
) -> Suggested:
    amount = rounded(quantity * paid.per_share, 2)
    due = Due(
        _id(paid.kind.value, symbol, paid.ex_date, account),
        Kind.dividend,
        symbol,
        account,
        paid.ex_date,
        paid.day,
        quantity,
        amount,
        paid.currency,
        paid.pay_date is not None,
    )
    share = f"{plain(paid.per_share)} a share on {plain(quantity)} of ex {paid.ex_date}"
    day = "" if paid.pay_date else "; day of payment not told, booked on the ex-date"
    what = f"{'pays' if amount < 0 else 'brings'} {share}; tax withheld not known{day}"
    entry = Transaction(
        kind=Kind.dividend,
        at=day_end(paid.day, zone),
        symbol=symbol,
        account=account,
        quantity=abs(quantity),
        amount=amount,
        currency=paid.currency,
        reference=EVENT + due.id,
        note=f"{share} as {paid.source} tells; tax withheld not known"[:200],
    )
    return Suggested(due, entry, paid.kind, what, paid.source)


def _id(kind: str, symbol: str, day: date, account: str) -> str:
    return f"{kind}:{symbol}:{day}" + (f"@{account}" if account else "")
