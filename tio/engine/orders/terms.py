"""How an instrument trades: its tick, its lot, what one unit is worth; and steps of either."""

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from tio.api.market import AssetClass, Instrument
from tio.engine.market.symbols import classify

ONE = Decimal(1)
_COIN_STEP = Decimal("1e-8")
_DIVISIBLE = frozenset({AssetClass.crypto, AssetClass.simulated})
_ROOT = re.compile(r"^([A-Z0-9]{1,4})=F$")
_CONTRACTS = {
    root: (Decimal(multiplier), Decimal(tick))
    for root, multiplier, tick in (
        ("ES", "50", "0.25"),
        ("MES", "5", "0.25"),
        ("NQ", "20", "0.25"),
        ("MNQ", "2", "0.25"),
        ("YM", "5", "1"),
        ("MYM", "0.5", "1"),
        ("RTY", "50", "0.1"),
        ("M2K", "5", "0.1"),
        ("CL", "1000", "0.01"),
        ("MCL", "100", "0.01"),
        ("NG", "10000", "0.001"),
        ("RB", "42000", "0.0001"),
        ("HO", "42000", "0.0001"),
        ("GC", "100", "0.1"),
        ("MGC", "10", "0.1"),
        ("SI", "5000", "0.005"),
        ("HG", "25000", "0.0005"),
        ("PL", "50", "0.1"),
    )
}
"""Dollars a point and tick of CME Group's contracts, by its contract specifications."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How one instrument trades; a tick None is not known, a multiplier None not either.

    One unit is worth `multiplier` times its price, in `currency`. `venues`: what its venue is
    called, in small letters.
    """

    symbol: str
    asset_class: AssetClass
    currency: str
    tick: Decimal | None = None
    lot: Decimal = ONE
    multiplier: Decimal | None = ONE
    venues: tuple[str, ...] = ()

    def worth(self) -> Decimal:
        """The multiplier, one where it is not known."""
        return self.multiplier or ONE


def terms_of(instrument: Instrument) -> Terms:
    """The terms an instrument's own facts and its contract's specification give."""
    known = classify(instrument.symbol)
    decimals, sizes = instrument.price_decimals, instrument.size_decimals
    tick = None if decimals is None else ONE.scaleb(-decimals)
    lot = ONE if sizes is None else ONE.scaleb(-sizes)
    if sizes is None and instrument.asset_class in _DIVISIBLE:
        lot = _COIN_STEP
    multiplier: Decimal | None = ONE
    if instrument.asset_class is AssetClass.future:
        root = _ROOT.match(instrument.symbol)
        contract = _CONTRACTS.get(root[1]) if root else None
        multiplier, tick = contract or (None, tick)
    return Terms(
        instrument.symbol,
        instrument.asset_class,
        instrument.currency or known.currency,
        tick,
        lot,
        multiplier,
        tuple(name.casefold() for name in (instrument.venue, instrument.mic) if name),
    )


def floored(value: Decimal, step: Decimal) -> Decimal:
    """The greatest whole multiple of the step that is not above the value."""
    return (value / step).to_integral_value(ROUND_FLOOR) * step


def ceiled(value: Decimal, step: Decimal) -> Decimal:
    """The least whole multiple of the step that is not below the value."""
    return (value / step).to_integral_value(ROUND_CEILING) * step


def fits(value: Decimal, step: Decimal) -> bool:
    """Whether the value is a whole multiple of the step."""
    return value == floored(value, step)
