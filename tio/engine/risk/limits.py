"""Whether a portfolio stands within the limits its owner set."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tio.api.errors import Invalid
from tio.api.limits import LimitKind, LimitLevel, LimitState, RiskLimits, SaveRiskLimits
from tio.api.portfolio import Holdings, Position

ZERO, HUNDRED = Decimal(0), Decimal(100)
NEAR = Decimal("0.8")
"""The part of a limit from which on it is near."""
MOST = Decimal(100_000)
SHOWN = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class _Figure:
    value: Decimal | None
    note: str = ""


def changes(asked: SaveRiskLimits) -> dict[str, Decimal | None]:
    """What is to be set (None: taken away), by kind; Invalid for what is no percentage."""
    told: dict[str, Decimal | None] = {}
    for kind in LimitKind:
        value = getattr(asked, kind)
        if value is None:
            told[kind] = None
        elif isinstance(value, Decimal):
            told[kind] = _percent(kind, value)
    return told


def states(
    limits: RiskLimits, holdings: Holdings, stops: Mapping[str, Decimal] | None = None
) -> tuple[LimitState, ...]:
    """Every kind, told even where no limit is set; `stops`: where each position is left, a price.

    All in percent of net value; unknown where that is not known or not above zero.
    """
    net = holdings.nav
    if net is None or net <= 0:
        lacks = ", ".join(holdings.lacks[:3])
        why = f"the net value is not known: {lacks}" if net is None else "no net value above zero"
        return tuple(_state(kind, limits, _Figure(None, why)) for kind in LimitKind)
    figures = {
        LimitKind.position: _largest(holdings, net),
        LimitKind.day_loss: _day_loss(holdings, net),
        LimitKind.gross: _Figure(_share(sum(_sizes(holdings).values(), ZERO), net)),
        LimitKind.heat: _heat(holdings, net, stops or {}),
    }
    return tuple(_state(kind, limits, figures[kind]) for kind in LimitKind)


def heat(position: Position, stop: Decimal | None) -> Decimal:
    """What a position loses when it is left at its stop, in the portfolio's currency.

    Without a stop its whole value may be lost. Never below zero: a stop beyond the price of now
    keeps a gain.
    """
    value = position.value or ZERO
    if stop is None or not position.price:
        return abs(value)
    return max(value * (position.price - stop) / position.price, ZERO)


def _sizes(holdings: Holdings) -> dict[str, Decimal]:
    return {p.symbol: abs(p.value) for p in holdings.positions if p.value}


def _largest(holdings: Holdings, net: Decimal) -> _Figure:
    sizes = _sizes(holdings)
    if not sizes:
        return _Figure(ZERO, "nothing is held")
    symbol = max(sizes, key=lambda each: sizes[each])
    return _Figure(_share(sizes[symbol], net), symbol)


def _day_loss(holdings: Holdings, net: Decimal) -> _Figure:
    change = holdings.day_change
    if change is None:
        return _Figure(None, "the day's change is not known")
    before = net - change
    if before <= 0:
        return _Figure(None, "the day began without a net value")
    return _Figure(_share(max(-change, ZERO), before))


def _heat(holdings: Holdings, net: Decimal, stops: Mapping[str, Decimal]) -> _Figure:
    held = [each for each in holdings.positions if each.value]
    bare = sum(each.symbol not in stops for each in held)
    lost = sum((heat(each, stops.get(each.symbol)) for each in held), ZERO)
    note = f"{bare} of {len(held)} without a stop, counted whole" if bare else ""
    return _Figure(_share(lost, net), note)


def _state(kind: LimitKind, limits: RiskLimits, figure: _Figure) -> LimitState:
    limit: Decimal | None = getattr(limits, kind)
    level = LimitLevel.within
    if figure.value is None:
        level = LimitLevel.unknown
    elif limit is not None and figure.value > limit:
        level = LimitLevel.over
    elif limit is not None and figure.value >= NEAR * limit:
        level = LimitLevel.near
    return LimitState(kind=kind, limit=limit, value=figure.value, level=level, note=figure.note)


def _share(part: Decimal, of: Decimal) -> Decimal:
    return (part / of * HUNDRED).quantize(SHOWN)


def _percent(kind: LimitKind, value: Decimal) -> Decimal:
    if not value.is_finite() or not 0 < value <= MOST:
        raise Invalid(
            f"a limit of {kind.replace('_', ' ')} is a percentage above zero, was {value}",
            "as 25; null takes it away",
        )
    return value
