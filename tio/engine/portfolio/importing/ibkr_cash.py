"""What Interactive Brokers paid and charged, whichever of its files tells it, made into rows."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.importing.options import is_option, no_options
from tio.engine.portfolio.importing.rows import Row, Security
from tio.engine.portfolio.importing.taking import NOTHING, taken
from tio.engine.portfolio.importing.tidying import unknown

Kind = TransactionKind

_KINDS = {
    "dividends": Kind.dividend,
    "payment in lieu of dividends": Kind.dividend,
    "withholding tax": Kind.tax,
    "871(m) withholding": Kind.tax,
    "transaction taxes": Kind.tax,
    "sales tax": Kind.tax,
    "broker interest paid": Kind.interest,
    "broker interest received": Kind.interest,
    "bond interest paid": Kind.interest,
    "bond interest received": Kind.interest,
    "interest": Kind.interest,
    "other income": Kind.interest,
    "other fees": Kind.fee,
    "advisor fees": Kind.fee,
    "broker fees": Kind.fee,
    "client fees": Kind.fee,
    "commission adjustments": Kind.fee,
    "price adjustments": Kind.fee,
    "fees": Kind.fee,
    "deposits/withdrawals": Kind.deposit,
    "deposits & withdrawals": Kind.deposit,
}
_CHARGED = {Kind.fee, Kind.tax}
_OF_SYMBOL = re.compile(
    r"(?P<ticker>[A-Za-z0-9][A-Za-z0-9. ]{0,20}?)\s*\((?P<isin>[A-Z0-9]{9,12})\)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money that came (above zero) or went; `word` is what the broker calls it."""

    line: int
    at: datetime
    word: str
    amount: Decimal
    currency: str
    description: str
    security: Security = NOTHING
    account: str = ""
    reference: str = ""


def payment_row(told: Payment) -> Row:
    """The row of a payment; Invalid where its kind is not known or names an option."""
    kind = _KINDS.get(told.word.lower().strip())
    if kind is None:
        raise Invalid(unknown(told.word, told.line, "kind of payment"))
    security = told.security if told.security.ticker else named_in(told.description)
    if is_option(security.ticker):
        raise no_options(security.ticker, told.line)
    amount, odd = told.amount, ""
    if kind is Kind.deposit:
        kind, amount = (kind, amount) if amount >= 0 else (Kind.withdrawal, -amount)
    elif kind in _CHARGED:
        amount = -amount
    elif kind is Kind.dividend:
        if "return of capital" in told.description.lower() and amount > 0:
            kind = Kind.return_of_capital
        elif amount < 0:
            odd = "a dividend taken back"
    own = kind in (Kind.dividend, Kind.return_of_capital, Kind.tax) or bool(told.security.ticker)
    entry = Transaction(
        kind=kind,
        at=told.at,
        account=told.account,
        symbol=security.ticker if own and kind not in (Kind.deposit, Kind.withdrawal) else "",
        amount=amount,
        currency=told.currency,
        note=told.description,
        reference=told.reference,
    )
    return taken(told.line, entry, security if entry.symbol else NOTHING, odd)


def named_in(description: str) -> Security:
    """The instrument a description begins with, as CDW(US12514G1085) CASH DIVIDEND …"""
    match = _OF_SYMBOL.match(description.strip())
    if match is None:
        return NOTHING
    isin = match["isin"] if len(match["isin"]) == 12 else ""
    return Security(ticker=match["ticker"], isin=isin)
