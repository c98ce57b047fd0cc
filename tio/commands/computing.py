"""What the commands ask of indicators: the catalogue, and figures over bars."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tio.api.errors import Invalid, NotFound
from tio.api.indicators import (
    Computed,
    ComputeIndicators,
    IndicatorEntry,
    IndicatorSpec,
    ListIndicators,
)
from tio.api.market import Adjustment, Bars, Hours
from tio.api.spec_text import EXAMPLES, name_in, parameters_of, parse_specs
from tio.commands.asking import Answering

TAIL = "pta."
"""How the names of pandas-ta's indicators begin."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Over what indicators are computed, as options tell it; `bars` in place of a symbol."""

    symbol: str = ""
    timeframe: str = "1d"
    limit: int = 500
    start: str = ""
    end: str = ""
    adjusted: str = Adjustment.splits
    hours: str = Hours.extended
    bars: Bars | None = None


def over(file: Path, timeframe: str) -> Asked:
    """The bars of a file, `-` is standard input; a CSV file is of that timeframe."""
    from tio.commands.bar_tables import timeframe_of
    from tio.commands.bars_file import read_bars

    return Asked(bars=read_bars(file, timeframe_of(timeframe)))


async def entry(engine: Answering, name: str) -> IndicatorEntry:
    """One entry of the catalogue; NotFound names the nearest."""
    catalogue = {each.name: each for each in await _catalogue(engine, [name])}
    found = name_in(name)
    if found not in catalogue:
        # Reading it tells what it may have meant.
        parse_specs(found or name, parameters_of(catalogue.values()))
        raise NotFound(f"there is no indicator {name[:60]!r}")
    return catalogue[found]


async def specs(engine: Answering, texts: Sequence[str]) -> tuple[IndicatorSpec, ...]:
    """The indicators these texts mean, each one or several."""
    wanted = [text for text in texts if text.strip()]
    if not wanted:
        return ()
    parameters = parameters_of(await _catalogue(engine, wanted))
    return tuple(spec for text in wanted for spec in parse_specs(text, parameters))


async def compute(engine: Answering, texts: Sequence[str], asked: Asked) -> tuple[Computed, ...]:
    """Every indicator the texts name, over the bars asked for."""
    from tio.commands.bar_tables import request

    wanted = await specs(engine, texts)
    if not wanted:
        raise Invalid("which indicator?", EXAMPLES)
    if asked.bars is not None:
        return await engine.ask(
            ComputeIndicators(wanted, timeframe=asked.bars.timeframe, bars=asked.bars)
        )
    of = request(
        asked.symbol,
        asked.timeframe,
        asked.limit,
        asked.start,
        asked.end,
        adjusted=asked.adjusted,
        hours=asked.hours,
    )
    return await engine.ask(
        ComputeIndicators(
            wanted,
            of.symbol,
            of.timeframe,
            of.limit,
            of.start,
            of.end,
            of.adjusted,
            of.hours,
        )
    )


async def _catalogue(engine: Answering, texts: Sequence[str]) -> tuple[IndicatorEntry, ...]:
    """The catalogue, with pandas-ta's only when one of them is named: they are slow to load."""
    tail = any(name_in(text).startswith(TAIL) or f",{TAIL}" in text for text in texts)
    return await engine.ask(ListIndicators(tail=tail))
