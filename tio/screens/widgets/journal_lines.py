"""How trades read: one on a line, the one stood on in full, and what all of them prove."""

from collections.abc import Sequence
from datetime import tzinfo

from tio.api.journal import Expectancy, ExpectancyReport, Trade, TradeStory
from tio.draw import trades
from tio.draw.amounts import average_price, money, quantity
from tio.screens.widgets.columned import Cell, Column, columned
from tio.screens.widgets.lines import Line

Table = tuple[Line, list[Line]]
HIDDEN = "•••"
_TRADES = (
    Column("OPENED", 1, right=False),
    Column("SYMBOL", right=False),
    Column("SIDE", right=False),
    Column("QTY", 5),
    Column("IN", 4),
    Column("OUT", 4),
    Column("HELD", 6),
    Column("GAIN"),
    Column("R"),
    Column("MAE", 2),
    Column("MFE", 2),
    Column("SETUP", 3, right=False, gives=True),
    Column("★", 7, right=False),
    Column("", 8, right=False),
)
_GROUPS = (
    Column("GROUP", right=False),
    Column("N"),
    Column("WINS", right=False),
    Column("MEAN R", right=False),
    Column("MEAN", 2),
    Column("FACTOR", 1),
    Column("GAIN", 3),
    Column("", right=False),
)


def trade_table(found: Sequence[Trade], width: int, zone: tzinfo, *, hidden: bool) -> Table:
    """The newest first."""
    return columned(_TRADES, [_trade(each, zone, hidden) for each in found], width)


def _trade(each: Trade, zone: tzinfo, hidden: bool) -> list[Cell]:
    rise = tone(float(each.gain))
    ink = "text" if each.closed_at is not None else "muted"
    return [
        (f"{each.opened_at.astimezone(zone):%y-%m-%d %H:%M}", "muted"),
        (each.symbol, ink),
        (trades.side(each), ink),
        (quantity(each.quantity, hidden=hidden), ink),
        (average_price(each.entry), ink),
        ("open" if each.closed_at is None else average_price(each.exit), ink),
        ("" if each.closed_at is None else trades.held(each), "muted"),
        (_gain(each, hidden), rise),
        (trades.r(each.r), rise if each.r is not None else "muted"),
        (trades.went(each.excursion, adverse=True), ink),
        (trades.went(each.excursion, adverse=False), ink),
        (each.setup, "accent"),
        ("★" * each.rating, "accent"),
        (trades.mark(each), "muted"),
    ]


def _gain(each: Trade, hidden: bool) -> str:
    if each.closed_at is None and not each.gain:
        return "–"
    return money(each.gain, each.base, sign=True, hidden=hidden)


def story_lines(
    told: TradeStory, zone: tzinfo, *, hidden: bool, portfolio: tzinfo | None = None
) -> list[Line]:
    """One trade in full."""
    trade, gone = told.trade, told.trade.excursion
    base, rise = trade.base, tone(float(trade.gain))
    gain = money(trade.gain, base, sign=True, hidden=hidden)
    rows: list[tuple[str, str, str]] = [
        ("held", _held(trade, zone), "text"),
        ("gain", f"{gain} {base}  {trades.r(trade.r)}", rise),
        ("plan", trades.plan(trade), "text"),
    ]
    if trade.risk is not None:
        risk = money(trade.risk, base, hidden=hidden)
        rows.append(("risk", f"{risk} {base}", "text"))
    if gone is not None:
        against, way = (trades.went(gone, adverse=each) for each in (True, False))
        rows.append(("went", f"{against} against it, {way} its way", "text"))
        rows.append(("", trades.of_bars(gone), "muted"))
    for name, words in (
        ("setup", trade.setup),
        ("idea", trade.idea),
        ("orders", ", ".join(trade.orders)),
        ("tags", ", ".join(trade.tags)),
        ("rating", "★" * trade.rating),
    ):
        if words:
            rows.append((name, words, "text"))
    lines: list[Line] = [[(f"{name:<8}", "muted"), (words, ink)] for name, words, ink in rows]
    for step in told.steps:
        at = f"{step.at.astimezone(zone):%y-%m-%d %H:%M}"
        words = (
            f"{at} {step.side.value} {quantity(step.quantity, hidden=hidden)}"
            f" at {average_price(step.price)}"
        )
        part = "" if step.gain is None else f"  {money(step.gain, base, sign=True, hidden=hidden)}"
        inks = "muted" if step.gain is None else tone(float(step.gain))
        lines.append([("        ", "muted"), (words, "text"), (part, inks)])
    lines += [
        [("note    " if not n else "        ", "muted"), (text, "text")]
        for n, text in enumerate(trade.notes.splitlines())
    ]
    return lines


def _held(trade: Trade, zone: tzinfo) -> str:
    begun = f"{trade.opened_at.astimezone(zone):%Y-%m-%d %H:%M %Z}"
    if trade.closed_at is None:
        return f"since {begun}, {quantity(trade.left)} left"
    return f"{trades.held(trade)}, {begun} to {trade.closed_at.astimezone(zone):%Y-%m-%d %H:%M}"


def expectancy_table(told: ExpectancyReport, width: int, *, hidden: bool) -> Table:
    """All trades, then each group."""
    groups = [*([] if told.all is None else [told.all]), *told.groups]
    rows = [_group(each, told.currency, hidden) for each in groups]
    head, lines = columned(_GROUPS, rows, width)
    title = told.by.value.upper()
    (text, ink), *rest = head
    return [(f"{title:<5}"[: max(len(title), 5)] + text[max(len(title), 5) :], ink), *rest], lines


def _group(each: Expectancy, currency: str, hidden: bool) -> list[Cell]:
    ink = tone(each.mean_r if each.mean_r is not None else each.mean) if each.enough else "text"
    mean = HIDDEN if hidden else f"{each.mean:+,.2f}".replace("-", "−")
    return [
        (f"{each.group:<6}", "text"),
        (f"{each.trades:,}", "text"),
        (trades.rate(each), "text"),
        (trades.mean(each), ink),
        (mean, ink),
        ("–" if each.profit_factor is None else f"{each.profit_factor:.2f}", "text"),
        (money(each.gain, currency, sign=True, hidden=hidden), tone(float(each.gain))),
        (trades.verdict(each), "muted"),
    ]


def tone(value: float) -> str:
    return "text" if not value else "rise" if value > 0 else "fall"
