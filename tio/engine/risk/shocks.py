"""Whom a shock means: the market, something held, a class or a currency, by its name."""

from collections.abc import Sequence

from msgspec.structs import replace

from tio.api.clean import clean
from tio.api.errors import Invalid
from tio.api.market import AssetClass
from tio.api.stress import Shock, ShockScope
from tio.engine.risk.held import Portfolio

MARKET = "market"


def resolved(shocks: Sequence[Shock], portfolio: Portfolio) -> tuple[Shock, ...]:
    """Shocks with their scope, spelled as what is held; Invalid for one that meets nothing."""
    return tuple(_resolved(each, portfolio) for each in shocks)


def _resolved(shock: Shock, portfolio: Portfolio) -> Shock:
    name = shock.of.strip()
    if shock.scope is ShockScope.market or (shock.scope is None and name.lower() in ("", MARKET)):
        return replace(shock, of="", scope=ShockScope.market)
    for scope, known in _names(portfolio).items():
        if shock.scope not in (None, scope):
            continue
        for each in known:
            if _short(each) == _short(name):
                return replace(shock, of=each, scope=scope)
    held = ", ".join(
        dict.fromkeys([*_names(portfolio)[ShockScope.symbol], *_currencies(portfolio)])
    )
    raise Invalid(
        f"nothing held is {clean(name)[:40]!r}: a shock of it would change nothing",
        f"shock the market, a class, or one of {held}" if held else "the portfolio is empty",
    )


def _names(portfolio: Portfolio) -> dict[ShockScope, Sequence[str]]:
    return {
        ShockScope.symbol: [each.symbol for each in portfolio.positions],
        ShockScope.currency: _currencies(portfolio),
        ShockScope.asset_class: [each.value for each in AssetClass],
    }


def _currencies(portfolio: Portfolio) -> list[str]:
    """Those something is held in; the base too, so that its shock is refused by its own words."""
    return list(dict.fromkeys([*(each.currency for each in portfolio.held), portfolio.base]))


def _short(name: str) -> str:
    """A name as a person may type it: without case, without the mark of the simulator."""
    return name.upper().removeprefix("SIM:")
