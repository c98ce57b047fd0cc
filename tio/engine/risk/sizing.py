"""How much to take: quantities from what may be lost, exact in decimals, cut down to whole lots."""

from collections.abc import Callable
from decimal import ROUND_FLOOR, Decimal, localcontext

from tio.api.errors import Invalid
from tio.api.risk import Edge, SizedPosition, SizePosition, SizingMethod
from tio.engine.risk.edge import edge_of_rate, edge_of_results

DIGITS = 28
"""Digits a figure may have; products of four of them are still exact below."""
EXACT = 4 * DIGITS + 30
MOST, LEAST = Decimal("1e15"), Decimal("1e-15")
PERCENT = Decimal(100)
TOLD = Decimal("1e-12")
"""The place to which what divides is told: quantities before rounding, and shares."""


def size_position(asked: SizePosition) -> SizedPosition:
    """The quantity a method gives, within the buying power; Invalid says what is missing or odd.

    The risk is what is lost when the stop fills at its price; a gap fills beyond it.
    """
    _check_figures(asked)
    _check_stop(asked)
    with localcontext() as context:
        # Quotients are cut, never rounded up: no limit is passed by a last digit.
        context.prec, context.rounding = EXACT, ROUND_FLOOR
        edge = _edge(asked) if asked.method is SizingMethod.kelly else None
        return _sized(asked, edge)


def _sized(asked: SizePosition, edge: Edge | None) -> SizedPosition:
    unit = asked.entry * asked.multiplier * asked.rate
    risk = None
    if asked.stop is not None:
        risk = abs(asked.entry - asked.stop) * asked.multiplier * asked.rate
    wanted = _WANTED[asked.method](asked, unit, risk, edge)
    power = asked.equity if asked.buying_power is None else asked.buying_power
    limit, bound = str(asked.method), wanted
    if wanted * unit > power:
        limit, bound = "buying_power", power / unit
    lots = (bound / asked.lot).to_integral_value(ROUND_FLOOR)
    quantity = lots * asked.lot
    if not quantity and bound > 0:
        limit = "lot"
    return SizedPosition(
        quantity=_plain(quantity),
        unrounded=_told(bound),
        limited_by=limit,
        value=_plain(quantity * unit),
        share=_told(quantity * unit / asked.equity),
        unit_risk=None if risk is None else _plain(risk),
        risk=None if risk is None else _plain(quantity * risk),
        risk_share=None if risk is None else _told(quantity * risk / asked.equity),
        gap_risk=_gap(asked, quantity),
        edge=edge,
        notes=tuple(_notes(asked, edge, unit, risk, quantity, limit, power)),
    )


def _by_risk(asked: SizePosition, unit: Decimal, risk: Decimal | None, _: Edge | None) -> Decimal:
    unit_risk = _stopped(asked, risk)
    if (asked.risk is None) == (asked.risk_percent is None):
        raise Invalid(
            "how much may be lost at the stop is told as risk (cash) or as risk_percent of equity",
            "give one of them",
        )
    cash = asked.risk
    if cash is None:
        cash = asked.equity * _share(asked.risk_percent, "risk_percent", "1")
    elif cash > asked.equity:
        raise Invalid(f"a risk of {cash} is more than the equity of {asked.equity}")
    return cash / unit_risk


def _by_fraction(asked: SizePosition, unit: Decimal, _: Decimal | None, __: Edge | None) -> Decimal:
    return asked.equity * _share(asked.percent, "percent", "10", most=None) / unit


def _by_volatility(
    asked: SizePosition, unit: Decimal, _: Decimal | None, __: Edge | None
) -> Decimal:
    """A position whose value swings, in a year, by the target's share of equity."""
    own = _share(asked.volatility_percent, "volatility_percent", "30", most=None)
    target = _share(asked.target_percent, "target_percent", "10", most=None)
    return asked.equity * target / own / unit


def _by_edge(
    asked: SizePosition, unit: Decimal, risk: Decimal | None, edge: Edge | None
) -> Decimal:
    unit_risk = _stopped(asked, risk)
    if not 0 < asked.kelly_share <= 1:
        raise Invalid(
            f"kelly_share lies above 0 and up to 1, was {asked.kelly_share}", "0.5 is half Kelly"
        )
    fraction = Decimal(edge.fraction) if edge else Decimal(0)
    return asked.equity * fraction * asked.kelly_share / unit_risk


_Wanted = Callable[[SizePosition, Decimal, Decimal | None, Edge | None], Decimal]
_WANTED: dict[SizingMethod, _Wanted] = {
    SizingMethod.risk: _by_risk,
    SizingMethod.fraction: _by_fraction,
    SizingMethod.volatility: _by_volatility,
    SizingMethod.kelly: _by_edge,
}


def _edge(asked: SizePosition) -> Edge:
    told = (asked.win_rate, asked.payoff, asked.trades)
    if asked.results:
        if any(each is not None for each in told):
            raise Invalid(
                "a record is told by results, or by win_rate, payoff and trades", "not both"
            )
        return edge_of_results(asked.results, asked.confidence)
    if asked.win_rate is None or asked.payoff is None or asked.trades is None:
        raise Invalid(
            "kelly needs a record of trades", "give win_rate, payoff and trades, or results"
        )
    return edge_of_rate(asked.win_rate, asked.payoff, asked.trades, asked.confidence)


def _gap(asked: SizePosition, quantity: Decimal) -> Decimal | None:
    """What is lost when the price opens one average true range beyond the stop."""
    if asked.stop is None or asked.atr is None:
        return None
    distance = abs(asked.entry - asked.stop) + asked.atr
    if not asked.short:
        distance = min(distance, asked.entry)  # a price ends at zero
    return _plain(quantity * distance * asked.multiplier * asked.rate)


def _notes(
    asked: SizePosition,
    edge: Edge | None,
    unit: Decimal,
    risk: Decimal | None,
    quantity: Decimal,
    limit: str,
    power: Decimal,
) -> list[str]:
    notes = []
    if edge is not None and not edge.fraction:
        notes.append(
            f"{edge.trades} trades prove no edge: at {edge.confidence:.0%} confidence a trade may"
            f" bring {edge.low:.3f} R, so nothing is risked"
        )
    if limit == "lot":
        costs = f"one lot of {asked.lot} costs {asked.lot * unit:.2f}"
        risks = "" if risk is None else f" and risks {asked.lot * risk:.2f}"
        notes.append(f"{costs}{risks}, more than there may be")
    if limit == "buying_power":
        notes.append(f"the buying power of {power} ends it before {asked.method} would")
    if (
        asked.stop is not None
        and asked.atr is not None
        and abs(asked.entry - asked.stop) < asked.atr
    ):
        notes.append("the stop lies within one average true range: noise may reach it")
    return notes


def _check_figures(asked: SizePosition) -> None:
    """Invalid for a figure that is none, or not above zero where it must be."""
    for name in asked.__struct_fields__:
        value = getattr(asked, name)
        if not isinstance(value, Decimal):
            continue
        if not value.is_finite() or len(value.as_tuple().digits) > DIGITS:
            raise Invalid(f"{name} must be a number of at most {DIGITS} digits")
        if value <= 0 and not (name == "buying_power" and value == 0):
            raise Invalid(f"{name} must be above zero, was {value}")
        if value and not LEAST <= value <= MOST:
            raise Invalid(f"{name} must lie within {LEAST} and {MOST}, was {value}")


def _check_stop(asked: SizePosition) -> None:
    if asked.stop is None:
        return
    if asked.stop == asked.entry:
        raise Invalid(
            f"a stop at the entry of {asked.entry} risks nothing, so it tells no size",
            "give the price at which you were wrong",
        )
    if (asked.stop > asked.entry) != asked.short:
        side, where = ("short", "above") if asked.short else ("long", "below")
        raise Invalid(
            f"the stop of a {side} position lies {where} its entry of {asked.entry},"
            f" was {asked.stop}",
            "change the stop, or the side with short",
        )


def _stopped(asked: SizePosition, risk: Decimal | None) -> Decimal:
    if risk is None:
        raise Invalid(f"sizing by {asked.method} needs a stop", "the price at which you get out")
    return risk


def _share(
    percent: Decimal | None, name: str, example: str, most: Decimal | None = PERCENT
) -> Decimal:
    if percent is None:
        raise Invalid(f"{name} is missing", f"{example} is {example} %")
    if most is not None and percent > most:
        raise Invalid(f"{name} cannot be above {most}, was {percent}", f"{example} is {example} %")
    return percent / PERCENT


def _told(value: Decimal) -> Decimal:
    return _plain(value.quantize(TOLD, ROUND_FLOOR))


def _plain(value: Decimal) -> Decimal:
    """Without trailing zeros or an exponent."""
    cut = value.normalize()
    return cut.quantize(Decimal(1)) if cut.as_tuple().exponent > 0 else cut  # type: ignore[operator]
