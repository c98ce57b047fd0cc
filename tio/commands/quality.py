"""quality: what was refused and flagged live; faults of stored bars, repairs, undo."""

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from tio.commands import options

Span = Annotated[
    str,
    typer.Option(
        "--timeframe", "--tf", "-t", help="The bars' span.", autocompletion=options.timeframes
    ),
]
Source = Annotated[str, typer.Option("--source", help="As this source tells them.")]
MaybeSymbol = Annotated[
    str,
    typer.Argument(help="A symbol; none: all.", autocompletion=options.symbols),
]


class SymbolOrCommand(TyperGroup):
    """`tio quality BTC-USD` means `tio quality live BTC-USD`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        known = not args or args[0] in self.commands
        return super().resolve_command(ctx, args if known else ["live", *args])


group = typer.Typer(
    name="quality",
    cls=SymbolOrCommand,
    help="How good the data are: live, faults, repair, undo, repairs.\n\n"
    "Example: tio quality faults AAPL --tf 1d",
    invoke_without_command=True,
)


def join(cli: typer.Typer) -> None:
    cli.add_typer(group)


@group.callback()
def quality(context: typer.Context, json: options.AsJson = False) -> None:
    """What was refused and flagged of the live prices."""
    if context.invoked_subcommand is None:
        live("", json)


@group.command()
def live(
    symbol: MaybeSymbol = "", json: options.AsJson = False, workspace: options.Workspace = ""
) -> None:
    """What was refused and flagged, by symbol and reason, since the engine began.

    Example: tio quality BTC-USD
    """
    from tio.api.quality import GetQuality
    from tio.commands import quality_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    found = ask(GetQuality(symbol or None), options.chosen(workspace))
    print_json(found) if json else quality_tables.print_quality(found)


@group.command()
def faults(
    symbol: options.Symbol,
    timeframe: Span = "",
    source: Source = "",
    limit: Annotated[int, typer.Option(help="At most so many of each series.")] = 100,
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """What is odd about stored bars, why, and the repair that is proposed.

    Example: tio quality faults AAPL --tf 1d
    """
    from tio.api.quality import FindFaults
    from tio.commands import history_tables, quality_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    asked = FindFaults(symbol, history_tables.span_of(timeframe), source or None, limit)
    found = ask(asked, options.chosen(workspace))
    print_json(found) if json else quality_tables.print_faults(symbol, found)


@group.command()
def repair(
    symbol: options.Symbol,
    ids: Annotated[list[str] | None, typer.Argument(help="Faults by id; none: all sure.")] = None,
    timeframe: Span = "1d",
    source: Source = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do it; else only show.")] = False,
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Repair faults: without --yes only show the bars before and after.

    Example: tio quality repair AAPL --tf 1d --source yahoo
    """
    from tio.api.quality import RepairBars
    from tio.commands import history_tables, quality_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    span = history_tables.span_of(timeframe) or history_tables.DAILY
    place = options.chosen(workspace)
    whose = source or quality_tables.only_source(symbol, span, place)
    named = tuple(ids or ())
    asked = RepairBars(symbol, span, whose, named, all=not named, dry_run=not yes)
    done = ask(asked, place)
    print_json(done) if json else quality_tables.print_repair(done)


@group.command()
def undo(
    number: Annotated[int, typer.Argument(help="The repair's number.", min=1)],
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Put back exactly what a repair changed.

    Example: tio quality undo 3
    """
    from tio.api.quality import UndoRepair
    from tio.commands.asking import ask
    from tio.commands.printing import print_json, say

    done = ask(UndoRepair(number), options.chosen(workspace))
    if json:
        print_json(done)
    else:
        say(f"repair {done.id} is undone: {done.bars:,} bars are what they were")


@group.command()
def repairs(
    symbol: MaybeSymbol = "", json: options.AsJson = False, workspace: options.Workspace = ""
) -> None:
    """The repairs made, newest first.

    Example: tio quality repairs AAPL
    """
    from tio.api.quality import ListRepairs
    from tio.commands import quality_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    found = ask(ListRepairs(symbol or None), options.chosen(workspace))
    print_json(found) if json else quality_tables.print_repairs(found)
