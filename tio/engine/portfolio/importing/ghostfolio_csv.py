"""Ghostfolio's import file, CSV: a column an activity's field, each under several names."""

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from tio.api.errors import Invalid
from tio.engine.portfolio.importing.ghostfolio import Activity, Reading
from tio.engine.portfolio.importing.records import Record, has_header, records
from tio.engine.portfolio.importing.rows import Row
from tio.engine.portfolio.importing.taking import refused, with_shorts

_DATE = ("date", "tradedate")
_SYMBOL = ("code", "symbol", "ticker")
_CURRENCY = ("ccy", "currency", "currencyprimary")
_PRICE = ("price", "tradeprice", "unitprice", "value")
_QUANTITY = ("qty", "quantity", "shares", "units")
_TYPE = ("action", "buy/sell", "type")
_FEE = ("commission", "fee", "ibcommission")
_OTHERS = {"account", "accountid", "comment", "note", "datasource"}
_NEEDED = (_DATE, _SYMBOL, _CURRENCY, _PRICE, _QUANTITY, _TYPE, _FEE)
_KNOWN = _OTHERS | {name for names in _NEEDED for name in names}
_DAYS = re.compile(r"(\d{2})([-/.])(\d{2})\2(\d{4})|(\d{4})([-/.]?)(\d{2})\6(\d{2})")


class GhostfolioCsv:
    """Reads the CSV Ghostfolio takes: no column but those it knows, years of four digits."""

    name = "ghostfolio_csv"
    label = "Ghostfolio (CSV)"

    def recognises(self, text: str) -> bool:
        header = text.lstrip("\ufeff\r\n").partition("\n")[0]
        columns = {cell.strip(' "\r').lower() for cell in header.split(",")}
        return columns <= _KNOWN and all(columns & set(names) for names in _NEEDED)

    def read(self, text: str, zone: str) -> Iterator[Row]:
        if not has_header(text, *_header(text)):
            raise Invalid("no header with a date, a symbol, a price and an action was found")
        reading = Reading(zone)
        rows = []
        for record in records(text, *_header(text)):
            try:
                rows.append(reading.row(record.line, _activity(record)))
            except Invalid as error:
                rows.append(refused(record.line, error))
        yield from with_shorts(rows)


def _header(text: str) -> tuple[str, ...]:
    """The names this file has for what every file must tell."""
    found = [[name for name in names if has_header(text, name)] for names in _NEEDED]
    return tuple(names[0] for names in found if names)


def _activity(record: Record) -> Activity:
    return Activity(
        type=record.needed(*_TYPE),
        date=_date(record.needed(*_DATE)),
        currency=record.needed(*_CURRENCY),
        symbol=record.needed(*_SYMBOL),
        quantity=abs(_number(record, _QUANTITY)),
        unit_price=abs(_number(record, _PRICE)),
        fee=abs(_number(record, _FEE)),
        data_source=record.first("datasource") or "YAHOO",
        account_id=record.first("account", "accountid"),
        comment=record.first("comment", "note"),
    )


def _number(record: Record, names: tuple[str, ...]) -> Decimal:
    value = record.number(*names)
    if value is None:
        raise Invalid(f"{names[0]} is blank")
    return value


def _date(text: str) -> str:
    """As ISO has it; a date with a year of two digits is none."""
    match = _DAYS.fullmatch(text)
    if match:
        day, month, year = match[1] or match[8], match[3] or match[7], match[4] or match[5]
        return f"{year}-{month}-{day}"
    try:
        return datetime.fromisoformat(text).isoformat()
    except ValueError:
        raise Invalid(f"date: {text!r} is no date that can be told for sure") from None
