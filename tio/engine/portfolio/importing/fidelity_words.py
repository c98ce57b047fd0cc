"""What the sentences in Fidelity's account history begin with, and what they mean."""

from tio.api.portfolio import TransactionKind

Kind = TransactionKind

TRADES = {
    "YOU BOUGHT": Kind.buy,
    "YOU SOLD": Kind.sell,
    "REINVESTMENT": Kind.buy,
    "PURCHASE INTO CORE ACCOUNT": Kind.buy,
    "REDEMPTION FROM CORE ACCOUNT": Kind.sell,
    "REDEMPTION PAYOUT": Kind.sell,
    "MERGER MER PAYOUT": Kind.sell,
    "CASH MERGER": Kind.sell,
}
PAYMENTS = {
    "DIVIDEND": Kind.dividend,
    "LONG-TERM CAP GAIN": Kind.dividend,
    "SHORT-TERM CAP GAIN": Kind.dividend,
    "ROYALTY TR PYMT": Kind.dividend,
    "RETURN OF CAPITAL": Kind.return_of_capital,
    "IN LIEU OF FRX SHARE": Kind.return_of_capital,
    "INTEREST": Kind.interest,
    "MARGIN INTEREST": Kind.interest,
    "MUNI TAXABLE INT": Kind.interest,
    "MUNI EXEMPT INT": Kind.interest,
    "FULLY PAID LENDING": Kind.interest,
    "FOREIGN TAX": Kind.tax,
    "NON-RESIDENT TAX": Kind.tax,
    "TAX WITHHELD": Kind.tax,
    "FED TAX W/H": Kind.tax,
    "STATE TAX W/H": Kind.tax,
    "ADVISORY FEE": Kind.fee,
    "ADVISOR FEE": Kind.fee,
    "ASSET/ACCT FEE": Kind.fee,
    "FOREIGN CUSTODY FEE": Kind.fee,
    "FEE": Kind.fee,
}
MOVES = (
    "ELECTRONIC FUNDS TRANSFER",
    "DIRECT DEPOSIT",
    "DIRECT DEBIT",
    "WIRE TRANS",
    "CHECK RECEIVED",
    "CHECK PAID",
    "DEBIT CARD PURCHASE",
    "CASH ADVANCE",
    "BILL PAYMENT",
    "CASH CONTRIBUTION",
    "CONTRIBUTION",
    "PARTIC CONTR",
    "CO CONTR",
    "TRANSFERRED FROM",
    "TRANSFERRED TO",
    "TRANSFER OF ASSETS",
    "JOURNALED",
    "NORMAL DISTR",
    "EARLY DISTR",
    "PREMATURE DISTR",
    "ROLLOVER",
)
"""Cash or shares that come from elsewhere or go there; which way, their signs tell."""
SPLITS = ("DISTRIBUTION", "STOCK SPLIT", "FORWARD SPLIT")
"""Shares that come beside those held, without money."""
OPTIONS = (
    "EXPIRED CALL",
    "EXPIRED PUT",
    "ASSIGNED CALL",
    "ASSIGNED PUT",
    "EXERCISED CALL",
    "EXERCISED PUT",
)
REORGANISED = (
    "MERGER",
    "SPINOFF",
    "SPIN-OFF",
    "SPIN OFF",
    "NAME CHANGE",
    "TENDER",
    "EXCHANGE",
    "REORG",
    "REVERSE SPLIT",
    "DISTRIBUTION",
)
