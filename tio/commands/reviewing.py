"""review: a portfolio, its risk, its trade journal, as the analyst's rules see them."""

from typing import TYPE_CHECKING, Annotated

import typer

from tio.commands import options
from tio.commands.portfolio import portfolios

if TYPE_CHECKING:
    from tio.api.analyst import Report
    from tio.api.contract import Request

Name = Annotated[str, typer.Argument(metavar="[NAME]", autocompletion=portfolios)]

group = typer.Typer(
    name="review",
    help="Reviews by rules: of a portfolio, its risk, its trade journal.\n\n"
    "Example: tio review portfolio main",
    no_args_is_help=True,
)


def join(cli: typer.Typer) -> None:
    cli.add_typer(group)


@group.command()
def portfolio(
    name: Name = "",
    at: Annotated[str, typer.Option(help="As of this past time, e.g. …T14:30Z.")] = "",
    markdown: options.Markdown = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """What a portfolio is worth, who brought it, how it is spread, what has no stop.

    Example: tio review portfolio main --markdown review.md
    """
    from tio.api.analyst import ReviewPortfolio
    from tio.commands.bar_tables import moment_of

    moment = moment_of(at, "--at")
    asked = ReviewPortfolio(_chosen(name, workspace), moment)
    _print(asked, markdown=markdown, json=json, workspace=workspace)


@group.command()
def risk(
    name: Name = "",
    markdown: options.Markdown = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Which limit is passed first, how bad a bad day is, stress, what moves together.

    Example: tio review risk main
    """
    from tio.api.analyst import ReviewRisk

    asked = ReviewRisk(_chosen(name, workspace))
    _print(asked, markdown=markdown, json=json, workspace=workspace)


@group.command()
def journal(
    name: Name = "",
    since: Annotated[str, typer.Option(help="Trades opened from this day on.")] = "",
    until: Annotated[str, typer.Option(help="Trades opened until this day.")] = "",
    markdown: options.Markdown = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """What closed trades prove: expectancy with how sure it is, what costs most, plans kept.

    Example: tio review journal main --since 2026-01-01
    """
    from tio.api.analyst import ReviewJournal
    from tio.commands.ledger_words import day

    days = day("--since", since), day("--until", until)
    asked = ReviewJournal(_chosen(name, workspace), *days)
    _print(asked, markdown=markdown, json=json, workspace=workspace)


def _chosen(name: str, workspace: str) -> str:
    from tio.commands import portfolio_tables

    return portfolio_tables.chosen(name, options.chosen(workspace))


def _print(request: "Request[Report]", *, markdown: str, json: bool, workspace: str) -> None:
    from tio.commands.asking import ask
    from tio.commands.report_print import print_report

    print_report(ask(request, options.chosen(workspace)), json=json, markdown=markdown)
