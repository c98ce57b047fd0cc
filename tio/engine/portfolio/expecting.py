"""Payments to come on what is held: announced ones, and those the past year lets one expect."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext

from tio.api.companies import CorporateEvent
from tio.api.income import ExpectedIncome, ExpectedMonth
from tio.engine.portfolio.money import EXACT, ONE, ZERO, major, plain
from tio.engine.portfolio.payouts import Payout, payouts

YEAR = timedelta(days=365)
_SAME = timedelta(days=25)
"""How near an announced payment stands for the projected one: less than a month, so that monthly
payments are told apart."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What is held of a symbol, and what one share pays in the portfolio's currency by rate."""

    symbol: str
    quantity: Decimal
    currency: str


def expected(
    holding: Holding,
    events: Sequence[CorporateEvent],
    owed: Mapping[date, Decimal],
    rates: Mapping[str, Decimal],
    today: date,
) -> list[ExpectedIncome]:
    """Of one symbol, for a year from today; `owed`: quantities at ex-dates gone by, unpaid yet."""
    paid = payouts(events, holding.currency, today)
    told: list[ExpectedIncome] = []
    for each in paid:
        if each.ex_date > today and each.day <= today + YEAR:
            told.append(_announced(holding.symbol, each, holding.quantity, rates))
        elif each.ex_date <= today < each.day and owed.get(each.ex_date):
            told.append(_announced(holding.symbol, each, owed[each.ex_date], rates))
    for each in paid:
        if today - YEAR < each.ex_date <= today:
            again = each.ex_date + YEAR
            if not any(abs(other.ex_date - again) <= _SAME for other in paid):
                told.append(_projected(holding, each, again, rates))
    return told


def _announced(
    symbol: str, paid: Payout, quantity: Decimal, rates: Mapping[str, Decimal]
) -> ExpectedIncome:
    share = paid.per_share
    day = "" if paid.pay_date else ", day of payment not told"
    return ExpectedIncome(
        symbol=symbol,
        day=paid.day,
        quantity=quantity,
        per_share=share,
        currency=paid.currency,
        amount=_worth(quantity * share, paid.currency, rates),
        estimated=False,
        why=f"announced by {paid.source or 'a source'}, ex {paid.ex_date}{day}",
    )


def _projected(
    holding: Holding, paid: Payout, again: date, rates: Mapping[str, Decimal]
) -> ExpectedIncome:
    return ExpectedIncome(
        symbol=holding.symbol,
        day=again + (paid.day - paid.ex_date),
        quantity=holding.quantity,
        per_share=paid.today,
        currency=paid.currency,
        amount=_worth(holding.quantity * paid.today, paid.currency, rates),
        estimated=True,
        why=f"estimated: as a year before, {plain(paid.today)} a share ex {paid.ex_date}",
    )


def _worth(amount: Decimal, currency: str, rates: Mapping[str, Decimal]) -> Decimal | None:
    code, unit = major(currency)
    rate = rates.get(code)
    return None if rate is None else amount * unit * rate


@dataclass(frozen=True, slots=True)
class Remembered:
    """A payment the ledger holds, of a symbol no source tells events of."""

    day: date
    amount: Decimal
    """In the portfolio's currency."""
    quantity: Decimal
    """Held then, in shares of today."""


def by_ledger(
    holding: Holding, paid: Sequence[Remembered], base: str, today: date
) -> list[ExpectedIncome]:
    """The ledger's own payments of the past year again, in proportion to what is held now."""
    told = []
    with localcontext(prec=28):
        for each in paid:
            if not (today - YEAR < each.day <= today) or not each.quantity:
                continue
            share = (each.amount / each.quantity).quantize(Decimal(1).scaleb(-8))
            told.append(
                ExpectedIncome(
                    symbol=holding.symbol,
                    day=each.day + YEAR,
                    quantity=holding.quantity,
                    per_share=share,
                    currency=base,
                    amount=share * holding.quantity,
                    estimated=True,
                    why=f"estimated: as the ledger's of {each.day}; no source tells more",
                )
            )
    return told


def ahead(told: Sequence[ExpectedIncome], today: date) -> tuple[ExpectedMonth, ...]:
    """Twelve months from this one on, and whatever of today's year reaches beyond."""
    sums: defaultdict[date, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    month = today.replace(day=1)
    for _ in range(12):
        sums[month] = [ZERO, ZERO]
        month = (month + timedelta(days=31)).replace(day=1)
    with localcontext(EXACT):
        for each in told:
            sums[each.day.replace(day=1)][each.estimated] += each.amount or ZERO
    return tuple(
        ExpectedMonth(month=month, announced=announced, estimated=estimated)
        for month, (announced, estimated) in sorted(sums.items())
    )


def rates_with(base: str, rates: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """With the portfolio's own currency."""
    return dict(rates) | {base: ONE}
