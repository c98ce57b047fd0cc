"""What a person's first list holds, before they made one."""

from tio.api.contract import Engine
from tio.api.market import SearchInstruments
from tio.api.sources import ListSources, SourceReport, SourceState
from tio.api.watchlists import FIRST_SYMBOLS

OFFERED = 24


async def first_symbols(engine: Engine, *, own: bool) -> tuple[str, ...]:
    """Of one's `own` workspace with live sources, FIRST_SYMBOLS; else what the sources offer."""
    if own:
        reports = await engine.ask(ListSources())
        if any(map(_serves, reports)):
            return FIRST_SYMBOLS
    found = await engine.ask(SearchInstruments(limit=OFFERED))
    return tuple(instrument.symbol for instrument in found)


def _serves(report: SourceReport) -> bool:
    """Whether a source is a live one, and may be asked."""
    return bool(report.assets) and report.state is not SourceState.off
