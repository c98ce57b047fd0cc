"""Robinhood's account activity report, CSV, newest first, in dollars.

A sale's amount is what came after the exchanges' small fees, which no column tells. Shares that
left are told with an S behind their number. A split tells the shares that came (or, with those
that left, in two lines): how many for one is reckoned from what the file's own lines leave held.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.importing.dates import Order, moment
from tio.engine.portfolio.importing.deals import as_paid, counted, disagreement, gross_of
from tio.engine.portfolio.importing.in_time import in_time
from tio.engine.portfolio.importing.numbers import number
from tio.engine.portfolio.importing.options import is_option, no_options
from tio.engine.portfolio.importing.rows import Row, Security
from tio.engine.portfolio.importing.splitting import Held
from tio.engine.portfolio.importing.table import Line, has_header, table
from tio.engine.portfolio.importing.taking import NOTHING, taken
from tio.engine.portfolio.importing.tidying import tidied, unknown
from tio.engine.portfolio.moments import zone_named
from tio.engine.portfolio.money import ZERO

Kind = TransactionKind

_NEEDED = ("Activity Date", "Instrument", "Trans Code", "Quantity", "Price", "Amount")
_TRADES = {"BUY": Kind.buy, "SELL": Kind.sell}
_OPTIONS = set("BTO BTC STO STC OEXP OASGN OEXCS OEXER OCA OCC".split())
_SPLITS = {"SPL", "SPR"}
_FLOWS = set("ACH RTP WIRE DCF XENT XENT_CC JNL ITRF FUTSWP ACATI ACATO CHK".split())
_SHARES_MOVE = {"REC", "ACATI", "ACATO", "ITRF", "JNL"}
_EARNED = {
    "CDIV": Kind.dividend,
    "MDIV": Kind.dividend,
    "QDIV": Kind.dividend,
    "LTCG": Kind.dividend,
    "STCG": Kind.dividend,
    "ROC": Kind.return_of_capital,
    "CIL": Kind.return_of_capital,
    "INT": Kind.interest,
    "MINT": Kind.interest,
    "SLIP": Kind.interest,
    "GDBP": Kind.interest,
    "GMPC": Kind.interest,
    "GOLD": Kind.fee,
    "AFEE": Kind.fee,
    "DFEE": Kind.fee,
    "FEE": Kind.fee,
    "DTAX": Kind.tax,
    "FTAX": Kind.tax,
}
_CHARGES = {Kind.fee, Kind.tax}
_REORGANISED = set("SOFF MRGS MRGC MRG SXCH CONV LIQ NC EXCH TNDR".split())


class Robinhood:
    """Reads the report of one account."""

    name = "robinhood"
    label = "Robinhood (account activity report, CSV)"

    def recognises(self, text: str) -> bool:
        return has_header(text, *_NEEDED)

    def read(self, text: str, zone: str) -> Iterator[Row]:
        report = _Report(table(text, *_NEEDED), zone_named(zone))
        yield from tidied(in_time(report.lines, report.at, report.row, {}))


class _Report:
    """The lines of a report, and which of them tell a split together."""

    def __init__(self, lines: list[Line], zone: ZoneInfo) -> None:
        self.lines = lines
        self._zone = zone
        self._splits: defaultdict[tuple[str, str], list[Line]] = defaultdict(list)
        for line in lines:
            if _word(line) in _SPLITS:
                self._splits[_of_split(line)].append(line)

    def at(self, line: Line) -> datetime:
        """The end of the day a line is of; Invalid."""
        return moment(line.first("Activity Date"), self._zone, Order.month_first, "Activity Date")

    def row(self, line: Line, held: Held) -> Row | None:
        """The row of a line; None where another tells the same split. Invalid."""
        word, symbol = _word(line), line.first("Instrument")
        name = line.first("Description").partition("\n")[0].strip()
        if word in _OPTIONS or is_option(name) or is_option(symbol):
            raise no_options(name or symbol, line.number)
        security = Security(ticker=symbol, name=name, currency="USD") if symbol else NOTHING
        entry = Transaction(
            kind=Kind.deposit,
            at=self.at(line),
            currency="USD",
            note=line.first("Description"),
        )
        if word in _TRADES:
            return _traded(line, replace(entry, kind=_TRADES[word], symbol=symbol), security)
        if word in _SPLITS:
            return self._split(line, replace(entry, kind=Kind.splits, symbol=symbol), held)
        if word in _EARNED:
            return _earned(line, replace(entry, kind=_EARNED[word], symbol=symbol), security)
        if word in _SHARES_MOVE and _quantity(line):
            return _moved(line, replace(entry, symbol=symbol), security)
        if word in _FLOWS:
            amount = as_paid(line.decimal("Amount"), word)
            kind = Kind.deposit if amount >= 0 else Kind.withdrawal
            return taken(line.number, replace(entry, kind=kind, amount=abs(amount)))
        if word in _REORGANISED:
            raise Invalid(
                f"a corporate action ({word}) of {symbol} is not read, enter it by hand: "
                f"line {line.number}"
            )
        raise Invalid(unknown(line.first("Trans Code"), line.number))

    def _split(self, line: Line, entry: Transaction, held: Held) -> Row | None:
        together = self._splits[_of_split(line)]
        if together[-1] is not line:
            return None
        come = sum(((_quantity(each) or ZERO) for each in together), ZERO)
        factor, odd = held.factor("", entry.symbol, come)
        security = Security(ticker=entry.symbol, currency="USD")
        return taken(line.number, replace(entry, quantity=factor), security, odd)


def _word(line: Line) -> str:
    return line.first("Trans Code").upper()


def _of_split(line: Line) -> tuple[str, str]:
    return line.first("Activity Date"), line.first("Instrument")


def _quantity(line: Line) -> Decimal | None:
    """So many, below zero when they left."""
    told = line.first("Quantity")
    value = number(told.removesuffix("S"), line.style, "Quantity")
    return -value if value is not None and told.endswith("S") else value


def _traded(line: Line, entry: Transaction, security: Security) -> Row:
    quantity = counted(_quantity(line), line.first("Trans Code"))
    price = line.decimal("Price")
    gross = gross_of(entry.kind, as_paid(line.decimal("Amount"), "Amount"), ZERO)
    made = replace(entry, quantity=quantity, price=price, amount=gross)
    return taken(line.number, made, security, disagreement(quantity, price, gross))


def _earned(line: Line, entry: Transaction, security: Security) -> Row:
    amount = as_paid(line.decimal("Amount"), line.first("Trans Code"))
    odd = ""
    if entry.kind in _CHARGES:
        amount = -amount
    elif entry.kind is Kind.dividend and amount < 0:
        odd = "a dividend taken back"
    elif _word(line) == "CIL":
        odd = "cash in place of part of a share: it lowers what the others cost"
    return taken(line.number, replace(entry, amount=amount), security, odd)


def _moved(line: Line, entry: Transaction, security: Security) -> Row:
    """Shares that came from elsewhere, or went there."""
    quantity, word = _quantity(line) or ZERO, _word(line)
    goes = quantity < 0 or word == "ACATO"
    price, amount = line.decimal("Price"), line.decimal("Amount")
    if not goes and not price and not amount:
        raise Invalid(
            f"what {quantity} {entry.symbol} cost is not told, enter them as a transfer in: "
            f"line {line.number}"
        )
    made = replace(
        entry,
        kind=Kind.transfer_out if goes else Kind.transfer_in,
        quantity=abs(quantity),
        price=None if goes else price,
        amount=abs(amount) if amount else None,
    )
    return taken(line.number, made, security)
