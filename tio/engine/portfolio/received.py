"""Income as it was booked: by month, by symbol, and all of it, each the sum of the same entries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from zoneinfo import ZoneInfo

from tio.api.income import IncomeMonth, Received
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.money import EXACT, ZERO
from tio.engine.portfolio.terms import terms

_EARNED = (TransactionKind.dividend, TransactionKind.interest)
_TAKEN = (TransactionKind.fee, TransactionKind.tax)


@dataclass(frozen=True, slots=True)
class Payment:
    """What one entry brought, in the portfolio's currency at its rate, on a day of its zone."""

    day: date
    symbol: str
    dividends: Decimal = ZERO
    coupons: Decimal = ZERO
    interest: Decimal = ZERO
    fees: Decimal = ZERO
    taxes: Decimal = ZERO


def payments(entries: Iterable[Transaction], zone: ZoneInfo) -> Iterator[Payment]:
    """Every entry of income, and every fee or tax of an instrument that goes with no trade."""
    for entry in entries:
        if entry.kind in _EARNED or (entry.kind in _TAKEN and entry.symbol):
            with localcontext(EXACT):
                yield _payment(entry, entry.at.astimezone(zone).date())


def _payment(entry: Transaction, day: date) -> Payment:
    said = terms(entry)
    gross, fees, taxes = said.gross * said.rate, said.fee * said.rate, said.tax * said.rate
    match entry.kind:
        case TransactionKind.dividend:
            return Payment(day, entry.symbol, dividends=gross, fees=fees, taxes=taxes)
        case TransactionKind.interest if entry.symbol:
            return Payment(day, entry.symbol, coupons=gross, fees=fees, taxes=taxes)
        case TransactionKind.interest:
            return Payment(day, "", interest=gross, fees=fees, taxes=taxes)
        case TransactionKind.fee:
            return Payment(day, entry.symbol, fees=gross + fees, taxes=taxes)
        case _:
            return Payment(day, entry.symbol, fees=fees, taxes=gross + taxes)


def received(paid: Iterable[Payment]) -> Received:
    """The exact sum of some payments."""
    with localcontext(EXACT):
        dividends = coupons = interest = fees = taxes = ZERO
        for each in paid:
            dividends += each.dividends
            coupons += each.coupons
            interest += each.interest
            fees += each.fees
            taxes += each.taxes
        gross = dividends + coupons + interest
        return Received(
            dividends=dividends,
            coupons=coupons,
            interest=interest,
            gross=gross,
            fees=fees,
            taxes=taxes,
            net=gross - fees - taxes,
        )


def by_month(paid: Iterable[Payment]) -> tuple[IncomeMonth, ...]:
    """Months in which something was paid, oldest first."""
    months: defaultdict[date, list[Payment]] = defaultdict(list)
    for each in paid:
        months[each.day.replace(day=1)].append(each)
    return tuple(
        IncomeMonth(month=month, received=received(these))
        for month, these in sorted(months.items())
    )


def by_symbol(paid: Iterable[Payment]) -> dict[str, Received]:
    """Each instrument's; "" is interest on cash."""
    symbols: defaultdict[str, list[Payment]] = defaultdict(list)
    for each in paid:
        symbols[each.symbol].append(each)
    return {symbol: received(these) for symbol, these in symbols.items()}
