"""Ghostfolio's export and import file, JSON.

BUY, SELL and DIVIDEND are quantity × unitPrice; INTEREST too, and its symbol is only a name; of a
FEE the fee counts, with quantity × unitPrice where that is told; an ITEM is a thing one owns that
was never paid for here, so it is transferred in at its price. A LIABILITY is no holding.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.importing.jsonlines import decoded, item_as, numbered
from tio.engine.portfolio.importing.rows import Row, Security
from tio.engine.portfolio.importing.taking import refused, taken, with_shorts
from tio.engine.portfolio.moments import day_end, zone_named

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SYMBOL = re.compile(r"[\w.^=&/:+$#@*\-]{1,60}")
_NOTHING_TRADED = {"INTEREST", "FEE"}
SOURCES = frozenset(
    {
        "ALPHA_VANTAGE",
        "COINGECKO",
        "EOD_HISTORICAL_DATA",
        "FINANCIAL_MODELING_PREP",
        "GHOSTFOLIO",
        "GOOGLE_SHEETS",
        "MANUAL",
        "RAPID_API",
        "YAHOO",
    }
)


class _Account(msgspec.Struct, rename="camel"):
    id: str = ""
    name: str = ""
    platform_id: str | None = None


class _Platform(msgspec.Struct):
    id: str = ""
    name: str = ""


class _Profile(msgspec.Struct, rename="camel"):
    symbol: str = ""
    name: str | None = None
    isin: str | None = None
    currency: str | None = None


class _Tag(msgspec.Struct):
    id: str = ""
    name: str = ""


class Activity(msgspec.Struct, rename="camel"):
    """One activity, of JSON or of a CSV row."""

    type: str
    date: str
    currency: Annotated[str, Meta(min_length=2)]
    symbol: str
    quantity: Decimal
    unit_price: Decimal
    fee: Decimal = Decimal(0)
    data_source: str = "YAHOO"
    account_id: str | None = None
    comment: str | None = None
    tags: tuple[str, ...] = ()
    id: str = ""


class _File(msgspec.Struct, rename="camel"):
    activities: list[msgspec.Raw]
    accounts: list[_Account] = []
    platforms: list[_Platform] = []
    asset_profiles: list[_Profile] = []
    tags: list[_Tag] = []


class Ghostfolio:
    """Reads Ghostfolio's JSON."""

    name = "ghostfolio"
    label = "Ghostfolio (JSON)"

    def recognises(self, text: str) -> bool:
        begin = text.lstrip("\ufeff \t\r\n")
        return begin.startswith("{") and '"activities"' in begin and '"unitPrice"' in begin

    def read(self, text: str, zone: str) -> Iterator[Row]:
        text = text.removeprefix("\ufeff")
        file = decoded(text, _File, "export of Ghostfolio")
        yield from with_shorts(self._rows(text, file, zone))

    def _rows(self, text: str, file: _File, zone: str) -> Iterator[Row]:
        reading = Reading(zone, file)
        for line, item in numbered(text, file.activities):
            try:
                yield reading.row(line, item_as(item, Activity))
            except Invalid as error:
                yield refused(line, error)


class Reading:
    """Activities of one file, with the accounts and assets it describes."""

    def __init__(self, zone: str, file: _File | None = None) -> None:
        self._zone = zone_named(zone)
        self._strict = file is not None
        file = file or _File([])
        platforms = {each.id: each.name or each.id for each in file.platforms}
        self._accounts = {each.id: each.name or each.id for each in file.accounts}
        self._platforms = {
            each.id: platforms.get(each.platform_id, each.platform_id)
            for each in file.accounts
            if each.platform_id
        }
        self._profiles = {each.symbol: each for each in file.asset_profiles}
        self._tags = {each.id: each.name or each.id for each in file.tags}

    def row(self, line: int, of: Activity) -> Row:
        """The row of one activity; Invalid where it cannot be one."""
        kind = of.type.upper()
        if kind == "LIABILITY":
            raise Invalid(f"a liability ({of.symbol}) is no holding and cannot be taken in")
        if kind not in _KINDS:
            raise Invalid(f"type: there is no activity {of.type!r}")
        if of.data_source.upper() not in SOURCES:
            raise Invalid(f"dataSource: there is no data source {of.data_source!r}")
        if kind not in _NOTHING_TRADED:
            self._check_symbol(of, kind)
        at = _moment(of.date, self._zone)
        if at.year < 1970:
            raise Invalid(f"date: {of.date} is before 1970, where Ghostfolio's time begins")
        if of.quantity < 0 or of.unit_price < 0 or of.fee < 0:
            raise Invalid("quantity, unitPrice and fee must not be below zero")
        account = of.account_id or ""
        platform = self._platforms.get(account, "")
        odd = f"its account is one at the platform {platform}; see that it is yours"
        entry = Transaction(
            kind=_KINDS[kind],
            at=at,
            account=self._accounts.get(account, account),
            currency=of.currency,
            note=of.comment or "",
            tags=tuple(self._tags.get(tag, tag) for tag in of.tags),
            reference=of.id,
        )
        return taken(
            line, _filled(entry, of, kind), self._security(of, kind), odd if platform else ""
        )

    def _check_symbol(self, of: Activity, kind: str) -> None:
        described = of.symbol in self._profiles or not self._strict
        if of.data_source.upper() == "MANUAL":
            if kind != "ITEM" and not described and not _UUID.fullmatch(of.symbol):
                raise Invalid(
                    f"symbol: {of.symbol!r} is kept by hand, and the file does not describe it"
                )
        elif not _SYMBOL.fullmatch(of.symbol):
            raise Invalid(f"symbol: {of.symbol!r} is no symbol of {of.data_source}")

    def _security(self, of: Activity, kind: str) -> Security:
        if kind in _NOTHING_TRADED:
            return Security()
        profile = self._profiles.get(of.symbol, _Profile())
        return Security(
            ticker="" if _UUID.fullmatch(of.symbol) else of.symbol,
            isin=profile.isin or "",
            name=profile.name or "",
            currency=profile.currency or of.currency,
        )


_KINDS = {
    "BUY": TransactionKind.buy,
    "SELL": TransactionKind.sell,
    "DIVIDEND": TransactionKind.dividend,
    "INTEREST": TransactionKind.interest,
    "FEE": TransactionKind.fee,
    "ITEM": TransactionKind.transfer_in,
}


def _filled(entry: Transaction, of: Activity, kind: str) -> Transaction:
    """The entry with what was traded or paid."""
    replace = msgspec.structs.replace
    if kind == "FEE":
        return replace(entry, amount=of.fee + of.quantity * of.unit_price, note=_named(of))
    if kind == "INTEREST":
        return replace(entry, amount=of.quantity * of.unit_price, fee=of.fee, note=_named(of))
    return replace(entry, symbol=of.symbol, quantity=of.quantity, price=of.unit_price, fee=of.fee)


def _named(of: Activity) -> str:
    """The note of what has a name in place of a symbol."""
    name = "" if _UUID.fullmatch(of.symbol) else of.symbol
    return ": ".join(part for part in (name, of.comment) if part)


def _moment(text: str, zone: ZoneInfo) -> datetime:
    """When: midnight, there or in UTC, is what Ghostfolio writes for a bare date."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"date: {text!r} is no date") from None
    if at.tzinfo is None:
        at = at.replace(tzinfo=zone)
    for there in (at.astimezone(UTC), at.astimezone(zone)):
        if not (there.hour or there.minute or there.second or there.microsecond):
            return day_end(there.date(), zone)
    return at.astimezone(UTC)
