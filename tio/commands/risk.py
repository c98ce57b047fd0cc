"""risk: of a portfolio, what would cost it what, limits; correlation, size of a position."""

from typing import Annotated

import typer

from tio.commands import options
from tio.commands.chart import Colour
from tio.commands.portfolio import Portfolio

WINDOWS = (
    *("black-monday", "dotcom", "gfc", "flash-crash", "euro"),
    *("yuan", "volmageddon", "rates", "covid", "inflation"),
)
Benchmark = Annotated[
    str, typer.Option(help="What beta is told to, as SPY.", autocompletion=options.symbols)
]

group = typer.Typer(
    name="risk",
    help="Risk: of a portfolio, stress, limits, correlation, size.\n\n"
    "Example: tio risk report --benchmark SPY",
    no_args_is_help=True,
)


def join(cli: typer.Typer) -> None:
    cli.add_typer(group)


@group.command()
def correlation(
    symbols: options.SymbolList,
    timeframe: options.Timeframe = "1d",
    window: Annotated[int, typer.Option(help="The newest so many returns.")] = 250,
    method: Annotated[
        str,
        typer.Option(
            help="pearson, spearman (ranks), shrunk (Ledoit–Wolf) or ewma (forgets)",
            autocompletion=options.among("pearson", "spearman", "shrunk", "ewma"),
        ),
    ] = "pearson",
    rolling: Annotated[int, typer.Option(help="Two symbols over time, so many returns each.")] = 0,
    adjusted: options.Adjusted = "split",
    width: Annotated[int, typer.Option(help="Columns; 0: the terminal's.")] = 0,
    colour: Colour = "auto",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """How returns move together: −1 against each other, 0 unrelated, +1 as one.

    Example: tio risk correlation AAPL MSFT SPY BTC-USD --window 250 --method shrunk
    """
    from tio.commands import chart_print, risk_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    asked = risk_tables.correlation_request(symbols, timeframe, window, method, rolling, adjusted)
    paper = chart_print.paper("blocks", width, 0, colour, "", "")
    found = ask(asked, options.chosen(workspace))
    if json:
        print_json(found)
    elif csv:
        risk_tables.print_correlation_csv(found)
    else:
        risk_tables.print_correlation(found, paper)


@group.command()
def size(
    equity: Annotated[str, typer.Option(help="The account's net value.")],
    entry: Annotated[str, typer.Option(help="The price to get in.")],
    stop: Annotated[str, typer.Option(help="The price to get out, wrong.")] = "",
    risk: Annotated[str, typer.Option(help="What the stop may cost: 500, or 1% of equity.")] = "",
    method: Annotated[
        str,
        typer.Option(
            help="risk, fraction, volatility or kelly",
            autocompletion=options.among("risk", "fraction", "volatility", "kelly"),
        ),
    ] = "risk",
    short: Annotated[bool, typer.Option("--short", help="A short position.")] = False,
    percent: Annotated[str, typer.Option(help="fraction: of equity to hold.")] = "",
    volatility: Annotated[str, typer.Option(help="volatility: its own, % a year.")] = "",
    target: Annotated[str, typer.Option(help="volatility: to have of equity, % a year.")] = "",
    win_rate: Annotated[str, typer.Option(help="kelly: wins, e.g. 55%.")] = "",
    payoff: Annotated[str, typer.Option(help="kelly: mean win per mean loss.")] = "",
    trades: Annotated[int, typer.Option(help="kelly: trades on record.")] = 0,
    results: Annotated[str, typer.Option(help="kelly: each trade's R, e.g. 1.5,-1,2.")] = "",
    kelly_share: Annotated[str, typer.Option(help="kelly: the part of it to take.")] = "0.5",
    confidence: Annotated[float, typer.Option(help="kelly: of the edge's lower bound.")] = 0.95,
    lot: Annotated[str, typer.Option(help="The least step of quantity.")] = "1",
    multiplier: Annotated[str, typer.Option(help="Units of price a unit of quantity is.")] = "1",
    rate: Annotated[str, typer.Option(help="Equity's currency for one of the price's.")] = "1",
    buying_power: Annotated[
        str, typer.Option(help="The most the position may be worth; none: equity.")
    ] = "",
    atr: Annotated[str, typer.Option(help="Average true range: what a gap may cost.")] = "",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """How much to take, in whole lots: by the risk to the stop, a share, volatility or an edge.

    Example: tio risk size --equity 100000 --entry 187.20 --stop 181 --risk 1% --atr 3.4
    """
    from tio.commands import risk_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    asked = risk_tables.size_request(
        {
            "equity": equity,
            "entry": entry,
            "stop": stop,
            "percent": percent,
            "volatility_percent": volatility,
            "target_percent": target,
            "kelly_share": kelly_share,
            "lot": lot,
            "multiplier": multiplier,
            "rate": rate,
            "buying_power": buying_power,
            "atr": atr,
        },
        risk_tables.Record(win_rate, payoff, trades, results, confidence),
        method,
        risk,
        short=short,
    )
    found = ask(asked, options.chosen(workspace))
    print_json(found) if json else risk_tables.print_size(found, csv=csv)


@group.command()
def report(
    portfolio: Portfolio = "",
    confidence: Annotated[float, typer.Option(help="Beside 0.95 and 0.99.")] = 0.95,
    horizon: Annotated[int, typer.Option(help="Days, beside 1 and 10.")] = 1,
    window: Annotated[int, typer.Option(help="The newest so many daily returns.")] = 750,
    benchmark: Benchmark = "",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """What a portfolio risks: exposure, worst days and whose they are, limits.

    Example: tio risk report --benchmark SPY
    """
    from tio.api.portfolio_risk import GetRisk
    from tio.commands import portfolio_tables, risk_report
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    chosen = options.chosen(workspace)
    name = portfolio_tables.chosen(portfolio, chosen)
    found = ask(GetRisk(name, confidence, horizon, window, benchmark), chosen)
    print_json(found) if json else risk_report.print_report(found, csv=csv)


@group.command()
def stress(
    shock: Annotated[
        list[str] | None,
        typer.Option(help="AAPL=-20%, USD=-5%, crypto=-30% or market=-10%; again for more."),
    ] = None,
    window: Annotated[
        str,
        typer.Option(
            help="gfc, covid …, or START..END; without it and shocks all named ones.",
            autocompletion=options.among(*WINDOWS),
        ),
    ] = "",
    portfolio: Portfolio = "",
    benchmark: Benchmark = "",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """What shocks, or the past lived through again, would cost what is held today.

    Example: tio risk stress --shock market=-10% --shock AAPL=-25% --benchmark SPY
    """
    from tio.api.stress import StressWindows
    from tio.commands import portfolio_tables, risk_report
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    chosen = options.chosen(workspace)
    name = portfolio_tables.chosen(portfolio, chosen)
    if not shock and not window:
        all_told = ask(StressWindows(name, benchmark), chosen)
        print_json(all_told) if json else risk_report.print_windows(all_told, csv=csv)
        return
    asked = risk_report.stress_request(name, shock or (), window, benchmark)
    found = ask(asked, chosen)
    print_json(found) if json else risk_report.print_stress(found, csv=csv)


@group.command()
def limits(
    position: Annotated[str, typer.Option(help="Largest position, % of net value.")] = "",
    loss: Annotated[str, typer.Option(help="Loss of a day, %.")] = "",
    gross: Annotated[str, typer.Option(help="All positions' sizes, %.")] = "",
    heat: Annotated[str, typer.Option(help="What all stops would cost, %.")] = "",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """Limits of risk, set where told, `none` taking one away; every portfolio is held to them.

    Example: tio risk limits --position 25 --loss 3 --gross 150
    """
    from tio.api.limits import GetRiskLimits
    from tio.commands import risk_report
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    chosen = options.chosen(workspace)
    asked = risk_report.limits_request(
        {"position": position, "day_loss": loss, "gross": gross, "heat": heat}
    )
    found = ask(asked or GetRiskLimits(), chosen)
    print_json(found) if json else risk_report.print_limits(found, csv=csv)
