"""brief: the analyst's report on one symbol, by rules."""

from typing import Annotated

import typer

from tio.commands import options


def join(cli: typer.Typer) -> None:
    cli.command()(brief)


def brief(
    symbol: options.Symbol,
    depth: Annotated[
        str, typer.Option(help="short or full.", autocompletion=options.among("short", "full"))
    ] = "short",
    at: Annotated[str, typer.Option(help="As of this past time, e.g. …T14:30Z.")] = "",
    markdown: options.Markdown = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Trend, levels, volatility, what is ahead and what is yours of one symbol, by rules.

    Example: tio brief AAPL --depth full
    """
    from tio.api.analyst import Brief, Depth
    from tio.api.errors import Invalid
    from tio.commands.asking import ask
    from tio.commands.bar_tables import moment_of
    from tio.commands.report_print import print_report

    if depth not in (each.value for each in Depth):
        raise Invalid(f"there is no depth {depth[:20]!r}", "short or full")
    asked = Brief(symbol, Depth(depth), moment_of(at, "--at"))
    print_report(ask(asked, options.chosen(workspace)), json=json, markdown=markdown)
