"""Tickets of now: prices, bars, the account and its open risk brought to the arithmetic."""

from collections.abc import Iterable
from decimal import Decimal

import numpy as np

from tio.api.access import Principal
from tio.api.errors import Conflict, Invalid, TioError
from tio.api.market import Bars, GetBars, Quote
from tio.api.orders import Order, Side
from tio.api.portfolio import Holdings
from tio.api.tickets import Heat, OpenRisk, TicketRequest
from tio.api.trading import GetTicket, OrderTicket
from tio.engine.market.service import MarketService
from tio.engine.orders.accounts import Accounts
from tio.engine.orders.ahead import Ahead
from tio.engine.orders.desk import PaperDesk
from tio.engine.orders.fees import FeeSchedule
from tio.engine.orders.floor import Floor
from tio.engine.orders.heat import heat, open_risks
from tio.engine.orders.tape import exact
from tio.engine.orders.terms import Terms
from tio.engine.orders.ticket import swing, ticket

ZERO = Decimal(0)
_ENGINE = Principal()
WARM = 10
"""Lengths of bars an average true range is begun with, for its first values to be forgotten."""


class TicketDesk:
    """Sizes orders by the risk to their stops."""

    def __init__(
        self, market: MarketService, accounts: Accounts, floor: Floor, ahead: Ahead
    ) -> None:
        self._market = market
        self._accounts = accounts
        self._floor = floor
        self._ahead = ahead

    async def ticket(self, asked: GetTicket, by: Principal) -> OrderTicket:
        symbol = self._market.symbol(asked.symbol)
        holdings = await self._accounts.holdings(by, asked.portfolio)
        desk = await self._floor.desk(by.name)
        await self._floor.tell_held(desk, asked.portfolio)
        with self._floor.attending(symbol):
            await self._floor.first_quote(desk, symbol)
        quote = self._market.quote(symbol)
        terms = self._floor.terms(symbol)
        if terms is None or terms.multiplier is None:
            raise Conflict(f"what a point of {symbol} is worth is not known here")
        risks = tuple(open_risks(desk, holdings, self._floor.terms))
        standing = await self._accounts.standing(by, holdings, terms.currency, risks)
        rate = standing.rate(terms.currency)
        if rate is None:
            raise Conflict(
                f"no rate of {terms.currency} in {standing.currency} is known",
                f"watch the pair {terms.currency}{standing.currency}, then ask again",
            )
        bars = await self._closed(asked, symbol)
        atr = None if bars is None else average_range(bars, asked.atr_length)
        held = _heat(risks, holdings)
        desk.standings[asked.portfolio] = standing
        tick = terms.tick if terms.tick is not None else _shown(quote)
        entry = asked.entry or _entry(quote, asked.side)
        fees = desk.broker.book.fees
        order = Order(portfolio=asked.portfolio, symbol=symbol, side=asked.side, quantity=terms.lot)
        power = _power(desk, order)
        sized = ticket(
            TicketRequest(
                symbol=symbol,
                side=asked.side,
                entry=entry,
                equity=standing.equity,
                risk=asked.risk,
                risk_percent=asked.risk_percent,
                stop=asked.stop,
                stop_atr=asked.stop_atr,
                swing=_swing(bars, asked),
                atr=atr,
                targets=asked.targets,
                tick=tick,
                lot=terms.lot,
                multiplier=terms.worth(),
                rate=rate,
                buying_power=_beside_fees(power, fees, order, entry, terms, rate),
                heat=held.risk,
            )
        )
        return OrderTicket(
            portfolio=asked.portfolio,
            symbol=symbol,
            currency=standing.currency,
            price_currency=terms.currency,
            rate=rate,
            equity=standing.equity,
            buying_power=power,
            heat=held,
            ticket=sized,
            bid=exact(quote.bid),
            ask=exact(quote.ask),
            last=exact(quote.last),
            atr=atr,
            tick=tick,
            lot=terms.lot,
            multiplier=terms.worth(),
            fee=fees.of(order, sized.size.quantity, entry, terms) * rate,
            exit_fee=fees.of(order, sized.size.quantity, sized.stop, terms) * rate,
            ahead=await self._ahead.events(symbol, asked.horizon),
            horizon=asked.horizon,
        )

    async def _closed(self, asked: GetTicket, symbol: str) -> Bars | None:
        """Bars enough for the range and the swing; None where a price is enough and none come."""
        limit = max(asked.atr_length * WARM, asked.swing or 0) + 1
        try:
            bars: Bars = await self._market.answers()[GetBars](
                GetBars(symbol, asked.timeframe, limit=limit), _ENGINE
            )
        except TioError:
            if asked.stop is None:
                raise
            return None
        return bars


def _heat(risks: Iterable[OpenRisk], holdings: Holdings) -> Heat:
    """What the positions held lose at their stops."""
    equity = holdings.nav
    if equity is None or equity <= 0:
        raise Conflict(
            f"what {holdings.portfolio} is worth is not known, or not above zero",
            "deposit money, or see `tio portfolio positions` for what it lacks",
        )
    return heat(risks, equity)


def average_range(bars: Bars, length: int) -> Decimal | None:
    """Wilder's average true range of the closed bars, to a ten-thousandth of it; None of too few.

    The same as the indicator's.
    """
    from tio.engine.indicators.bands import atr
    from tio.engine.indicators.declare import Inputs

    closed = len(bars) - bars.forming
    high, low, close = (np.asarray(each)[:closed] for each in (bars.high, bars.low, bars.close))
    known = ~(np.isnan(high) | np.isnan(low) | np.isnan(close))
    high, low, close = high[known], low[known], close[known]
    if len(close) <= length:
        return None
    none = np.zeros(len(close))
    at = np.arange(len(close), dtype=np.int64)
    value = float(atr(Inputs(at, close, high, low, close, none, at, none), length)[-1])
    found = exact(value)
    return None if found is None else found.quantize(Decimal(1).scaleb(found.adjusted() - 4))


def _swing(bars: Bars | None, asked: GetTicket) -> Decimal | None:
    if asked.swing is None or bars is None:
        return None
    return swing(bars, asked.side, asked.swing)


def _entry(quote: Quote, side: Side) -> Decimal:
    """What the order would trade at now."""
    told = quote.ask if side is Side.buy else quote.bid
    price = exact(told if told is not None else quote.last)
    if price is None:
        raise Invalid(f"no price of {quote.symbol} is known", "give the entry's price")
    return price


def _shown(quote: Quote) -> Decimal | None:
    """The step its prices are told in, where its tick is not known."""
    decimals = quote.price_decimals
    return None if decimals is None else Decimal(1).scaleb(-decimals)


def _power(desk: PaperDesk, order: Order) -> Decimal:
    at = desk.broker.situation(order)
    return ZERO if at is None else max(ZERO, at.buying_power)


def _beside_fees(
    power: Decimal, fees: FeeSchedule, order: Order, entry: Decimal, terms: Terms, rate: Decimal
) -> Decimal:
    """What of the buying power is left for the order itself, were all of it used."""
    unit = entry * terms.worth() * rate
    if unit <= 0:
        return power
    return max(ZERO, power - fees.of(order, power / unit, entry, terms) * rate)
