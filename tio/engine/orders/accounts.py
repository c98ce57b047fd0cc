"""Portfolios as the accounts orders are judged by."""

from collections.abc import Awaitable, Callable, Iterable
from decimal import Decimal

from tio.api.access import Principal
from tio.api.ledger import GetPositions
from tio.api.limits import RiskLimits
from tio.api.orders import TradingLimits
from tio.api.portfolio import Holdings
from tio.api.tickets import OpenRisk
from tio.engine.orders.situation import Standing
from tio.engine.portfolio.day import closed_since, day_begin
from tio.engine.portfolio.pricing import Pricer
from tio.engine.portfolio.shelf import Shelf

ZERO, HUNDRED = Decimal(0), Decimal(100)
HoldingsOf = Callable[[GetPositions, Principal], Awaitable[Holdings]]
LimitsOf = Callable[[str], Awaitable[RiskLimits]]


class Accounts:
    """Tells how portfolios stand now, in the form of an account."""

    def __init__(
        self,
        holdings: HoldingsOf,
        limits: LimitsOf,
        pricer: Pricer,
        shelf: Shelf,
        margin: Decimal,
    ) -> None:
        self._holdings = holdings
        self._shelf = shelf
        self._limits = limits
        self._pricer = pricer
        self._margin = margin

    async def holdings(self, by: Principal, portfolio: str) -> Holdings:
        return await self._holdings(GetPositions(portfolio), by)

    async def standing(
        self, by: Principal, holdings: Holdings, currency: str, risks: Iterable[OpenRisk]
    ) -> Standing:
        """How it stands; `currency` is that of what is to be traded, `risks` those of what is held.

        Where a price or rate is missing, what is known counts.
        """
        worth = [each.value for each in holdings.positions if each.value is not None]
        cash = [each.value for each in holdings.cash if each.value is not None]
        net = sum(worth, ZERO) + sum(cash, ZERO)
        equity = holdings.nav if holdings.nav is not None else net
        known = holdings.day_change
        day = await self._closed(by, holdings) if known is None else known
        rate = await self.rate(currency, holdings.currency)
        return Standing(
            currency=holdings.currency,
            equity=equity,
            exposure=sum(map(abs, worth), ZERO),
            day_result=day,
            heats={each.symbol: each.risk + each.unguarded for each in risks},
            margin=self._margin,
            limits=_limits(await self._limits(by.name), equity, day),
            rates={} if rate is None else {currency: rate},
        )

    async def _closed(self, by: Principal, holdings: Holdings) -> Decimal:
        """What the day brought by what is held no more."""
        books = (await self._shelf.ledger(by.name, holdings.portfolio)).books
        begin = day_begin(books, holdings.at)
        symbols = {each.symbol for each in books.closings() if each.closed_at >= begin}
        if not symbols:
            return ZERO
        return closed_since(books, begin, self._pricer.now(books, symbols)[0])

    async def rate(self, currency: str, base: str) -> Decimal | None:
        """Of `base` for one of a currency; None where nobody tells it."""
        if currency in ("", base):
            return Decimal(1)
        return await self._pricer.rate(currency, base)


def _limits(limits: RiskLimits, equity: Decimal, day: Decimal) -> TradingLimits:
    """Percent of net value as money; a day's loss is of what the day began with."""

    def money(percent: Decimal | None, of: Decimal) -> Decimal | None:
        return None if percent is None else max(of, ZERO) * percent / HUNDRED

    return TradingLimits(
        position=money(limits.position, equity),
        exposure=money(limits.gross, equity),
        loss_a_day=money(limits.day_loss, equity - day),
        heat=money(limits.heat, equity),
    )
