"""What columns and kinds of entries are called in CSV files, in lower case."""

import re

from tio.api.mappings import CsvField as Field
from tio.api.portfolio import TransactionKind

Kind = TransactionKind

COLUMNS: dict[Field, str] = {
    Field.date: "trade date|transaction date|execution date|date|date time|datetime|timestamp|"
    "run date|activity date|booking date|settlement date|value date|datum|buchungstag|fecha|data",
    Field.time: "time|trade time|uhrzeit|hora|heure",
    Field.kind: "type|transaction type|activity type|order type|trade type|kind|action|side|"
    "buy sell|operation|transaction|typ|art|vorgang|tipo",
    Field.isin: "isin",
    Field.symbol: "symbol|ticker|ticker symbol|code|instrument|security symbol|kürzel",
    Field.name: "name|security name|instrument name|company name|product name|security|product|"
    "asset|wertpapier",
    Field.quantity: "quantity|qty|shares|units|no of shares|number of shares|volume|stück|anzahl|"
    "menge|cantidad|quantité",
    Field.price: "price|unit price|share price|trade price|execution price|exec price|avg price|"
    "average price|price per share|price share|kurs|preis|precio|prix",
    Field.fee: "fee|fees|commission|commissions|commission fees|fees commissions|charges|brokerage|"
    "gebühr|gebühren|provision|frais|comisión",
    Field.tax: "tax|taxes|withholding tax|withheld|stamp duty|steuer|steuern",
    Field.amount: "amount|net amount|gross amount|total amount|total|proceeds|value|net cash|"
    "consideration|betrag|gesamtbetrag|gesamt|importe|montant|wert",
    Field.currency: "currency|currency code|trade currency|price currency|ccy|währung|"
    "divisa|devise",
    Field.account: "account|account name|account number|account id|portfolio|depot|konto",
    Field.reference: "id|transaction id|order id|trade id|reference|ref|order no|order number",
    Field.note: "note|notes|comment|comments|description|memo|details|bemerkung|text",
}
"""Names of a field's column, parted by |, the likelier first."""

_WORDS: tuple[tuple[Kind, str], ...] = (
    (Kind.dividend, r"div|ausschüttung"),
    (Kind.interest, r"interest|zins|coupon"),
    (Kind.tax, r"tax|withholding|steuer"),
    (Kind.fee, r"fee|commission|charge|gebühr"),
    (Kind.splits, r"split"),
    (Kind.transfer_in, r"transfer.?in|receive|einlieferung|journal.?in"),
    (Kind.transfer_out, r"transfer.?out|send|auslieferung|journal.?out"),
    (Kind.sell, r"^(s|sl?d)$|sell|sold|sale|verkauf|venta|vente"),
    (Kind.buy, r"^(b|bot)$|buy|bought|purchase|kauf|reinvest|compra|achat"),
    (Kind.deposit, r"deposit|einzahlung|contribution|cash.?in|top.?up|funding"),
    (Kind.withdrawal, r"withdraw|auszahlung|cash.?out|removal|payout"),
)


def plain(header: str) -> str:
    """A column's name without case, marks and what stands in brackets: `Price ($)` is price."""
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", header.lower())
    return " ".join(re.sub(r"[^\w]+|_", " ", bare).split())


def kind_of(word: str) -> TransactionKind | None:
    """The likeliest kind of a word, None where nothing speaks for one."""
    return next((kind for kind, each in _WORDS if re.search(each, word.lower())), None)
