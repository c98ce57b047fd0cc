"""The columns of a table of quotes: which fit, and what stands in each cell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from math import floor, isfinite, log10

from tio.api.market import AssetClass, Coverage, Delay, Flag, Quote
from tio.draw.table import MISSING, age, arrow, fit, price, signed, volume

Cell = tuple[str, str]
MARKS = {
    Delay.simulated: "SIM",
    Delay.end_of_day: "EOD",
    Delay.reference: "REF",
}


@dataclass(slots=True)
class Row:
    """One symbol's row: its newest quote, when it came (monotonic seconds), closes, flash."""

    symbol: str
    quote: Quote | None = None
    came: float = 0.0
    closes: Sequence[float] = ()
    spark: str = ""
    spark_width: int = 0
    flash: int = 0
    rising: bool = True
    decimals: int = 2

    def take(self, quote: Quote, now: float, steps: int) -> None:
        """A newer quote; its last price flashes for so many steps when it moved."""
        before = self.quote.last if self.quote else None
        if steps and before is not None and quote.last is not None and quote.last != before:
            self.flash, self.rising = steps, quote.last > before
        if self.quote is None or quote.price_decimals != self.quote.price_decimals:
            self.decimals = decimals_of(quote)
        self.quote, self.came = quote, now

    def age(self, now: float) -> float | None:
        """Seconds since the quote was true."""
        if self.quote is None or self.quote.age is None:
            return None
        return self.quote.age + max(now - self.came, 0.0)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its width, and what a row shows in it (text and ink)."""

    name: str
    title: str
    width: int
    cell: Callable[[Row, float], Cell]
    right: bool = True


def decimals_of(quote: Quote) -> int:
    """The instrument's own precision, else what the price itself suggests."""
    if quote.price_decimals is not None:
        return quote.price_decimals
    last = quote.last or quote.bid or 0.0
    if not last or not isfinite(last):
        return 2
    return min(max(2, 4 - floor(log10(abs(last))) - 1), 8)


def mark(quote: Quote, age_now: float | None) -> Cell:
    """How far to trust a quote: `SIM`, `D15`, `EOD`, `REF`, `STALE 42s`, `≠`, or nothing."""
    if quote.stale:
        return f"STALE {age(age_now)}".rstrip(), "accent"
    if quote.delay is Delay.delayed:
        said = f"D{quote.delay_minutes or ''}"
    else:
        said = MARKS.get(quote.delay, "")
    if Flag.disagrees in quote.flags:
        # Another source tells another price; the card and space say which and how far.
        return f"{said}≠", "accent"
    return said, "muted"


def tone(change: float | None) -> str:
    """Rise, fall, or muted when unknown or nothing."""
    if change is None or not isfinite(change) or change == 0:
        return "muted"
    return "rise" if change > 0 else "fall"


def unknown(quote: Quote | None) -> bool:
    """Whether no source has said anything of it: what an engine answers then has no figure."""
    return quote is None or (not quote.source and quote.last is None and quote.bid is None)


def _symbol(row: Row, now: float) -> Cell:
    return row.symbol, "text"


def _last(row: Row, now: float) -> Cell:
    quote = row.quote
    if quote is None or unknown(quote):
        return "no source" if quote is None else "no quote", "quiet-text"
    return price(quote.last, row.decimals), "muted" if quote.stale else "text"


def _change(row: Row, now: float) -> Cell:
    change = row.quote.change_percent if row.quote else None
    if change is None:
        return "" if unknown(row.quote) else MISSING, "muted"
    return f"{arrow(change)} {signed(change)}", tone(change)


def _points(row: Row, now: float) -> Cell:
    change = row.quote.change if row.quote else None
    return "" if unknown(row.quote) else signed(change, row.decimals), tone(change)


def _mark(row: Row, now: float) -> Cell:
    """How far to trust it, in a column of its own."""
    return ("", "muted") if row.quote is None else mark(row.quote, row.age(now))


def _mark_but_stale(row: Row, now: float) -> Cell:
    """`STALE` stands where the sparkline would, and has no room here."""
    return ("", "muted") if row.quote is None or row.quote.stale else _mark(row, now)


def _age(row: Row, now: float) -> Cell:
    return age(row.age(now)), "muted"


def _figure(name: str) -> Callable[[Row, float], Cell]:
    def cell(row: Row, now: float) -> Cell:
        if row.quote is None or unknown(row.quote):
            return "", "muted"
        return price(getattr(row.quote, name), row.decimals), "text"

    return cell


def _spread(row: Row, now: float) -> Cell:
    quote = row.quote
    if quote is None or quote.bid is None or quote.ask is None:
        return "", "muted"
    return price(quote.ask - quote.bid, row.decimals), "muted"


def _volume(row: Row, now: float) -> Cell:
    return (volume(row.quote.volume) if row.quote and not unknown(row.quote) else ""), "muted"


def _word(name: str) -> Callable[[Row, float], Cell]:
    def cell(row: Row, now: float) -> Cell:
        said = "" if row.quote is None or unknown(row.quote) else str(getattr(row.quote, name))
        return said.replace("_", " "), "muted"

    return cell


def _delay(row: Row, now: float) -> Cell:
    quote = row.quote
    if quote is None or unknown(quote):
        return "", "muted"
    return delayed(quote) or "realtime", "muted"


def _coverage(row: Row, now: float) -> Cell:
    quote = row.quote
    return ("" if quote is None or unknown(quote) else covered(quote)), "muted"


def _spark(row: Row, now: float) -> Cell:
    if row.quote is not None and row.quote.stale:
        return mark(row.quote, row.age(now))
    ink = tone(row.quote.change_percent if row.quote else None)
    return row.spark, ink if ink == "muted" else f"{ink}-dim"


CHOICES = {
    "last": Column("last", "LAST", 9, _last),
    "change": Column("change", "CHG %", 9, _change),
    "points": Column("points", "CHG", 9, _points),
    "spark": Column("spark", "DAY", 8, _spark, False),
    "age": Column("age", "AGE", 4, _age),
    "bid": Column("bid", "BID", 9, _figure("bid")),
    "ask": Column("ask", "ASK", 9, _figure("ask")),
    "volume": Column("volume", "VOL", 6, _volume),
    "spread": Column("spread", "SPREAD", 8, _spread),
    "source": Column("source", "SOURCE", 10, _word("source"), False),
    "open": Column("open", "OPEN", 9, _figure("open")),
    "high": Column("high", "HIGH", 9, _figure("high")),
    "low": Column("low", "LOW", 9, _figure("low")),
    "close": Column("close", "CLOSE", 9, _figure("previous_close")),
    "currency": Column("currency", "CCY", 5, _word("currency"), False),
    "delay": Column("delay", "DELAY", 12, _delay, False),
    "coverage": Column("coverage", "COVERS", 12, _coverage, False),
    "note": Column("note", "NOTE", 24, _word("note"), False),
    "session": Column("session", "SESSION", 8, _word("session"), False),
    "name": Column("name", "NAME", 24, _word("name"), False),
}
"""The columns a list may choose, by the names it keeps; `close` is the one before."""
OWN = ("last", "change", "spark", "age", "bid", "ask", "volume", "spread", "source")
"""Those of a list that chose none, as far as the width goes."""
PRICES = frozenset(("last", "bid", "ask", "open", "high", "low", "close"))
LONGEST_SPARK = 24
LEAST_NAME = 8


def columns(
    width: int, rows: Sequence[Row], now: float, wanted: Sequence[str] = ()
) -> list[Column]:
    """Symbol and mark, then those `wanted` (else OWN) in their order that fit into `width` cells.

    The last price and its change are always among a list's own, whatever the width; the sparkline
    takes the room that is left. A name nobody knows is left out.
    """
    names = [name for name in dict.fromkeys(wanted) if name in CHOICES]
    needed = names[:1] or ["last", "change"]
    names = names or list(OWN)
    chosen = _fitting(width, rows, now, names, needed)
    if "spark" in names and all(column.name != "spark" for column in chosen):
        # Where it would have stood STALE would have.
        chosen = _fitting(width, rows, now, [n for n in names if n != "spark"], needed)
    return chosen


def _fitting(
    width: int, rows: Sequence[Row], now: float, names: Sequence[str], needed: Sequence[str]
) -> list[Column]:
    stale = any(row.quote.stale for row in rows if row.quote)
    quotes = [(row.quote.last, row.decimals) for row in rows if row.quote]
    widest = max((len(price(*quote)) for quote in quotes), default=9)
    chosen = _head(width, rows, now, _mark_but_stale if "spark" in names else _mark)
    left = width - 2 - sum(column.width + 1 for column in chosen)
    spark = -1
    for name in names:
        column = CHOICES[name]
        room = max(widest, column.width) if name in PRICES else column.width
        if name == "spark":
            least = 9 if stale else 5
            room = min(max(least, 8), left - 1)
            if room < least:
                continue
            spark = len(chosen)
        elif name == "name" and LEAST_NAME < left <= room:
            room = left - 1
        elif left < room + 1 and name not in needed:
            break
        title = change_title(rows) if name == "change" else column.title
        chosen.append(replace(column, title=title, width=room))
        left -= room + 1
    if spark >= 0:
        wider = min(chosen[spark].width + max(left, 0), LONGEST_SPARK)
        chosen[spark] = replace(chosen[spark], width=wider)
    return chosen


def _head(
    width: int, rows: Sequence[Row], now: float, marked: Callable[[Row, float], Cell]
) -> list[Column]:
    """The symbol, and how far to trust it where that needs saying."""
    longest = max((len(row.symbol) for row in rows), default=6)
    room = min(max(longest, 6), 14 if width < 60 else 20)
    head = [Column("symbol", "SYMBOL", room, _symbol, False)]
    marks = max((len(marked(row, now)[0]) for row in rows), default=0)
    if marks:
        head.append(Column("mark", "", min(marks, 10), marked, False))
    return head


def unknown_column(names: Sequence[str]) -> str:
    """A sentence about the first name that is no column; empty when all are."""
    wrong = next((name for name in names if name not in CHOICES), "")
    if not wrong:
        return ""
    near = get_close_matches(wrong, CHOICES, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(CHOICES)}"
    return f"There is no column {wrong}; {hint}"


def change_title(rows: Sequence[Row]) -> str:
    """What the change is since, when it is the same for all: `24H %`, `CLOSE %`, `17NY %`."""
    titles = {_TITLES.get(row.quote.asset_class, "CLOSE %") for row in rows if row.quote}
    return titles.pop() if len(titles) == 1 else "CHG %"


_TITLES = {
    AssetClass.crypto: "24H %",
    AssetClass.fx: "17NY %",
    AssetClass.rate: "BEFORE %",
    AssetClass.simulated: "CHG %",
}


def since(quote: Quote) -> str:
    """What a quote's change is measured from, in words."""
    return {
        AssetClass.crypto: "24 h ago",
        AssetClass.fx: "reference before" if quote.delay is Delay.reference else "17:00 New York",
        AssetClass.rate: "value before",
        AssetClass.simulated: "close before, simulated",
    }.get(quote.asset_class, "previous close")


def delayed(quote: Quote) -> str:
    """How far behind the market a quote's source is, in words; empty when it is not."""
    if quote.delay is Delay.delayed:
        return f"{quote.delay_minutes}m delayed" if quote.delay_minutes else "delayed"
    return "" if quote.delay is Delay.realtime else str(quote.delay).replace("_", " ")


def covered(quote: Quote) -> str:
    """What part of the market a price speaks for, where it is not all of it."""
    if quote.coverage is Coverage.consolidated:
        return "consolidated"
    if quote.source == "alpaca":
        return "IEX only"
    traded = quote.asset_class not in (AssetClass.simulated, AssetClass.rate)
    return "one venue" if traded and quote.delay is not Delay.reference else ""


def header(chosen: Sequence[Column]) -> str:
    """The titles over their columns."""
    return "  " + " ".join(fit(c.title, c.width, right=c.right) for c in chosen)
