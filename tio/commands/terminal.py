"""The terminal itself: tio, demo, attach, open, go."""

import sys
from typing import Annotated

import typer

from tio.commands import options
from tio.commands.desk import run_desk

Link = Annotated[str, typer.Option("--link", help="Follow link group A, B, C or D.")]


def join(cli: typer.Typer) -> None:
    for command in (demo, attach, go):
        cli.command()(command)
    cli.command("open")(open_screen)


def desk(workspace: str) -> None:
    """`tio` alone: the Desk, or its figures once where there is no terminal."""
    run_desk(options.chosen(workspace))


def demo(
    symbols: Annotated[int | None, typer.Option(help="Instruments: 1 to 2,000.")] = None,
    rate: Annotated[float | None, typer.Option(help="Ticks a second: 1 to 20,000.")] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed, the same market.")] = None,
) -> None:
    """A simulated market: no network, no keys, every price marked SIM.

    Example: tio demo --symbols 500 --rate 2000
    """
    from tio.commands.loading import demo_load

    run_desk("demo", config=demo_load(symbols, rate, seed))


def attach(workspace: options.Workspace = "", link: Link = "") -> None:
    """A terminal on an engine that is running already.

    Example: tio attach --workspace demo
    """
    from tio.commands.asking import demand_engine

    chosen = options.chosen(workspace)
    demand_engine(chosen)
    run_desk(chosen, link=link)


def go(
    words: Annotated[list[str], typer.Argument(help="As on the command line: AAPL GP 1d")],
    workspace: options.Workspace = "",
) -> None:
    """Open tio at what the command line would open; where nobody looks, answer a question.

    Example: tio go BTC-USD GP 1h
    """
    line = " ".join(words)
    if line.endswith("?") and not (sys.stdin.isatty() and sys.stdout.isatty()):
        from tio.commands.ask import ask

        ask([line], workspace=workspace)
        return
    run_desk(options.chosen(workspace), line=line)


def open_screen(
    screen: Annotated[str, typer.Argument(help="desk or chart")],
    symbol: Annotated[str, typer.Argument(autocompletion=options.symbols)] = "",
    link: Link = "",
    workspace: options.Workspace = "",
) -> None:
    """Open one screen, in a link group if you like.

    Example: tio open chart --link A
    """
    from tio.api.errors import Invalid

    if screen not in ("desk", "chart", "system"):
        raise Invalid(f"there is no screen {screen!r}", "desk, chart or system")
    if link not in ("", "A", "B", "C", "D"):
        raise Invalid(f"there is no link group {link!r}", "A, B, C or D")
    run_desk(options.chosen(workspace), screen=screen, symbol=symbol, link=link)
