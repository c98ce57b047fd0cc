"""orders: paper orders listed, placed, changed and cancelled; fills and tickets."""

from typing import Annotated

import typer

from tio.commands import options, order_acts
from tio.commands.portfolio import Portfolio

Side = Annotated[
    str, typer.Argument(help="buy or sell", autocompletion=options.among("buy", "sell"))
]
Quantity = Annotated[str, typer.Argument(metavar="QUANTITY", help="Shares, coins or contracts.")]
OfSymbol = Annotated[str, typer.Option("--symbol", "-s", autocompletion=options.symbols)]
Price = Annotated[str, typer.Option(metavar="PRICE")]
TimeInForce = Annotated[
    str, typer.Option(help="day or gtc.", autocompletion=options.among("day", "gtc"))
]
Trail = Annotated[str, typer.Option(metavar="AMOUNT", help="Follows by 1.50, or by 2%.")]

group = typer.Typer(
    name="orders",
    help="Orders on paper, filled by the market that is heard.\n\n"
    "Example: tio orders place buy AAPL 10 --limit 187.20 --stop-loss 180 --target 200",
    invoke_without_command=True,
)


def join(cli: typer.Typer) -> None:
    order_acts.join(group)
    cli.add_typer(group)


@group.callback()
def orders(
    context: typer.Context,
    symbol: OfSymbol = "",
    everything: Annotated[bool, typer.Option("--all", help="Those that ended too.")] = False,
    portfolio: Portfolio = "",
    limit: Annotated[int, typer.Option(help="So many, the newest.")] = 200,
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """Working paper orders: how far the market is, how old they are, why they wait.

    Example: tio orders --all --symbol AAPL
    """
    if not options.own(context, portfolio, workspace):
        return
    from tio.api.system import GetHealth
    from tio.api.trading import ListOrders
    from tio.commands import order_tables, portfolio_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    chosen = options.chosen(workspace)
    name = portfolio_tables.chosen(portfolio, chosen)
    now = ask(GetHealth(), chosen).now
    found = ask(ListOrders(name, symbol, not everything, limit), chosen)
    print_json(found) if json else order_tables.print_listed(found, now, csv=csv)


@group.command()
def place(
    side: Side,
    symbol: options.Symbol,
    quantity: Quantity,
    limit: Price = "",
    stop: Price = "",
    trail: Trail = "",
    target: Annotated[str, typer.Option(metavar="PRICE", help="Bracket: take the gain.")] = "",
    stop_loss: Annotated[str, typer.Option(metavar="PRICE", help="Bracket: end the loss.")] = "",
    stop_loss_limit: Annotated[str, typer.Option(metavar="PRICE", help="… at no worse.")] = "",
    stop_loss_trail: Annotated[str, typer.Option(metavar="AMOUNT", help="… following.")] = "",
    oco_limit: Annotated[
        str, typer.Option(metavar="PRICE", help="Beside it another that it cancels.")
    ] = "",
    oco_stop: Price = "",
    tif: TimeInForce = "day",
    extended: Annotated[
        bool, typer.Option("--extended", help="Before and after the session too.")
    ] = False,
    reduce: Annotated[bool, typer.Option("--reduce", help="Only close what is held.")] = False,
    short: Annotated[bool, typer.Option("--short", help="May sell what is not held.")] = False,
    setup: Annotated[
        str, typer.Option(metavar="NAME", help="What you call such a trade, for the journal.")
    ] = "",
    preview: Annotated[
        bool, typer.Option("--preview", help="Say what it would come to; place nothing.")
    ] = False,
    portfolio: Portfolio = "",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """Place an order: at the market, or as its prices say. PAPER: nothing real is traded.

    Examples:
      tio orders place buy AAPL 10
      tio orders place buy AAPL 10 --limit 187.20 --stop-loss 180 --target 200
      tio orders place sell AAPL 10 --limit 200 --oco-stop 180 --tif gtc
      tio orders place sell BTC-USD 0.5 --trail 2% --tif gtc
    """
    from tio.api.trading import PlaceOrder, PreviewOrder
    from tio.commands import order_tables, order_words, portfolio_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    fields = order_words.order_fields(
        {
            "limit": limit,
            "stop": stop,
            "trail": trail,
            "target": target,
            "stop_loss": stop_loss,
            "stop_loss_limit": stop_loss_limit,
            "stop_loss_trail": stop_loss_trail,
            "oco_limit": oco_limit,
            "oco_stop": oco_stop,
            "tif": tif,
            "setup": setup,
        },
        flags={"extended_hours": extended, "reduce_only": reduce, "short": short},
    )
    chosen = options.chosen(workspace)
    name = portfolio_tables.chosen(portfolio, chosen)
    words = side, symbol, quantity
    if preview:
        seen = ask(order_words.asked(PreviewOrder, name, words, fields), chosen)
        print_json(seen) if json else order_tables.print_preview(seen)
        return
    made = ask(order_words.asked(PlaceOrder, name, words, fields), chosen)
    print_json(made) if json else order_tables.print_orders(made, csv=csv)
    order_acts.say_unwatched(chosen)


@group.command()
def replace(
    id: order_acts.Id,
    quantity: Annotated[str, typer.Option(metavar="NUMBER")] = "",
    limit: Price = "",
    stop: Price = "",
    trail: Trail = "",
    tif: TimeInForce = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Change a working order; what is not told stays.

    Example: tio orders replace p12 --limit 188
    """
    from tio.commands import order_tables, order_words
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    told = {"quantity": quantity, "limit": limit, "stop": stop, "trail": trail, "tif": tif}
    made = ask(order_words.change(id, told), options.chosen(workspace))
    print_json(made) if json else order_tables.print_orders((made,), csv=False)


@group.command()
def fills(
    symbol: OfSymbol = "",
    portfolio: Portfolio = "",
    limit: Annotated[int, typer.Option(help="So many, the newest.")] = 200,
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """What paper orders bought and sold, newest first, and by which source.

    Example: tio orders fills --symbol AAPL --csv
    """
    from tio.api.trading import ListFills
    from tio.commands import order_tables, portfolio_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    chosen = options.chosen(workspace)
    found = ask(ListFills(portfolio_tables.chosen(portfolio, chosen), symbol, limit), chosen)
    print_json(found) if json else order_tables.print_fills(found, csv=csv)


@group.command()
def ticket(
    side: Side,
    symbol: options.Symbol,
    entry: Annotated[str, typer.Option(metavar="PRICE", help="Else the market's.")] = "",
    stop: Price = "",
    atr: Annotated[str, typer.Option(help="Stop so many average true ranges away; 2.")] = "",
    swing: Annotated[str, typer.Option(help="Stop beyond the extreme of so many bars.")] = "",
    risk: Annotated[str, typer.Option(help="What the stop may cost: 500, or 1%.")] = "1%",
    timeframe: options.Timeframe = "1d",
    portfolio: Portfolio = "",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """How much to take for a risk, what it costs, where it is left; nothing is placed.

    Example: tio orders ticket buy AAPL --atr 2 --risk 0.5%
    """
    from tio.commands import order_tables, order_words, portfolio_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    chosen = options.chosen(workspace)
    name = portfolio_tables.chosen(portfolio, chosen)
    told = {"entry": entry, "stop": stop, "atr": atr, "swing": swing, "risk": risk}
    asked = order_words.ticket(name, side, symbol, told | {"timeframe": timeframe})
    found = ask(asked, chosen)
    print_json(found) if json else order_tables.print_ticket(found, csv=csv)
