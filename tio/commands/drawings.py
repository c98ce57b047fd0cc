"""drawings: list, add, delete, rescale."""

from typing import Annotated

import typer

from tio.commands import options

KINDS = ("trend", "ray", "horizontal", "channel", "fibonacci", "text")

Id = Annotated[str, typer.Argument(metavar="ID", help="As `tio drawings list` tells it.")]

group = typer.Typer(
    name="drawings",
    help="Lines and texts drawn on charts: list, add, delete, rescale.\n\n"
    "Example: tio drawings add AAPL horizontal 150",
    no_args_is_help=True,
)


def join(cli: typer.Typer) -> None:
    cli.add_typer(group)


@group.command("list")
def show_all(
    symbol: Annotated[str, typer.Argument(autocompletion=options.symbols)] = "",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """What is drawn on a symbol, or on all of them; oldest first.

    Example: tio drawings list AAPL
    """
    from tio.api.charts import ListDrawings
    from tio.commands import chart_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    found = ask(ListDrawings(symbol), options.chosen(workspace))
    print_json(found) if json else chart_tables.print_drawings(found, csv=csv)


@group.command()
def add(
    symbol: options.Symbol,
    kind: Annotated[
        str,
        typer.Argument(
            help=" ".join(KINDS),
            autocompletion=options.among(*KINDS),
        ),
    ],
    points: Annotated[
        list[str],
        typer.Argument(metavar="POINT...", help="TIME,PRICE as 2026-01-31,150.5; or a PRICE."),
    ],
    text: Annotated[str, typer.Option(help="What stands beside it.")] = "",
    pen: Annotated[str, typer.Option(help="Its colour: accent blue violet rise fall text.")] = "",
    adjusted: options.Adjusted = "split",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Draw on a symbol's chart: it shows on every timeframe, in every terminal.

    Example: tio drawings add AAPL trend 2026-01-05,180 2026-03-02,192.5 --text support

    A horizontal and a text have one point, a channel three, others two.
    """
    from tio.api.charts import SaveDrawing
    from tio.commands import chart_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json, say

    drawing = chart_tables.drawing_of(symbol, kind, points, text, pen, adjusted)
    kept = ask(SaveDrawing(drawing), options.chosen(workspace))
    if json:
        print_json(kept)
    else:
        say(f"{kept.kind} {kept.id} is drawn on {kept.symbol}")


@group.command()
def delete(drawing: Id, json: options.AsJson = False, workspace: options.Workspace = "") -> None:
    """Take a drawing away.

    Example: tio drawings delete 3f9c
    """
    from tio.api.charts import DeleteDrawing
    from tio.commands.asking import ask
    from tio.commands.printing import print_json, say

    gone = ask(DeleteDrawing(drawing), options.chosen(workspace))
    if json:
        print_json(gone)
    else:
        say(f"{gone.kind} {gone.id} of {gone.symbol} is deleted")


@group.command()
def rescale(drawing: Id, json: options.AsJson = False, workspace: options.Workspace = "") -> None:
    """Take the prices proposed for a drawing that a split has put out of place.

    Example: tio drawings rescale 3f9c
    """
    from tio.api.charts import RescaleDrawing
    from tio.commands import chart_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json, say

    kept = ask(RescaleDrawing(drawing), options.chosen(workspace))
    if json:
        print_json(kept)
    else:
        say(f"{kept.kind} {kept.id} of {kept.symbol} stands at {chart_tables.points_text(kept)}")
