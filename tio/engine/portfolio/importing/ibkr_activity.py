"""Interactive Brokers' activity statement, CSV in English.

Read are Trades (Trade lines where there are no Orders), Dividends, Withholding Tax, Interest, Fees,
Deposits & Withdrawals, Corporate Actions and Transfers. No line of it has an id.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from tio.api.errors import Invalid
from tio.engine.portfolio.importing.activity_sections import Sections, instruments, sections_of
from tio.engine.portfolio.importing.dates import moment
from tio.engine.portfolio.importing.deals import as_paid, counted
from tio.engine.portfolio.importing.ibkr_actions import Action, action_rows
from tio.engine.portfolio.importing.ibkr_cash import Payment, payment_row
from tio.engine.portfolio.importing.ibkr_trades import Deal, check_kept, deal_rows
from tio.engine.portfolio.importing.ibkr_transfers import Move, move_rows
from tio.engine.portfolio.importing.rows import Row, Security
from tio.engine.portfolio.importing.table import Line
from tio.engine.portfolio.importing.taking import refused
from tio.engine.portfolio.importing.tidying import tidied
from tio.engine.portfolio.moments import zone_named
from tio.engine.portfolio.money import ZERO

Made = TypeVar("Made")

_PAYMENTS = (
    "dividends",
    "payment in lieu of dividends",
    "withholding tax",
    "871(m) withholding",
    "interest",
    "fees",
    "deposits & withdrawals",
)
_COMMISSIONS = ("Comm/Fee", "Comm", "Commission")


class IbkrActivity:
    """Reads the activity statement of one account, or of several consolidated."""

    name = "ibkr_activity"
    label = "Interactive Brokers (activity statement, CSV)"

    def recognises(self, text: str) -> bool:
        begin = text.lstrip("\ufeff \r\n").replace('"', "")
        return begin.startswith(("Statement,Header,", "Trades,Header,DataDiscriminator,"))

    def read(self, text: str, zone: str) -> Iterator[Row]:
        sections = sections_of(text)
        if not {"statement", "account information", "trades", *_PAYMENTS} & sections.keys():
            raise Invalid("this is no activity statement in English: it has no section known here")
        statement = _Statement(sections, zone_named(zone))
        yield from tidied(sorted(statement.rows(), key=lambda row: row.line), statement.sure)


class _Statement:
    """The sections of a file made into rows."""

    def __init__(self, sections: Sections, zone: ZoneInfo) -> None:
        self._sections = sections
        self._instruments: Mapping[str, Security] = instruments(sections)
        self._zone = zone
        self._failed: list[Row] = []
        self._deals = self._made(self._trades(), self._deal)
        self.sure = frozenset(deal.line for deal in self._deals if deal.codes & {"O", "C"})
        """Lines of trades that are told to open or to close."""

    def rows(self) -> Iterator[Row]:
        """All rows, section by section."""
        yield from self._made(self._sections.get("", ()), self._nothing)
        yield from deal_rows(self._deals)
        actions = self._sections.get("corporate actions", ())
        yield from action_rows(self._made(actions, self._action))
        for section in _PAYMENTS:
            lines = self._sections.get(section, ())
            yield from self._made(lines, partial(self._paid, section))
        moves = self._made(self._sections.get("transfers", ()), self._moved)
        yield from move_rows(moves, self._failed)
        yield from self._failed

    def _made(self, lines: Sequence[Line], make: Callable[[Line], Made]) -> list[Made]:
        made = []
        for line in lines:
            try:
                if line.fault:
                    raise Invalid(f"line {line.number} is broken: {line.fault}")
                made.append(make(line))
            except Invalid as error:
                self._failed.append(refused(line.number, error))
        return made

    def _trades(self) -> list[Line]:
        """Orders, or the trades they are made of where there are none; lots closed are neither."""
        lines = self._sections.get("trades", ())
        levels = [line.first("DataDiscriminator").lower() for line in lines]
        level = "order" if "order" in levels else "trade"
        return [
            line
            for line, told in zip(lines, levels, strict=True)
            if told in (level, "") or "cancel" in told
        ]

    def _nothing(self, line: Line) -> Row:
        raise Invalid(f"line {line.number} is of no section")

    def _deal(self, line: Line) -> Deal:
        category, symbol = line.first("Asset Category").upper(), line.first("Symbol")
        check_kept(category, symbol, line.number)
        quantity = as_paid(line.decimal("Quantity"), "Quantity")
        price, proceeds = line.decimal("T. Price", "Price"), line.decimal("Proceeds")
        if proceeds is None:
            proceeds = -quantity * as_paid(price, "T. Price")
        cancels = "cancel" in line.first("DataDiscriminator").lower()
        column, commission_currency = _commission(line)
        return Deal(
            line=line.number,
            at=self._at(line, "Date/Time"),
            account=line.first("Account"),
            category=category,
            currency=line.first("Currency"),
            security=self._security(symbol, line),
            quantity=quantity,
            price=price,
            proceeds=proceeds,
            commission=(line.decimal(column) or ZERO) if column else ZERO,
            commission_currency=commission_currency,
            codes=_codes(line) | {"CA"} if cancels else _codes(line),
        )

    def _action(self, line: Line) -> Action:
        return Action(
            line=line.number,
            at=self._at(line, "Date/Time", "Report Date"),
            account=line.first("Account"),
            category=line.first("Asset Category").upper(),
            currency=line.first("Currency"),
            security=Security(),
            description=line.first("Description"),
            quantity=as_paid(line.decimal("Quantity"), "Quantity"),
            proceeds=line.decimal("Proceeds") or ZERO,
            codes=_codes(line),
        )

    def _paid(self, word: str, line: Line) -> Row:
        row = payment_row(
            Payment(
                line=line.number,
                at=self._at(line, "Date", "Settle Date"),
                account=line.first("Account"),
                word=word,
                amount=as_paid(line.decimal("Amount"), "Amount"),
                currency=line.first("Currency"),
                description=line.first("Description"),
            )
        )
        if row.transaction is None or not row.transaction.symbol:
            return row
        known = self._instruments.get(row.transaction.symbol)
        return replace(row, security=known) if known else row

    def _moved(self, line: Line) -> Move:
        symbol = line.first("Symbol").strip("-")
        quantity = line.decimal("Qty", "Quantity")
        return Move(
            line=line.number,
            at=self._at(line, "Date"),
            account=line.first("Account"),
            other=line.first("Xfer Account"),
            way=line.first("Direction"),
            category=line.first("Asset Category").upper(),
            currency=line.first("Currency"),
            security=self._security(symbol, line),
            quantity=counted(quantity, "Qty") if symbol else None,
            price=line.decimal("Xfer Price"),
            worth=line.decimal("Market Value"),
            cash=line.decimal("Cash Amount"),
            note=" ".join(filter(None, (line.first("Type"), line.first("Xfer Company")))),
        )

    def _at(self, line: Line, *columns: str) -> datetime:
        return moment(line.first(*columns), self._zone, None, columns[0])

    def _security(self, symbol: str, line: Line) -> Security:
        known = self._instruments.get(symbol, Security(ticker=symbol))
        return replace(known, currency=line.first("Currency"))


def _commission(line: Line) -> tuple[str, str]:
    """The column of the commission and its currency, "" where it is the trade's."""
    for column in line.places:
        if column.startswith("comm in "):
            return column, column.removeprefix("comm in ").upper()
    return next((each for each in _COMMISSIONS if each.lower() in line.places), ""), ""


def _codes(line: Line) -> frozenset[str]:
    return frozenset(line.first("Code").upper().replace(" ", "").split(";")) - {""}
