"""How bars print: tables, CSV, charts."""

from datetime import UTC, date, datetime, time
from math import isnan

from tio.api.errors import Invalid, NotFound
from tio.api.market import Adjustment, Bars, GetBars, Hours, Timeframe
from tio.api.series import moment
from tio.commands.options import TIMEFRAMES
from tio.commands.printing import print_csv, print_json, print_table, say
from tio.draw import table

HEADER = ("TIME", "OPEN", "HIGH", "LOW", "CLOSE", "VOLUME")


def request(
    symbol: str,
    timeframe: str,
    limit: int,
    start: str = "",
    end: str = "",
    source: str = "",
    adjusted: str = Adjustment.splits,
    hours: str = Hours.extended,
) -> GetBars:
    """The word these options mean; Invalid says which option cannot be read."""
    return GetBars(
        symbol,
        timeframe_of(timeframe),
        moment_of(start, "--start"),
        moment_of(end, "--end"),
        limit,
        source or None,
        adjustment_of(adjusted),
        hours_of(hours),
    )


def adjustment_of(text: str) -> Adjustment:
    """The adjustment of that name; Invalid names them all."""
    try:
        return Adjustment(text)
    except ValueError:
        known = " ".join(Adjustment)
        raise Invalid(f"there is no adjustment {text[:20]!r}", f"one of {known}") from None


def timeframe_of(text: str) -> Timeframe:
    """The timeframe of that name; Invalid names them all."""
    if text not in TIMEFRAMES:
        raise Invalid(f"there is no timeframe {text!r}", f"one of {' '.join(TIMEFRAMES)}")
    return Timeframe(text)


def hours_of(text: str) -> Hours:
    """The hours of that name; Invalid names both."""
    try:
        return Hours(text)
    except ValueError:
        raise Invalid(f"there are no hours {text[:20]!r}", f"one of {' '.join(Hours)}") from None


def rows(bars: Bars) -> list[tuple[str, float, float, float, float, float | None]]:
    """A row a bar: its opening instant in UTC, open, high, low, close, volume or None."""
    columns = zip(bars.time, bars.open, bars.high, bars.low, bars.close, bars.volume, strict=True)
    return [
        (stamp(at, bars.timeframe), o, h, low, c, None if isnan(v) else v)
        for at, o, h, low, c, v in columns
    ]


def print_bars(bars: Bars, *, json: bool = False, csv: bool = False) -> None:
    """Bars as a table, as one JSON document or as CSV."""
    if json:
        print_json(bars)
        return
    if csv:
        print_csv([name.lower() for name in HEADER], rows(bars))
        return
    if not len(bars):
        raise NotFound(
            f"no bars of {bars.symbol}, {bars.timeframe} are stored, and no source told any",
            f"`tio sources routes {bars.symbol}` and `tio sources` say why",
        )
    decimals = decimals_of(bars)
    print_table(
        HEADER,
        [
            [at, *(table.price(price, decimals) for price in prices), table.volume(volume)]
            for at, *prices, volume in rows(bars)
        ],
    )
    said = f"{bars.source}, {bars.adjusted}" + (", the last bar is forming" if bars.forming else "")
    if len(bars.repaired):
        said += f", {len(bars.repaired)} repaired (`tio quality repairs`)"
    say(f"{len(bars)} bars of {bars.symbol}, {bars.timeframe}: {said}")


def decimals_of(bars: Bars) -> int:
    """The fewest decimals that tell the newest closes apart as stored, at least 2, at most 8."""
    closes = [price for price in list(bars.close)[-50:] if not isnan(price)]
    for decimals in range(2, 8):
        if all(abs(price - round(price, decimals)) < 1e-9 * max(price, 1) for price in closes):
            return decimals
    return 8


def stamp(at: int, timeframe: Timeframe) -> str:
    """A bar's opening instant in UTC: its date, with the time on bars within a day."""
    opening = moment(at)
    return opening.strftime("%Y-%m-%dT%H:%M:%SZ" if timeframe.intraday else "%Y-%m-%d")


def moment_of(text: str, option: str) -> datetime | None:
    """A date or a time as typed, UTC without a zone; None of an empty text."""
    if not text:
        return None
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), time(), UTC)
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{option} {text!r} is no date or time", "e.g. 2026-01-31T14:30Z") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
