"""Years of bars fetched page by page, newest first, so that what is wanted most comes first."""

from collections.abc import Callable, Sequence

from tio.api.errors import NotFound, TioError
from tio.api.market import Timeframe
from tio.engine.jobs import Progress
from tio.engine.market.backfill import MOST, Backfill
from tio.engine.market.completing import reach
from tio.engine.market.sessions import SessionRules

_MOST_CUTS = 50
"""Times a page is asked for that holds more bars than one asking may bring."""
EMPTY_PAGES = 2
"""Pages in a row without a bar, going back, after which there is nothing older."""
_PAGE = 5_000
"""Bars a page may hold at most."""


async def fill(
    backfill: Backfill,
    symbols: Sequence[str],
    timeframe: Timeframe,
    rules: Callable[[str], SessionRules],
    start: int | None,
    end: int,
    source: str | None,
    progress: Progress,
) -> int:
    """Fill every symbol's bars back to `start` (None: as far as anybody tells); how many came.

    What was asked before is not asked again, so a fill that was interrupted goes on where it was.
    A symbol nobody tells is left with its reason; when that is so for all, the last is raised.
    """
    count = failed = 0
    trouble: TioError | None = None
    for number, symbol in enumerate(symbols):

        def tell(share: float, came: int, number: int = number, symbol: str = symbol) -> None:
            progress((number + share) / len(symbols), f"{symbol}, {came} bars")

        try:
            count += await _fill_one(
                backfill, symbol, timeframe, rules(symbol), start, end, source, tell
            )
        except TioError as error:
            failed, trouble = failed + 1, error
            progress((number + 1) / len(symbols), error.message)
    if trouble is not None and failed == len(symbols):
        raise trouble
    return count


async def _fill_one(
    backfill: Backfill,
    symbol: str,
    timeframe: Timeframe,
    rules: SessionRules,
    start: int | None,
    end: int,
    source: str | None,
    tell: Callable[[float, int], None],
) -> int:
    span = reach(min(_PAGE, MOST), timeframe, rules)
    oldest = start if start is not None else 0
    came = empty = cuts = 0
    until = end
    while until > oldest:
        since = max(oldest, until - span)
        filled = await backfill.fill(symbol, timeframe, rules, since, until, MOST, source)
        trouble = filled.trouble(symbol)
        if trouble is not None:
            raise trouble
        if not (filled.source or filled.known or filled.attempts or filled.nothing):
            raise NotFound(f"no source tells the past of {symbol}", "`tio sources` lists them")
        came += filled.bars
        if filled.cut and cuts < _MOST_CUTS:
            cuts += 1
            continue  # the newest of this page: the rest of it comes before what is older
        cuts = 0
        empty = 0 if filled.bars or filled.known else empty + 1
        if start is None and empty >= EMPTY_PAGES:
            break
        until = since
        tell((end - until) / max(1, end - oldest), came)
    return came
