"""What shocks of one's own would cost the positions held today."""

from collections.abc import Sequence
from decimal import Decimal

from tio.api.errors import Invalid
from tio.api.stress import (
    Shock,
    ShockScope,
    StressLine,
    StressResult,
)
from tio.engine.risk.exposure import Exposure

GONE = Decimal(-1)


def stressed(
    exposures: Sequence[Exposure], shocks: Sequence[Shock], base: str, net: Decimal | None = None
) -> StressResult:
    """The loss by position and in all, `share` of the `net` value; money in `base`. Invalid.

    The nearest shock to a position counts: of its symbol, else of its class, else of the market
    times its beta (one where that is not known, and told). A currency's shock is of its rate to
    `base`, and multiplies with the price's. A price falls to zero, not below.
    """
    _check(shocks, base)
    by_scope = {(shock.scope, shock.of): shock.change for shock in shocks}
    lines = tuple(_line(each, by_scope) for each in exposures)
    loss = sum((line.loss for line in lines if line.loss is not None), Decimal(0))
    gross = sum((abs(each.value) for each in exposures), Decimal(0))
    assumed = sum((abs(line.value) for line in lines if line.proxied), Decimal(0))
    return StressResult(
        title=", ".join(_told(shock) for shock in shocks),
        lines=lines,
        loss=loss,
        share=float(loss / net) if net else None,
        proxied_share=float(assumed / gross) if gross else 0.0,
    )


def _line(exposure: Exposure, shocks: dict[tuple[ShockScope | None, str], Decimal]) -> StressLine:
    price, note, proxied = _price_change(exposure, shocks)
    rate = shocks.get((ShockScope.currency, exposure.currency), Decimal(0))
    change = (1 + price) * (1 + rate) - 1
    return StressLine(
        symbol=exposure.symbol,
        value=exposure.value,
        loss=-exposure.value * change,
        change=float(change),
        proxied=proxied,
        note=note,
    )


def _price_change(
    exposure: Exposure, shocks: dict[tuple[ShockScope | None, str], Decimal]
) -> tuple[Decimal, str, bool]:
    """The change of its price, what there is to say of it, whether beta was assumed."""
    for scope, of in (
        (ShockScope.symbol, exposure.symbol),
        (ShockScope.asset_class, exposure.asset_class),
    ):
        if (scope, of) in shocks:
            return shocks[scope, of], "", False
    market = shocks.get((ShockScope.market, ""))
    if market is None:
        return Decimal(0), "", False
    assumed = exposure.beta is None
    times = Decimal(1) if exposure.beta is None else Decimal(repr(exposure.beta))
    note = "no beta is known: 1 was assumed" if assumed else ""
    if market * times < GONE:
        return GONE, f"{market:+.0%} × beta {times:.2f} is more than all: it ends at zero", assumed
    return market * times, note, assumed


def _check(shocks: Sequence[Shock], base: str) -> None:
    if not shocks:
        raise Invalid("a stress needs a shock", "as a fall of the market by 0.2")
    seen = set()
    for shock in shocks:
        if not shock.change.is_finite() or shock.change < GONE:
            raise Invalid(
                f"a shock is −1 (all is lost) or more, was {shock.change}", "−0.2 is −20 %"
            )
        if (shock.scope is ShockScope.market) == bool(shock.of):
            raise Invalid(
                "a shock of the market names nothing, every other names what it falls upon",
                f"was {shock.scope} {shock.of!r}",
            )
        if shock.scope is ShockScope.currency and shock.of == base:
            raise Invalid(
                f"{base} is what all is counted in: its rate cannot change",
                "shock the other currencies the other way",
            )
        if (shock.scope, shock.of) in seen:
            raise Invalid(f"{shock.scope} {shock.of} is shocked twice".replace("  ", " "))
        seen.add((shock.scope, shock.of))


def _told(shock: Shock) -> str:
    name = "market" if shock.scope is ShockScope.market else shock.of
    return f"{name} {float(shock.change) * 100:+.4g} %".replace("-", "−")
