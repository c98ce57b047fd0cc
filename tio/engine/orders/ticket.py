"""A ticket's arithmetic, exact: from a stop and a risk to a quantity, its targets and its heat."""

from decimal import Decimal

import numpy as np

from tio.api.errors import Invalid
from tio.api.market import Bars, Side
from tio.api.risk import SizePosition
from tio.api.tickets import Target, Ticket, TicketRequest
from tio.engine.orders.tape import exact
from tio.engine.orders.terms import ceiled, floored
from tio.engine.risk.sizing import size_position

_ZERO = Decimal(0)
_SHARE = Decimal("1e-6")


def ticket(asked: TicketRequest) -> Ticket:
    """The sized order; Invalid says what is missing or odd."""
    stop = _stop(asked)
    short = asked.side is Side.sell
    size = size_position(
        SizePosition(
            equity=asked.equity,
            entry=asked.entry,
            stop=stop,
            short=short,
            risk=asked.risk,
            risk_percent=asked.risk_percent,
            lot=asked.lot,
            multiplier=asked.multiplier,
            rate=asked.rate,
            buying_power=asked.buying_power,
            atr=asked.atr,
        )
    )
    distance = abs(asked.entry - stop)
    total = asked.heat + (size.risk or _ZERO)
    return Ticket(
        side=asked.side,
        entry=asked.entry,
        stop=stop,
        distance=distance,
        size=size,
        targets=tuple(_target(asked, distance, size.quantity, r) for r in asked.targets),
        heat=total,
        heat_share=(total / asked.equity).quantize(_SHARE),
    )


def swing(bars: Bars, side: Side, length: int = 10) -> Decimal:
    """The lowest low, for a sale the highest high, of the last bars that are closed.

    Invalid where there is no closed bar.
    """
    prices = np.asarray(bars.low if side is Side.buy else bars.high)[: len(bars) - bars.forming]
    recent = prices[-length:] if length > 0 else prices[:0]
    known = recent[~np.isnan(recent)]
    found = exact(float(known.min() if side is Side.buy else known.max())) if len(known) else None
    if found is None:
        raise Invalid(f"{bars.symbol} has no closed bar to stand behind", "give the stop's price")
    return found


def _stop(asked: TicketRequest) -> Decimal:
    """The stop's price, on a tick, never nearer than asked."""
    told = [each for each in (asked.stop, asked.stop_atr, asked.swing) if each is not None]
    if len(told) != 1:
        raise Invalid(
            "a ticket has one stop: a price, a number of average true ranges, or a swing",
            "give one of stop, stop_atr and swing",
        )
    if asked.stop is not None:
        return asked.stop
    away = -1 if asked.side is Side.buy else 1
    if asked.swing is not None:
        stop = asked.swing + away * (asked.tick or _ZERO)
    elif asked.stop_atr is not None and asked.atr is not None and asked.stop_atr > 0:
        stop = asked.entry + away * asked.stop_atr * asked.atr
    else:
        raise Invalid("stop_atr needs the average true range, both above zero", "give atr")
    if asked.tick is not None:
        stop = floored(stop, asked.tick) if away < 0 else ceiled(stop, asked.tick)
    if stop <= 0:
        raise Invalid(f"the stop would stand at {stop}, below any price", "take a nearer one")
    return stop


def _target(asked: TicketRequest, distance: Decimal, quantity: Decimal, r: Decimal) -> Target:
    """A target on a tick, never farther than so many R; a sale's stays above zero."""
    price = asked.entry + r * distance * (1 if asked.side is Side.buy else -1)
    if asked.tick is not None:
        price = floored(price, asked.tick) if asked.side is Side.buy else ceiled(price, asked.tick)
    price = max(price, asked.tick or _ZERO)
    gain = abs(price - asked.entry) * quantity * asked.multiplier * asked.rate
    return Target(r, price, gain)
