"""Which open lots a sale takes."""

from collections.abc import Sequence
from decimal import Decimal, localcontext

from tio.api.errors import Invalid
from tio.api.portfolio import LotRule
from tio.api.sales import LotPart, LotPick, SaleLot
from tio.engine.portfolio.money import EXACT, ONE, ZERO, plain, share

BY_RULE = {LotRule.lifo: LotPick.lifo, LotRule.hifo: LotPick.hifo}
"""What a portfolio's rule picks; by the others the oldest."""


def picked(lots: Sequence[SaleLot], quantity: Decimal, pick: LotPick) -> tuple[LotPart, ...]:
    """So much out of the lots (the oldest first) as there is, in the order of the pick."""
    parts, left = [], quantity
    with localcontext(EXACT):
        for lot in _ordered(lots, pick):
            own = min(lot.quantity, left)
            if own > 0:
                parts.append(LotPart(lot.id, own))
                left -= own
    return tuple(parts)


def _ordered(lots: Sequence[SaleLot], pick: LotPick) -> list[SaleLot]:
    dearest = sorted(lots, key=_unit_gain)
    match pick:
        case LotPick.lifo:
            return list(reversed(lots))
        case LotPick.hifo:
            return dearest
        case LotPick.long_term:
            return sorted(dearest, key=lambda lot: not lot.long_term)
        case LotPick.harvest:
            return [lot for lot in dearest if lot.gain < 0]
    return list(lots)


def _unit_gain(lot: SaleLot) -> Decimal:
    """What a unit gains; the older of two alike comes first, for sorting keeps their order."""
    return share(lot.gain, ONE, lot.quantity)


def held_so(parts: Sequence[LotPart], lots: Sequence[SaleLot]) -> tuple[LotPart, ...]:
    """The parts themselves; Invalid where a lot is not open, is told twice or has not so much."""
    there = {lot.id: lot.quantity for lot in lots}
    seen: set[str] = set()
    for part in parts:
        if part.quantity <= ZERO:
            raise Invalid(f"lot {part.lot}: a quantity above zero is sold, not {part.quantity}")
        if part.lot in seen:
            raise Invalid(f"lot {part.lot} is told twice", "tell all of it at once")
        if part.lot not in there:
            known = ", ".join(list(there)[:8]) or "none"
            raise Invalid(f"there is no open lot {part.lot!r} then", f"open are {known}")
        if part.quantity > there[part.lot]:
            has = plain(there[part.lot])
            raise Invalid(f"lot {part.lot} holds {has}, not {plain(part.quantity)}")
        seen.add(part.lot)
    return tuple(parts)


def shared(whole: Decimal, parts: Sequence[Decimal]) -> list[Decimal]:
    """A sum shared out by quantities, to the decimals it has (2 at least); it adds up exactly."""
    exponent = whole.as_tuple().exponent
    finest = Decimal(1).scaleb(min(exponent if isinstance(exponent, int) else 0, -2))
    told: list[Decimal] = []
    with localcontext(EXACT):
        left, quantity = whole, sum(parts, ZERO)
        for part in parts:
            own = left
            if part != quantity:
                with localcontext() as rough:
                    rough.clear_traps()
                    own = share(left, part, quantity).quantize(finest)
            told.append(own)
            left, quantity = left - own, quantity - part
    return told
