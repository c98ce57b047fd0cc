"""What a bar file's header does not say, its reader must: symbol, time zone, timeframe."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from tio.api.clean import clean
from tio.api.errors import Invalid
from tio.api.market import Timeframe
from tio.engine.store import stooq
from tio.engine.store.bar_times import Moment
from tio.engine.store.columns import Instants

_DAY = 86_400_000_000
_LEAST_DAYS = {Timeframe.d1: 1, Timeframe.w1: 5, Timeframe.mo1: 25}


def settle(
    path: Path,
    symbol: str | None,
    timeframe: Timeframe | None,
    zone: str | None,
    moments: Sequence[Moment | None],
) -> tuple[str, Timeframe]:
    """The symbol and timeframe; Invalid, naming every option to add, when something is not said."""
    said = [moment for moment in moments if moment is not None]
    timed = any(moment.written % _DAY for moment in said)
    unzoned = any(moment.offset is None for moment in said)
    intraday = timeframe.intraday if timeframe is not None else timed
    missing = []
    if not symbol:
        missing.append(("symbol", "--symbol SYMBOL"))
    if intraday and unzoned and not zone:
        missing.append(("time zone", "--tz ZONE (such as America/New_York or UTC)"))
    if timeframe is None:
        missing.append(("timeframe", f"--timeframe SPAN (one of {' '.join(Timeframe)})"))
    if missing or not symbol or timeframe is None:
        names, options = zip(*missing, strict=True)
        raise Invalid(f"{path.name} does not say its {listed(names)}", f"add {listed(options)}")
    return symbol, timeframe


def chosen_symbol(path: Path, asked: str | None, tickers: Iterable[str]) -> tuple[str | None, str]:
    """The symbol, and which ticker's rows it means (empty: all of them)."""
    found = sorted({ticker.strip() for ticker in tickers if ticker.strip()})
    asked = None if asked is None else clean(asked, limit=64).strip() or None
    if len(found) <= 1:
        return asked or (_named(found[0]) if found else None), ""
    if asked is None:
        some = clean(", ".join(found[:8]), limit=200)
        raise Invalid(
            f"{path.name} holds {len(found)} symbols: {some}", "choose one with --symbol SYMBOL"
        )
    for ticker in found:
        if asked.upper() in (ticker.upper(), _named(ticker)):
            return asked, ticker
    raise Invalid(
        f"{path.name} holds {len(found)} symbols, none of them {asked}",
        f"choose one of {clean(', '.join(found[:8]), limit=200)}",
    )


def stated_timeframe(path: Path, asked: Timeframe | None, spans: Iterable[str]) -> Timeframe | None:
    """The timeframe asked for, or the one the rows state; Invalid where the two differ."""
    stated: set[Timeframe] = set()
    for text in {text.strip() for text in spans}:
        span = stooq.span(text)
        if span is None and text in set(Timeframe):
            span = Timeframe(text)
        if span is not None:
            stated.add(span)
    if len(stated) > 1:
        raise Invalid(f"{path.name} mixes timeframes: {' '.join(sorted(stated))}", "split the file")
    said = next(iter(stated), None)
    if asked is not None and said is not None and asked != said:
        raise Invalid(
            f"{path.name} holds {said} bars, not {asked}", f"leave --timeframe {asked} out"
        )
    return asked or said


def refuse_impossible(path: Path, timeframe: Timeframe, written: Instants) -> None:
    """Invalid when the rows stand too close together, or too far apart, for the timeframe."""
    times = np.unique(written // _DAY * _DAY) if not timeframe.intraday else np.unique(written)
    if len(times) < 3:
        return
    steps = np.diff(times)
    typical = int(np.median(steps))
    least = _LEAST_DAYS.get(timeframe, 0) * _DAY or timeframe.step
    if typical < least:
        wrong = f"half of them open {_spoken(typical)} or less after the one before"
    elif not timeframe.intraday and len(written) > 2 * len(times):
        wrong = "there are several a day"
    elif timeframe.intraday and int(steps.min()) >= _DAY and len(times) > 4:
        wrong = "no two stand on one day"
    else:
        return
    raise Invalid(f"the rows of {path.name} cannot be {timeframe} bars: {wrong}", "see --timeframe")


def listed(words: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _named(ticker: str) -> str:
    return clean(stooq.symbol(ticker), limit=64)


def _spoken(span: int) -> str:
    seconds = span / 1e6
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s"
