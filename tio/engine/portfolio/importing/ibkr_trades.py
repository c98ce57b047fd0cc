"""Trades of Interactive Brokers, whichever of its files tells them, made into rows."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.importing.cancelling import undone
from tio.engine.portfolio.importing.deals import disagreement
from tio.engine.portfolio.importing.options import is_option, no_options
from tio.engine.portfolio.importing.rows import Row, Security
from tio.engine.portfolio.importing.taking import refused, taken
from tio.engine.portfolio.importing.tidying import unknown
from tio.engine.portfolio.money import ZERO, plain

Kind = TransactionKind

_SHARES = {"", "STK", "FUND", "WAR", "IOPT", "ETF", "STOCKS", "MUTUAL FUNDS", "WARRANTS"}
_SHARES |= {"STRUCTURED PRODUCTS", "DUTCH WARRANTS", "ETFS"}
_CURRENCIES = {"CASH", "FOREX"}
_COINS = {"CRYPTO", "CRYPTOCURRENCIES", "CRYPTOCURRENCY"}
_OPTIONS = {"OPT", "FOP", "FSFOP", "OPTIONS", "EQUITY AND INDEX OPTIONS", "OPTIONS ON FUTURES"}
_NOT_KEPT = {
    "FUT": "futures",
    "FUTURES": "futures",
    "CFD": "contracts for difference",
    "CFDS": "contracts for difference",
    "FXCFD": "contracts for difference",
    "FOREX CFDS": "contracts for difference",
    "BOND": "bonds",
    "BONDS": "bonds",
    "BILL": "bills",
    "TREASURY BILLS": "bills",
    "CMDTY": "metals",
    "METALS": "metals",
    "EC": "event contracts",
    "FORECAST CONTRACTS": "event contracts",
}
_OF_OPTIONS = {"A", "EX", "GEA"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """A trade as told: `quantity` and money below zero went out, `proceeds` is without costs.

    `codes` are the broker's (O opens, C closes, Ca cancels, Co corrects), in capitals;
    `undoes` is the id of the trade a cancellation names.
    """

    line: int
    at: datetime
    category: str
    currency: str
    security: Security
    quantity: Decimal
    price: Decimal | None
    proceeds: Decimal
    commission: Decimal = ZERO
    commission_currency: str = ""
    taxes: Decimal = ZERO
    account: str = ""
    codes: frozenset[str] = frozenset()
    reference: str = ""
    undoes: str = ""

    @property
    def symbol(self) -> str:
        """The name the entry goes by; a coin's is told in dollars, as everywhere here."""
        if self.category in _COINS:
            return f"{self.security.ticker.partition('.')[0]}-USD"
        return self.security.ticker


def check_kept(category: str, symbol: str, line: int) -> None:
    """Invalid, by name, where instruments of a category are not kept in a ledger."""
    if category in _OPTIONS or is_option(symbol):
        raise no_options(symbol, line)
    if category in _NOT_KEPT:
        raise Invalid(f"{_NOT_KEPT[category]} are not kept: {symbol} in line {line}")
    if category not in _SHARES | _CURRENCIES | _COINS:
        raise Invalid(unknown(category, line, "kind of instrument"))


def is_currency(category: str) -> bool:
    """Whether what trades under it is one currency for another."""
    return category in _CURRENCIES


def deal_rows(deals: Sequence[Deal]) -> Iterator[Row]:
    """The rows of trades in their order; a cancelled one and its cancellation are both refused."""
    why = undone(deals, _cancels, _marks, _sought, lambda deal: deal.line)
    replaced = {deals[at].symbol for at in why}
    for at, deal in enumerate(deals):
        try:
            if at in why:
                raise Invalid(why[at])
            if _cancels(deal):
                what = f"{plain(abs(deal.quantity))} {deal.symbol}"
                raise Invalid(
                    f"line {deal.line} cancels a trade of {what} that is not in this file: take it "
                    "out by hand"
                )
            if is_currency(deal.category):
                yield from _exchanged(deal)
            else:
                yield from _traded(deal, deal.symbol in replaced)
        except Invalid as error:
            yield refused(deal.line, error)


def _cancels(deal: Deal) -> bool:
    return "CA" in deal.codes


def _marks(deal: Deal) -> Iterator[Hashable]:
    """By what a cancellation finds a trade: its reference, or its size where either has none."""
    size = deal.symbol, deal.account, deal.quantity, deal.price
    yield "any", *size
    if deal.reference:
        yield "named", deal.symbol, deal.account, deal.reference
    else:
        yield "unnamed", *size


def _sought(deal: Deal) -> Iterator[Hashable]:
    size = deal.symbol, deal.account, -deal.quantity, deal.price
    if deal.undoes:
        yield "named", deal.symbol, deal.account, deal.undoes
        yield "unnamed", *size
    else:
        yield "any", *size


def _traded(deal: Deal, replaced: bool) -> Iterator[Row]:
    kind = Kind.buy if deal.quantity > 0 else Kind.sell
    if not deal.quantity:
        raise Invalid(f"a trade of no {deal.symbol}")
    if deal.proceeds * deal.quantity > 0:
        raise Invalid(
            f"a trade of {plain(deal.quantity)} {deal.symbol} cannot move {plain(deal.proceeds)} "
            "the same way"
        )
    gross, quantity = abs(deal.proceeds), abs(deal.quantity)
    odd = disagreement(quantity, deal.price, gross)
    if deal.codes & _OF_OPTIONS:
        odd = "it came of an option, which is not kept: its premium is not in the price"
    if "CO" in deal.codes and not replaced:
        odd = "a corrected trade: see that the one it stands for is not taken too"
    entry = Transaction(
        kind=kind,
        at=deal.at,
        account=deal.account,
        symbol=deal.symbol,
        quantity=quantity,
        price=deal.price,
        amount=gross,
        fee=_fee(deal, deal.currency),
        tax=max(-deal.taxes, ZERO),
        currency=deal.currency,
        short=kind is Kind.sell and "O" in deal.codes,
        reference=deal.reference,
    )
    yield taken(deal.line, entry, deal.security, odd)
    yield from _costs(deal, entry, deal.symbol)


def _exchanged(deal: Deal) -> Iterator[Row]:
    """EUR.USD: so many euros bought (or sold) for dollars, the currency of the trade."""
    base, _, quote = deal.security.ticker.partition(".")
    if quote != deal.currency or not deal.quantity or deal.proceeds * deal.quantity >= 0:
        raise Invalid(
            f"an exchange of {plain(deal.quantity)} {deal.security.ticker} for "
            f"{plain(deal.proceeds)} {deal.currency} is none"
        )
    what, money = (base, abs(deal.quantity)), (quote, abs(deal.proceeds))
    gave, got = (money, what) if deal.quantity > 0 else (what, money)
    entry = Transaction(
        kind=Kind.exchange,
        at=deal.at,
        account=deal.account,
        amount=gave[1],
        currency=gave[0],
        to_currency=got[0],
        to_amount=got[1],
        fee=_fee(deal, gave[0]),
        tax=max(-deal.taxes, ZERO) if gave[0] == deal.currency else ZERO,
        reference=deal.reference,
    )
    yield taken(deal.line, entry)
    yield from _costs(deal, entry, "")


def _fee(deal: Deal, currency: str) -> Decimal:
    """The commission, where it was paid in the entry's own currency."""
    own = (deal.commission_currency or deal.currency) == currency
    return max(-deal.commission, ZERO) if own else ZERO


def _costs(deal: Deal, entry: Transaction, symbol: str) -> Iterator[Row]:
    """Costs that do not fit the trade: in another currency, or given back."""
    commission = -deal.commission - entry.fee
    taxes = -deal.taxes - entry.tax
    for kind, amount, currency in (
        (Kind.fee, commission, deal.commission_currency or deal.currency),
        (Kind.tax, taxes, deal.currency),
    ):
        if amount:
            cost = Transaction(
                kind=kind,
                at=deal.at,
                account=deal.account,
                symbol=symbol,
                amount=amount,
                currency=currency,
                note=f"of a trade of {deal.security.ticker}",
                reference=deal.reference,
            )
            yield taken(deal.line, cost, deal.security if symbol else Security())
