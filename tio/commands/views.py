"""analyst record, analyst views: what the analyst said of symbols' ways, and what came of it."""

from typing import Annotated

import typer

from tio.commands import options


def record(
    by: Annotated[
        str,
        typer.Option(
            help="author, symbol, bias or horizon.",
            autocompletion=options.among("author", "symbol", "bias", "horizon"),
        ),
    ] = "author",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """How often the analyst's views held, beside how often saying the same always would have.

    Example: tio analyst record --by symbol
    """
    from tio.api.errors import Invalid
    from tio.api.views import GetViewRecord, ViewBy
    from tio.commands import view_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    if by not in list(ViewBy):
        raise Invalid(f"views are not told apart by {by!r}", f"by {', '.join(ViewBy)}")
    asked = GetViewRecord(ViewBy(by))
    found = ask(asked, options.chosen(workspace))
    print_json(found) if json else view_tables.print_record(found, asked.by, csv=csv)


def views(
    symbol: Annotated[str, typer.Argument(help="Only views of it.")] = "",
    by: Annotated[str, typer.Option(help="Only a model's, or those of rules.")] = "",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """Views the analyst gave, newest first: what each said, what came of it.

    Example: tio analyst views AAPL --by rules
    """
    from tio.api.views import ListViews
    from tio.commands import view_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    found = ask(ListViews(symbol, by), options.chosen(workspace))
    print_json(found) if json else view_tables.print_views(found, csv=csv)


def join(group: typer.Typer) -> None:
    """Into the group of the analyst's commands."""
    group.command()(record)
    group.command()(views)
