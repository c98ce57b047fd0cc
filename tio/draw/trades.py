"""Trades of the journal in a few words, as they are shown everywhere."""

from datetime import timedelta
from decimal import Decimal
from math import floor, log10

from tio.api.journal import Excursion, Expectancy, PlanSource, Trade
from tio.draw.amounts import MINUS, average_price, quantity, unit_price


def side(trade: Trade) -> str:
    return "long" if trade.side.value == "buy" else "short"


def said(trade: Trade) -> str:
    """A trade in one line: `long 10 AAPL at 187.20, out at 195.00`."""
    out = "still open" if trade.closed_at is None else f"out at {average_price(trade.exit)}"
    amount = quantity(trade.quantity)
    return f"{side(trade)} {amount} {trade.symbol} at {average_price(trade.entry)}, {out}"


def r(value: float | None, *, sign: bool = True) -> str:
    """Multiples of the risk, `–` where none was planned."""
    if value is None:
        return "–"
    value = round(value, 2) or 0.0
    return f"{value:{'+' if sign and value else ''}.2f}R".replace("-", MINUS)


def went(excursion: Excursion | None, *, adverse: bool) -> str:
    """How far against a trade or its way: in R where its risk was planned, else in its price."""
    if excursion is None:
        return "–"
    in_r = excursion.adverse_r if adverse else excursion.favourable_r
    amount = excursion.adverse if adverse else excursion.favourable
    if in_r is not None:
        return r(in_r, sign=False)
    return "–" if amount is None else distance(amount)


def distance(amount: float) -> str:
    """A difference of prices, with as many digits as say something."""
    if not amount:
        return "0"
    places = min(max(3 - floor(log10(amount)), 2), 6) if amount < 100 else 2
    return unit_price(Decimal(repr(amount)).quantize(Decimal(1).scaleb(-places)))


def of_bars(excursion: Excursion) -> str:
    """What the excursion was told by."""
    if excursion.untold:
        return excursion.untold
    if not excursion.bars:
        return "no bar lies wholly within it: its own prices alone"
    frame = "" if excursion.timeframe is None else f" of {excursion.timeframe.value}"
    return f"{excursion.bars:,} bar{'' if excursion.bars == 1 else 's'}{frame}, {excursion.source}"


def held(trade: Trade) -> str:
    """How long, in the largest unit that says something."""
    if trade.closed_at is None:
        return "open"
    return span(trade.closed_at - trade.opened_at)


def span(time: timedelta) -> str:
    seconds = time.total_seconds()
    for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= length:
            return f"{seconds / length:.1f}{unit}".replace(".0", "")
    return f"{seconds:.0f}s"


def plan(trade: Trade) -> str:
    """Stop and target, and where they are from."""
    if trade.plan is PlanSource.none:
        return "nothing was planned"
    parts = [
        f"{name} {average_price(price)}"
        for name, price in (("stop", trade.stop), ("target", trade.target))
        if price is not None
    ]
    source = {
        PlanSource.order: "its orders",
        PlanSource.written: "written by hand",
        PlanSource.both: "its orders, one written by hand",
    }[trade.plan]
    beyond = trade.stop is not None and trade.risk is None
    return f"{', '.join(parts)} ({source}{'; the stop lies beyond the entry' if beyond else ''})"


def mark(trade: Trade) -> str:
    """What is to be known of how it was filled."""
    return "PAPER delayed" if trade.paper and trade.marked else "PAPER" if trade.paper else ""


def rate(told: Expectancy) -> str:
    """The win rate and its interval."""
    low, high = told.win_rate_low, told.win_rate_high
    return f"{told.win_rate:.0%} [{low:.0%}, {high:.0%}]"


def mean(told: Expectancy) -> str:
    """The mean in R with its interval, `–` where no risk was planned."""
    return "–" if told.mean_r is None else f"{r(told.mean_r)}{interval(told)}"


def interval(told: Expectancy) -> str:
    if told.mean_r_low is None or told.mean_r_high is None:
        return ""
    return f" [{r(told.mean_r_low)}, {r(told.mean_r_high)}]"


def verdict(told: Expectancy) -> str:
    """Whether the figures say anything: their interval leaves out zero, or they are too few."""
    if told.mean_low is None:
        return "too few to tell"
    return "" if told.enough else "no edge shown"
