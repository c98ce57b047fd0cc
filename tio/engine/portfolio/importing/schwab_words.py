"""What Charles Schwab calls what happens in an account, and what it means."""

from tio.api.portfolio import TransactionKind

Kind = TransactionKind

TRADES = {
    "buy": Kind.buy,
    "sell": Kind.sell,
    "sell short": Kind.sell,
    "buy to cover": Kind.buy,
    "reinvest shares": Kind.buy,
    "cash merger": Kind.sell,
    "full redemption": Kind.sell,
    "cancel buy": Kind.buy,
    "cancel sell": Kind.sell,
}
CANCELS = {
    "cancel buy": {"buy", "reinvest shares", "buy to cover"},
    "cancel sell": {"sell", "sell short"},
}
"""What takes back what: with the signs turned about."""
PAYMENTS = {
    "cash dividend": Kind.dividend,
    "qualified dividend": Kind.dividend,
    "non-qualified div": Kind.dividend,
    "special dividend": Kind.dividend,
    "special qual div": Kind.dividend,
    "special non qual div": Kind.dividend,
    "reinvest dividend": Kind.dividend,
    "qual div reinvest": Kind.dividend,
    "non-qual div reinvest": Kind.dividend,
    "pr yr cash div": Kind.dividend,
    "pr yr div reinvest": Kind.dividend,
    "pr yr non-qual div": Kind.dividend,
    "div adjustment": Kind.dividend,
    "long term cap gain": Kind.dividend,
    "short term cap gain": Kind.dividend,
    "long term cap gain reinvest": Kind.dividend,
    "short term cap gain reinvest": Kind.dividend,
    "substitute payment": Kind.dividend,
    "return of capital": Kind.return_of_capital,
    "ret cap reinvest": Kind.return_of_capital,
    "cash in lieu": Kind.return_of_capital,
    "credit interest": Kind.interest,
    "bank interest": Kind.interest,
    "bond interest": Kind.interest,
    "cd interest": Kind.interest,
    "margin interest": Kind.interest,
    "interest adj": Kind.interest,
    "promotional award": Kind.interest,
    "nra tax adj": Kind.tax,
    "nra withholding": Kind.tax,
    "foreign tax paid": Kind.tax,
    "foreign tax reclaim": Kind.tax,
    "tax withholding": Kind.tax,
    "backup withholding": Kind.tax,
    "service fee": Kind.fee,
    "adr mgmt fee": Kind.fee,
    "advisor fee": Kind.fee,
    "fee": Kind.fee,
    "misc fee": Kind.fee,
}
MOVES = {
    "moneylink transfer",
    "moneylink deposit",
    "moneylink adj",
    "wire funds",
    "wire sent",
    "wire received",
    "wire funds received",
    "wire funds adj",
    "funds received",
    "funds paid",
    "journal",
    "journaled shares",
    "internal transfer",
    "security transfer",
    "stock plan activity",
    "atm withdrawal",
    "visa purchase",
    "schwab atm rebate",
    "misc cash entry",
    "misc credits",
    "auto s1 credit",
    "auto s1 debit",
}
"""Cash or shares that come from elsewhere or go there; which way, their signs tell."""
SPLITS = {"stock split", "forward split", "stock dividend"}
"""Shares that come beside those held, without money."""
OPTIONS = {
    "buy to open",
    "buy to close",
    "sell to open",
    "sell to close",
    "expired",
    "assigned",
    "exchange or exercise",
    "options frwd split",
}
REORGANISED = {
    "reverse split",
    "spin-off",
    "stock merger",
    "cash/stock merger",
    "cash merger adj",
    "mandatory reorg exc",
    "name change",
    "tender offer",
    "full redemption adj",
    "dist rgts n-trans",
    "expired warrants",
}
