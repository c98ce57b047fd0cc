"""Events of the market's side for the symbols of a ledger, and what each is counted in."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from tio.api.companies import CorporateEvent
from tio.api.errors import TioError
from tio.api.market import AssetClass, Instrument
from tio.engine.market.service import MarketService

_AT_ONCE = 8
_PAYING = frozenset({AssetClass.equity, AssetClass.etf, AssetClass.fund})
"""What is split and pays dividends."""


@dataclass(frozen=True, slots=True)
class Happened:
    """By symbol; `untold`: shares and funds of which no source told anything, not even nothing."""

    events: dict[str, tuple[CorporateEvent, ...]]
    currencies: dict[str, str]
    untold: tuple[str, ...]


async def happened(market: MarketService, symbols: Iterable[str]) -> Happened:
    """Ask of each symbol, eight at a time; what fails is untold."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def ask(symbol: str) -> tuple[str, tuple[CorporateEvent, ...] | None]:
        if market.events is None:
            return symbol, None
        async with gate:
            try:
                told = await market.events(symbol)
            except TioError:
                told = None
        return symbol, None if told is None else tuple(told)

    known = {symbol: market.instrument(symbol) for symbol in symbols if symbol}
    paying = sorted(symbol for symbol, each in known.items() if _pays(each))
    answers = dict(await asyncio.gather(*map(ask, paying)))
    return Happened(
        {symbol: told for symbol, told in answers.items() if told is not None},
        {symbol: known[symbol].currency for symbol in paying},
        tuple(symbol for symbol, told in answers.items() if told is None),
    )


def _pays(instrument: Instrument) -> bool:
    if instrument.asset_class is AssetClass.simulated:
        # The simulator's shares and funds; its pairs and coins pay nothing.
        return "-" not in instrument.symbol and not instrument.size_decimals
    return instrument.asset_class in _PAYING
