"""layouts: list, show, delete."""

from typing import Annotated

import typer

from tio.commands import options

Kind = Annotated[
    str,
    typer.Option(
        help="layout or indicators",
        autocompletion=options.among("layout", "indicators"),
    ),
]
Name = Annotated[str, typer.Argument(help="As `tio layouts list` tells it.")]

group = typer.Typer(
    name="layouts",
    help="Saved chart layouts and sets of indicators: list, show, delete.\n\n"
    "Example: tio layouts list",
    no_args_is_help=True,
)


def join(cli: typer.Typer) -> None:
    cli.add_typer(group)


@group.command("list")
def show_all(
    kind: Kind = "", json: options.AsJson = False, workspace: options.Workspace = ""
) -> None:
    """The layouts and sets of indicators that charts have saved.

    Example: tio layouts list --kind indicators
    """
    from tio.api.charts import ListLayouts
    from tio.commands import chart_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    found = ask(ListLayouts(chart_tables.kind_of(kind)), options.chosen(workspace))
    print_json(found) if json else chart_tables.print_layouts(found)


@group.command()
def show(
    name: Name, kind: Kind = "", json: options.AsJson = False, workspace: options.Workspace = ""
) -> None:
    """What one layout or set of indicators holds, as JSON.

    Example: tio layouts show swing --kind indicators
    """
    from tio.api.charts import ListLayouts
    from tio.commands import chart_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_bytes, print_json

    found = ask(ListLayouts(chart_tables.kind_of(kind)), options.chosen(workspace))
    one = chart_tables.named(found, name)
    print_json(one) if json else print_bytes(one.content.encode())


@group.command()
def delete(
    name: Name, kind: Kind = "", json: options.AsJson = False, workspace: options.Workspace = ""
) -> None:
    """Forget a layout or a set of indicators.

    Example: tio layouts delete swing
    """
    from tio.api.charts import DeleteLayout, ListLayouts
    from tio.commands import chart_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json, say

    place = options.chosen(workspace)
    found = ask(ListLayouts(chart_tables.kind_of(kind)), place)
    gone = ask(DeleteLayout(name, chart_tables.named(found, name).kind), place)
    if json:
        print_json(gone)
    else:
        say(f"{gone.kind} {gone.name} is deleted")
