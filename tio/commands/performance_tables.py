"""How a portfolio's performance prints."""

from datetime import date
from math import isnan

from tio.api.performance import Performance
from tio.commands.printing import print_csv, print_table, say
from tio.draw.amounts import MINUS

_RIGHT = frozenset({"DEPTH", "DAYS", "GAIN", "INCOME", "SHARE"})


def print_performance(told: Performance, *, csv: bool) -> None:
    """Figures in two columns, then the deepest declines and who contributed."""
    if csv:
        _csv(told)
        return
    print(f"{told.portfolio}  {told.start} to {told.end}")
    for name, value in _figures(told):
        print(f"  {name:<26}{value:>18}")
    if told.declines:
        print()
        rows = [
            (_percent(d.depth), str(d.peak), str(d.trough), _day(d.recovered), str(d.days))
            for d in told.declines[:5]
        ]
        print_table(("DEPTH", "PEAK", "TROUGH", "RECOVERED", "DAYS"), rows, _RIGHT)
    if told.contributions:
        print()
        parts = [
            (c.symbol, _money(c.gain), _money(c.income), _percent(c.share))
            for c in told.contributions[:20]
        ]
        print_table(("SYMBOL", "GAIN", "INCOME", "SHARE"), parts, _RIGHT)
    for lack in told.lacks:
        say(f"not known: {lack}")
    if told.volatility is None and told.time_weighted is not None:
        say("measures of risk take ten returns at least: a handful of days proves nothing")
    if told.untold:
        days = f"{told.untold} day{'' if told.untold == 1 else 's'}"
        say(f"{days} gained or lost on nothing put in, which no return tells")


def _figures(told: Performance) -> list[tuple[str, str]]:
    figures = [
        ("worth", f"{_money(told.end_value)} {told.currency}"),
        ("put in", _money(told.put_in)),
        ("taken out", _money(told.taken_out)),
        ("gain", _money(told.gain)),
        ("simple return", _percent(told.simple)),
        ("time-weighted", _percent(told.time_weighted)),
        ("  a year", _percent(told.annual)),
        ("money-weighted, a year", _percent(told.money_weighted)),
        ("volatility, a year", _percent(told.volatility)),
        ("Sharpe", _number(told.sharpe)),
        ("Sortino", _number(told.sortino)),
        ("Calmar", _number(told.calmar)),
        ("Omega", _number(told.omega)),
    ]
    if told.benchmark:
        figures += [
            (f"{told.benchmark}", _percent(told.benchmark_return)),
            ("beta", _number(told.beta)),
            ("alpha, a year", _percent(told.alpha)),
            ("correlation", _number(told.correlation)),
            ("tracking error, a year", _percent(told.tracking_error)),
            ("information ratio", _number(told.information_ratio)),
            ("capture, up", _percent(told.up_capture)),
            ("capture, down", _percent(told.down_capture)),
        ]
    return figures


def _csv(told: Performance) -> None:
    header = ["date", "worth", "flow", "growth", "drawdown"]
    columns = [told.nav, told.flow, told.growth, told.drawdown]
    if told.benchmark_growth is not None:
        header.append("benchmark_growth")
        columns.append(told.benchmark_growth)
    days = [date.fromordinal(date(1970, 1, 1).toordinal() + t // 86_400_000_000) for t in told.time]
    rows = zip(days, *columns, strict=True)
    print_csv(
        header, ([str(day), *("" if isnan(v) else repr(v) for v in row)] for day, *row in rows)
    )


def _money(value: float | None) -> str:
    return "–" if value is None else f"{value:,.2f}".replace("-", MINUS)


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:+.2%}".replace("-", MINUS)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".replace("-", MINUS)


def _day(day: date | None) -> str:
    return "not yet" if day is None else str(day)
