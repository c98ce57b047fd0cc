"""How the trade journal prints."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from tio.api.journal import Expectancy, ExpectancyReport, Trade, TradeStory
from tio.commands.printing import print_csv, print_table, say
from tio.draw import trades
from tio.draw.amounts import average_price, money, quantity

_RIGHT = frozenset(
    {"QTY", "IN", "OUT", "HELD", "GAIN", "R", "MAE", "MFE", "N", "MEAN", "FACTOR", "PRICE"}
)
_TRADE = (
    *("id", "symbol", "account", "side", "quantity", "left", "currency", "entry", "exit"),
    *("opened_at", "closed_at", "gain", "setup", "idea", "stop", "target", "plan", "risk", "r"),
    *("paper", "marked", "rating", "notes"),
)
_GROUP = tuple(Expectancy.__struct_fields__)


def print_trades(found: Sequence[Trade], *, csv: bool) -> None:
    """The newest first."""
    if csv:
        columns = (*_TRADE, "adverse", "favourable", "excursion_of")
        print_csv(columns, [_cells(each) for each in found])
        return
    if not found:
        say("no trade yet: a buy and the sale that closes it make one")
        return
    header = (
        *("TRADE", "OPENED", "SYMBOL", "SIDE", "QTY", "IN", "OUT", "HELD", "GAIN", "R"),
        *("MAE", "MFE", "SETUP", ""),
    )
    rows = [
        (
            each.id,
            f"{each.opened_at:%Y-%m-%d %H:%M}",
            each.symbol,
            trades.side(each),
            quantity(each.quantity),
            average_price(each.entry),
            average_price(each.exit),
            trades.held(each),
            money(each.gain, each.base, sign=True),
            trades.r(each.r),
            trades.went(each.excursion, adverse=True),
            trades.went(each.excursion, adverse=False),
            each.setup,
            trades.mark(each),
        )
        for each in found
    ]
    print_table(header, rows, _RIGHT)
    say(f"gains in {found[0].base}; times in UTC; MAE and MFE in R where a stop was planned")


def print_story(told: TradeStory) -> None:
    """One trade whole."""
    trade, currency = told.trade, told.trade.base
    print(f"{trade.id}  {trades.said(trade)}  {trades.mark(trade)}".rstrip())
    excursion = trade.excursion
    lines = [
        ("held", trades.held(trade)),
        ("gain", f"{money(trade.gain, currency, sign=True)} {currency}  {trades.r(trade.r)}"),
        ("plan", trades.plan(trade)),
        ("risk", "–" if trade.risk is None else f"{money(trade.risk, currency)} {currency}"),
        ("against it", trades.went(excursion, adverse=True)),
        ("its way", trades.went(excursion, adverse=False)),
        ("told by", "–" if excursion is None else trades.of_bars(excursion)),
        ("setup", trade.setup or "–"),
        ("idea", trade.idea or "–"),
        ("orders", ", ".join(trade.orders) or "–"),
        ("tags", ", ".join(trade.tags) or "–"),
        ("rating", "★" * trade.rating or "–"),
    ]
    for name, text in lines:
        print(f"  {name:<12}{text}")
    for line in trade.notes.splitlines():
        print(f"  | {line}")
    print()
    rows = [
        (
            f"{step.at:%Y-%m-%d %H:%M:%S}",
            step.side.value,
            quantity(step.quantity),
            average_price(step.price),
            "" if step.gain is None else money(step.gain, currency, sign=True),
            step.entry,
        )
        for step in told.steps
    ]
    print_table(("AT", "SIDE", "QTY", "PRICE", "GAIN", "ENTRY"), rows, _RIGHT)


def print_expectancy(told: ExpectancyReport, *, csv: bool) -> None:
    """All trades, then each group."""
    groups = [*([] if told.all is None else [told.all]), *told.groups]
    if csv:
        print_csv(_GROUP, [[_text(getattr(each, name)) for name in _GROUP] for each in groups])
        return
    if not groups:
        say("no trade is closed yet; open ones prove nothing")
        return
    header = (told.by.value.upper(), "N", "WINS", "MEAN", "R", "FACTOR", "GAIN", "")
    rows = [
        (
            each.group,
            f"{each.trades:,}",
            trades.rate(each),
            _mean(each),
            trades.mean(each),
            "–" if each.profit_factor is None else f"{each.profit_factor:.2f}",
            money(each.gain, told.currency, sign=True),
            trades.verdict(each),
        )
        for each in groups
    ]
    print_table(header, rows, _RIGHT)
    say(f"money in {told.currency}; brackets hold 95 %; hours and days of {ZoneInfo(told.zone)}")
    if told.marked:
        say(f"{told.marked} filled on delayed data are left out")
    if told.open:
        say(f"{told.open} still open are left out")


def _mean(told: Expectancy) -> str:
    return f"{told.mean:+,.2f}".replace("-", "−")


def _cells(trade: Trade) -> list[str]:
    gone = trade.excursion
    cells = [_text(getattr(trade, name)) for name in _TRADE]
    if gone is None:
        return [*cells, "", "", ""]
    return [*cells, _text(gone.adverse), _text(gone.favourable), trades.of_bars(gone)]


def _text(value: object) -> str:
    return "" if value is None else str(value)
