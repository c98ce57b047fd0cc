"""orders cancel, cancel-all, flatten, reverse, break-even: what is done in one stroke."""

from typing import TYPE_CHECKING, Annotated

import typer

from tio.commands import options
from tio.commands.portfolio import Portfolio

if TYPE_CHECKING:
    from tio.api.contract import Request
    from tio.api.orders import Order

Id = Annotated[str, typer.Argument(metavar="ORDER", help="As `tio orders` tells it, p12.")]
AnySymbol = Annotated[str, typer.Argument(autocompletion=options.symbols)]


def join(group: typer.Typer) -> None:
    for name, command in (
        ("cancel", cancel),
        ("cancel-all", cancel_all),
        ("flatten", flatten),
        ("reverse", reverse),
        ("break-even", break_even),
    ):
        group.command(name)(command)


def cancel(
    ids: Annotated[list[str], typer.Argument(metavar="ORDER...", help="As p12.")],
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """End working orders, and what waits for them.

    Example: tio orders cancel p12 p13.stop
    """
    from tio.api.trading import CancelOrder
    from tio.commands import order_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    made = [ask(CancelOrder(id), options.chosen(workspace)) for id in ids]
    print_json(made) if json else order_tables.print_orders(made, csv=False)


def cancel_all(
    symbol: AnySymbol = "",
    side: Annotated[str, typer.Option(help="buy or sell.")] = "",
    portfolio: Portfolio = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """End every working order, of one symbol or side where told; positions stay.

    Example: tio orders cancel-all AAPL
    """
    from tio.api.trading import CancelOrders
    from tio.commands.order_words import side_named

    chosen, name = _where(portfolio, workspace)
    _do(CancelOrders(name, symbol, side_named(side) if side else None), chosen, json=json)


def flatten(
    symbol: AnySymbol = "",
    portfolio: Portfolio = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Cancel a symbol's orders and close it at the market; without a symbol everything.

    Example: tio orders flatten AAPL
    """
    from tio.api.trading import FlattenPosition

    chosen, name = _where(portfolio, workspace)
    _do(FlattenPosition(name, symbol), chosen, json=json)


def reverse(
    symbol: options.Symbol,
    portfolio: Portfolio = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Turn a position round at the market.

    Example: tio orders reverse AAPL
    """
    from tio.api.trading import ReversePosition

    chosen, name = _where(portfolio, workspace)
    _do(ReversePosition(name, symbol), chosen, json=json)


def break_even(
    symbol: options.Symbol,
    portfolio: Portfolio = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Move a position's stops to its average cost; without any, place one there.

    Example: tio orders break-even AAPL
    """
    from tio.api.trading import StopToBreakEven

    chosen, name = _where(portfolio, workspace)
    _do(StopToBreakEven(name, symbol), chosen, json=json)


def say_unwatched(workspace: str) -> None:
    """Say so where no engine stays behind to hear the market."""
    from tio.commands.printing import say
    from tio.paths import Paths

    if not Paths.find().workspace(workspace).socket.exists():
        say("nobody hears the market for it now: `tio daemon start` keeps an engine running")


def _where(portfolio: str, workspace: str) -> tuple[str, str]:
    from tio.commands import portfolio_tables

    chosen = options.chosen(workspace)
    return chosen, portfolio_tables.chosen(portfolio, chosen)


def _do(asked: "Request[tuple[Order, ...]]", workspace: str, *, json: bool) -> None:
    from tio.commands import order_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    made = ask(asked, workspace)
    print_json(made) if json else order_tables.print_orders(made, csv=False)
    say_unwatched(workspace)
