"""Every indicator there is, by name."""

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType

from tio.api.errors import NotFound
from tio.engine.indicators import (
    adaptive,
    averages,
    bands,
    bricks,
    cycles,
    directions,
    levels,
    momentum,
    oscillators,
    prices,
    profile,
    statistics,
    stops,
    swings,
    trend,
    volatility,
    volume,
    vwap,
)
from tio.engine.indicators.declare import Indicator

_GROUPS = (
    averages, adaptive, bands, stops, momentum, oscillators, trend, directions, volatility,
    volume, vwap, profile, statistics, cycles, levels, swings, prices, bricks,
)  # fmt: skip

CATALOGUE: Mapping[str, Indicator] = MappingProxyType(
    {each.name: each for group in _GROUPS for each in group.INDICATORS}
)


def indicator(name: str) -> Indicator:
    """The indicator of that name; raises NotFound with the nearest names."""
    found = CATALOGUE.get(name.lower())
    if found is None:
        near = get_close_matches(name.lower(), CATALOGUE, n=3)
        hint = f" (did you mean {', '.join(near)}?)" if near else ""
        raise NotFound(f"no indicator {name!r}{hint}")
    return found
