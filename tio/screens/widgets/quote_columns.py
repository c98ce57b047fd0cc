"""The columns of a table of quotes: which fit, and what stands in each cell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10

from tio.api.market import AssetClass, Delay, Quote
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
    """How far a quote is to be trusted: `SIM`, `D15`, `EOD`, `REF`, `STALE 42s`, or nothing."""
    if quote.stale:
        return f"STALE {age(age_now)}".rstrip(), "accent"
    if quote.delay is Delay.delayed:
        return f"D{quote.delay_minutes or ''}", "muted"
    return MARKS.get(quote.delay, ""), "muted"


def tone(change: float | None) -> str:
    """Rise, fall, or muted when unknown or nothing."""
    if change is None or not isfinite(change) or change == 0:
        return "muted"
    return "rise" if change > 0 else "fall"


def _last(row: Row, now: float) -> Cell:
    quote = row.quote
    if quote is None:
        return "no source", "quiet-text"
    return price(quote.last, row.decimals), "muted" if quote.stale else "text"


def _change(row: Row, now: float) -> Cell:
    change = row.quote.change_percent if row.quote else None
    if change is None:
        return MISSING if row.quote else "", "muted"
    return f"{arrow(change)} {signed(change)}", tone(change)


def _mark(row: Row, now: float) -> Cell:
    """How far to trust it; `STALE` stands where the sparkline would, and has no room here."""
    if row.quote is None or row.quote.stale:
        return "", "muted"
    return mark(row.quote, row.age(now))


def _age(row: Row, now: float) -> Cell:
    return age(row.age(now)), "muted"


def _figure(name: str) -> Callable[[Row, float], Cell]:
    def cell(row: Row, now: float) -> Cell:
        if row.quote is None:
            return "", "muted"
        return price(getattr(row.quote, name), row.decimals), "text"

    return cell


def _spread(row: Row, now: float) -> Cell:
    quote = row.quote
    if quote is None or quote.bid is None or quote.ask is None:
        return "", "muted"
    return price(quote.ask - quote.bid, row.decimals), "muted"


def _volume(row: Row, now: float) -> Cell:
    return (volume(row.quote.volume) if row.quote else ""), "muted"


def _source(row: Row, now: float) -> Cell:
    return (row.quote.source if row.quote else ""), "muted"


def _spark(row: Row, now: float) -> Cell:
    if row.quote is not None and row.quote.stale:
        return mark(row.quote, row.age(now))
    ink = tone(row.quote.change_percent if row.quote else None)
    return row.spark, ink if ink == "muted" else f"{ink}-dim"


def columns(width: int, rows: Sequence[Row], now: float) -> list[Column]:
    """The columns that fit into `width` cells: the needed ones, then sparkline, age, bid, ask."""
    longest = max((len(row.symbol) for row in rows), default=6)
    room_for_last = max(
        (len(price(row.quote.last, row.decimals)) for row in rows if row.quote), default=9
    )
    marks = max((len(_mark(row, now)[0]) for row in rows), default=0)
    symbol_width = min(max(longest, 6), 14 if width < 60 else 20)
    chosen = [
        Column("symbol", "SYMBOL", symbol_width, lambda row, now: (row.symbol, "text"), False)
    ]
    if marks:
        chosen.append(Column("mark", "", min(marks, 10), _mark, False))
    chosen.append(Column("last", "LAST", max(room_for_last, 9), _last))
    chosen.append(Column("change", change_title(rows), 9, _change))
    stale = any(row.quote.stale for row in rows if row.quote)
    least = 9 if stale else 6
    left = width - 2 - sum(column.width + 1 for column in chosen)
    wide = max(room_for_last, 9)
    extras = [
        Column("age", "AGE", 4, _age),
        Column("bid", "BID", wide, _figure("bid")),
        Column("ask", "ASK", wide, _figure("ask")),
        Column("volume", "VOL", 6, _volume),
        Column("spread", "SPREAD", 8, _spread),
        Column("source", "SOURCE", 10, _source, False),
    ]
    taken: list[Column] = []
    spark = min(max(least, 8), left - 1) if left > least else 0
    left -= spark + 1 if spark else 0
    for extra in extras:
        if left < extra.width + 1:
            break
        taken.append(extra)
        left -= extra.width + 1
    if spark:
        chosen.append(Column("spark", "DAY", min(spark + left, 24), _spark, False))
    return chosen + taken


def change_title(rows: Sequence[Row]) -> str:
    """What the change is since, when it is the same for all: `24H %`, `CLOSE %`, `17NY %`."""
    since = {kind(row.quote) for row in rows if row.quote}
    return {
        frozenset({AssetClass.crypto}): "24H %",
        frozenset({AssetClass.equity}): "CLOSE %",
        frozenset({AssetClass.fx}): "17NY %",
    }.get(frozenset(since), "CHG %")


def kind(quote: Quote) -> AssetClass:
    """What kind of instrument a symbol's spelling says it is."""
    symbol = quote.symbol.removeprefix("SIM:")
    if "-" in symbol:
        return AssetClass.crypto
    if len(symbol) == 6 and symbol.isalpha() and symbol[3:] == quote.currency:
        return AssetClass.fx
    return AssetClass.equity


def since(quote: Quote) -> str:
    """What a quote's change is measured from, in words."""
    return {
        AssetClass.crypto: "24 h ago",
        AssetClass.fx: "17:00 New York",
    }.get(kind(quote), "previous close")


def header(chosen: Sequence[Column]) -> str:
    """The titles over their columns."""
    return "  " + " ".join(fit(c.title, c.width, right=c.right) for c in chosen)
