"""The rates a Flex query tells: ConversionRates, and each line's own to the account's currency."""

from collections.abc import Iterable, Iterator

from tio.api.errors import Invalid
from tio.engine.portfolio.importing.flex_items import Item, Statement
from tio.engine.portfolio.importing.told_rates import ToldRate
from tio.engine.portfolio.money import ONE

_LINES = ("Trade", "Order", "CashTransaction", "CorporateAction", "Transfer", "SalesTax")
_ANY = ""


def flex_rates(parts: Iterable[Statement]) -> Iterator[ToldRate]:
    """Every rate of these statements; a line that cannot be read tells none."""
    for part in parts:
        lines = [item for tag in _LINES for item in part.items(tag, _ANY)]
        base = _base(part, lines)
        if base:
            yield from _told(lines, "currency", base, "fxRateToBase")
        for item in part.items("ConversionRate", _ANY):
            yield from _told([item], "fromCurrency", item["toCurrency"], "rate")


def _base(part: Statement, lines: Iterable[Item]) -> str:
    """The account's currency: told, or the only one whose rate is one; "" where neither is."""
    told = {item["currency"] for item in part.items("AccountInformation", _ANY)} - {""}
    if len(told) == 1:
        return told.pop()
    ones = {item["currency"] for item in lines if _is_one(item)} - {""}
    return ones.pop() if len(ones) == 1 else ""


def _is_one(item: Item) -> bool:
    try:
        return item.number("fxRateToBase") == ONE
    except Invalid:
        return False


def _told(items: Iterable[Item], currency: str, base: str, name: str) -> Iterator[ToldRate]:
    for item in items:
        try:
            rate, at = item.number(name), item.at.astimezone(item.zone)
        except Invalid:
            continue  # the row of that line says what is wrong with it
        if rate is not None and item[currency] and base:
            yield ToldRate(at.date(), item[currency], base, rate)
