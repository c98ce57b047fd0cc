"""Interactive Brokers' Flex queries of account activity, XML.

Read are Trades (Orders where a query has no executions), CashTransactions, SalesTaxes,
TransactionTaxes that no trade tells, CorporateActions and Transfers; other sections tell the same
again, or what is held. Times are those of the account. A payment is of the moment it was made,
which may be before it was reported.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import TypeVar

from tio.api.errors import Invalid
from tio.engine.portfolio.importing.flex_items import Item, Statement, statements
from tio.engine.portfolio.importing.flex_rates import flex_rates
from tio.engine.portfolio.importing.ibkr_actions import Action, action_rows
from tio.engine.portfolio.importing.ibkr_cash import Payment, payment_row
from tio.engine.portfolio.importing.ibkr_trades import Deal, check_kept, deal_rows, is_currency
from tio.engine.portfolio.importing.ibkr_transfers import Move, move_rows
from tio.engine.portfolio.importing.rows import Row
from tio.engine.portfolio.importing.taking import NOTHING, refused
from tio.engine.portfolio.importing.tidying import tidied
from tio.engine.portfolio.importing.told_rates import ToldRate
from tio.engine.portfolio.money import ONE, ZERO

Made = TypeVar("Made")

_CANCELS = {"TRADECANCEL", "FRACSHARECANCEL"}
_SINGLE = {"EXECUTION", "ORDER", "DETAIL", ""}


class IbkrFlex:
    """Reads a Flex query's XML, of any sections and of several accounts."""

    name = "ibkr_flex"
    label = "Interactive Brokers (Flex query, XML)"

    def recognises(self, text: str) -> bool:
        begin = text[:2000].lstrip("\ufeff \t\r\n")
        return begin.startswith("<") and "<FlexQueryResponse" in begin

    def read(self, text: str, zone: str) -> Iterator[Row]:
        answer = _Answer(tuple(statements(text, zone)))
        yield from tidied(sorted(answer.rows(), key=lambda row: row.line), answer.sure)

    def rates(self, text: str, zone: str) -> Iterator[ToldRate]:
        return flex_rates(statements(text, zone))


class _Answer:
    """The statements of a file, made into rows."""

    def __init__(self, parts: Sequence[Statement]) -> None:
        self._parts = parts
        self._failed: list[Row] = []
        self._deals = _made([item for part in parts for item in _trades(part)], _deal, self._failed)
        self.sure = frozenset(deal.line for deal in self._deals if deal.codes & {"O", "C"})
        """Lines of trades that are told to open or to close."""

    def rows(self) -> list[Row]:
        """All rows, section by section."""
        failed = self._failed
        rows = list(deal_rows(self._deals))
        rows += action_rows(_made(self._items("CorporateAction"), _action, failed))
        rows += move_rows(_made(self._items("Transfer"), _moved, failed), failed)
        rows += _made(self._items("CashTransaction"), _paid, failed)
        rows += _made(self._items("SalesTax"), _sales_tax, failed)
        taxed = {deal.reference for deal in self._deals if deal.taxes}
        untold = [tax for tax in self._items("TransactionTax") if _trade_of(tax) not in taxed]
        rows += _made(untold, _trade_tax, failed)
        return rows + failed

    def _items(self, tag: str) -> list[Item]:
        return [item for part in self._parts for item in part.items(tag, "DETAIL")]


def _trades(part: Statement) -> list[Item]:
    """Executions, else orders; summaries only where there is nothing else, to be refused."""
    trades = part.items("Trade", "EXECUTION")
    single = [item for item in trades if item["levelOfDetail"] in _SINGLE]
    return single or part.items("Order", "ORDER") or trades


def _made(items: Sequence[Item], make: Callable[[Item], Made], failed: list[Row]) -> list[Made]:
    """What each element is made into; the rows of those that cannot be are put by."""
    made = []
    for item in items:
        try:
            made.append(make(item))
        except Invalid as error:
            failed.append(refused(item.line, error))
    return made


def _deal(item: Item) -> Deal:
    if item["levelOfDetail"] not in _SINGLE:
        raise Invalid(f"line {item.line} sums up trades that the file does not tell one by one")
    category = item["assetCategory"].upper()
    check_kept(category, item["symbol"] or item["description"], item.line)
    quantity = item.needed("quantity")
    side = item["buySell"].upper()
    cancels = "CA." in side or "CA" in item.codes or item["transactionType"].upper() in _CANCELS
    if not cancels and not side.startswith("BUY" if quantity > 0 else "SELL") and side:
        raise Invalid(f"a {side} of {quantity} {item['symbol']} contradicts itself")
    commission, taxes = item.number("ibCommission") or ZERO, item.number("taxes") or ZERO
    proceeds = _proceeds(item, quantity, commission, taxes)
    return Deal(
        line=item.line,
        at=item.at,
        account=item.account,
        category=category,
        currency=item.currency,
        security=item.security,
        quantity=quantity,
        price=item.number("tradePrice"),
        proceeds=proceeds,
        commission=commission,
        commission_currency=item["ibCommissionCurrency"],
        taxes=taxes,
        codes=item.codes | {"CA"} if cancels else item.codes,
        reference=item["tradeID"] or item["transactionID"] or item["ibExecID"],
        undoes=item["origTradeID"],
    )


def _proceeds(item: Item, quantity: Decimal, commission: Decimal, taxes: Decimal) -> Decimal:
    """Cash without costs, of the first attribute that tells it: queries differ."""
    if (proceeds := item.number("proceeds")) is not None:
        return proceeds
    if (money := item.number("tradeMoney")) is not None:
        return -money
    own = item["ibCommissionCurrency"] in ("", item["currency"])
    costs = (commission if own else ZERO) + taxes
    if (net := item.number("netCash")) is not None and not is_currency(item["assetCategory"]):
        return net - costs
    if (price := item.number("tradePrice")) is not None:
        return -quantity * price * (item.number("multiplier") or ONE)
    # What lots cost is told of purchases that open them, and has the commission in it.
    if (cost := item.number("cost")) is not None and quantity > 0 and cost > 0:
        return -(cost + costs)
    raise Invalid(f"a trade in line {item.line} has no proceeds and no price")


def _action(item: Item) -> Action:
    return Action(
        line=item.line,
        at=item.at,
        account=item.account,
        category=item["assetCategory"].upper(),
        currency=item.currency,
        security=item.security,
        description=item["actionDescription"] or item["description"],
        quantity=item.number("quantity") or ZERO,
        proceeds=item.number("proceeds") or ZERO,
        codes=item.codes,
        reference=item["transactionID"],
    )


def _paid(item: Item) -> Row:
    security = item.security if item["symbol"] else NOTHING
    if security is not NOTHING:
        check_kept(item["assetCategory"].upper(), item["symbol"], item.line)
    return payment_row(
        Payment(
            line=item.line,
            at=item.at,
            account=item.account,
            word=item["type"],
            amount=item.needed("amount"),
            currency=item.currency,
            description=item["description"],
            security=security,
            reference=item["transactionID"],
        )
    )


def _sales_tax(item: Item) -> Row:
    """A sales tax on what the broker charged, which stands beside the charge."""
    said = f"{item['taxType']} on {item['taxableDescription']}"
    return _tax(item, "sales tax", item.needed("salesTax"), said)


def _trade_tax(item: Item) -> Row:
    """A tax on a trade that does not tell it itself."""
    return _tax(item, "transaction taxes", item.needed("taxAmount"), item["taxDescription"])


def _trade_of(item: Item) -> str:
    return item["tradeId"] or item["tradeID"]


def _tax(item: Item, word: str, amount: Decimal, said: str) -> Row:
    return payment_row(
        Payment(
            line=item.line,
            at=item.at,
            account=item.account,
            word=word,
            amount=amount,
            currency=item.currency,
            description=said,
            security=item.security if item["symbol"] else NOTHING,
            reference=item["transactionID"],
        )
    )


def _moved(item: Item) -> Move:
    return Move(
        line=item.line,
        at=item.at,
        account=item.account,
        other=item["account"],
        way=item["direction"],
        category=item["assetCategory"].upper(),
        currency=item.currency,
        security=item.security,
        quantity=item.number("quantity"),
        price=item.number("transferPrice"),
        worth=item.number("positionAmount"),
        cash=item.number("cashTransfer"),
        note=" ".join(filter(None, (item["type"], item["company"]))),
        reference=item["transactionID"],
    )
