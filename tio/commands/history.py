"""history: status, gaps, fill, prune, export, import."""

from pathlib import Path
from typing import Annotated

import typer

from tio.commands import options

Symbols = Annotated[
    list[str] | None,
    typer.Argument(help="Symbols; none: all that are stored.", autocompletion=options.symbols),
]
Start = Annotated[str, typer.Option("--from", help="The first day, e.g. 2015-01-01.")]
End = Annotated[str, typer.Option("--to", help="Up to this day, e.g. 2026-01-01.")]
Span = Annotated[
    str,
    typer.Option(
        "--timeframe", "--tf", "-t", help="The bars' span.", autocompletion=options.timeframes
    ),
]

group = typer.Typer(
    name="history",
    help="The stored past: status, gaps, fill, prune, export, import.\n\n"
    "Example: tio history fill AAPL --tf 1d --from 2015-01-01",
    invoke_without_command=True,
)


def join(cli: typer.Typer) -> None:
    cli.add_typer(group)


@group.callback()
def history(context: typer.Context, json: options.AsJson = False) -> None:
    """What bars are stored."""
    if context.invoked_subcommand is None:
        status(None, json)


@group.command()
def status(
    symbols: Symbols = None, json: options.AsJson = False, workspace: options.Workspace = ""
) -> None:
    """What bars are stored: whose, how many, from when to when.

    Example: tio history status AAPL
    """
    from tio.api.past import ListStoredBars
    from tio.commands import history_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json, say

    found = ask(ListStoredBars(tuple(symbols or ())), options.chosen(workspace))
    if json:
        print_json(found)
    elif found:
        history_tables.print_stored(found)
    else:
        say("no bars are stored; `tio history fill` or `tio import bars` bring some")


@group.command()
def gaps(
    symbol: options.Symbol,
    timeframe: Span = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Where stored bars are missing although the market was open.

    Example: tio history gaps AAPL --tf 1d
    """
    from tio.api.past import FindGaps
    from tio.commands import history_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    found = ask(FindGaps(symbol, history_tables.span_of(timeframe)), options.chosen(workspace))
    print_json(found) if json else history_tables.print_gaps(symbol, found)


@group.command()
def fill(
    symbols: options.SymbolList,
    timeframe: Span = "1d",
    start: Start = "",
    end: End = "",
    source: Annotated[str, typer.Option(help="From this source alone.")] = "",
    wait: Annotated[bool, typer.Option(help="Wait until it is done.")] = True,
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Fetch past bars; what is stored is not fetched again, ctrl+c leaves it to the daemon.

    Example: tio history fill AAPL MSFT --tf 1d --from 2015-01-01
    """
    from tio.api.past import FillBars
    from tio.commands import filling, history_tables
    from tio.commands.printing import print_json, say

    asked = FillBars(
        tuple(symbols),
        history_tables.span_of(timeframe) or history_tables.DAILY,
        history_tables.moment_of(start, "--from"),
        history_tables.moment_of(end, "--to"),
        source or None,
    )
    job = filling.run(asked, options.chosen(workspace), wait=wait)
    if json:
        print_json(job)
    else:
        say(f"{job.title}: {job.state}" + (f", {job.reason or job.doing}" if job.doing else ""))


@group.command()
def prune(
    timeframe: Annotated[str, typer.Argument(help="The bars' span, e.g. 1s.")],
    days: Annotated[int, typer.Option(help="Keep the newest so many days.")],
    symbols: Annotated[list[str] | None, typer.Option("--symbol", help="Only of these.")] = None,
    archive: Annotated[
        Path | None, typer.Option(help="Write them to this folder as Parquet before.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; else only tell.")] = False,
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Take old bars out; without --yes only tell which.

    Example: tio history prune 1s --days 30 --archive ~/bars --yes
    """
    from tio.api.errors import Invalid
    from tio.api.past import PruneBars
    from tio.commands import history_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    span = history_tables.span_of(timeframe)
    if span is None or days < 1:
        raise Invalid("prune needs a timeframe and --days of at least 1", "as 1s --days 30")
    folder = "" if archive is None else str(archive.expanduser().absolute())
    asked = PruneBars(span, days, tuple(symbols or ()), folder, dry_run=not yes)
    report = ask(asked, options.chosen(workspace))
    print_json(report) if json else history_tables.print_pruned(report)


@group.command()
def export(
    folder: Annotated[Path, typer.Argument(help="The folder to write to.")],
    symbols: Symbols = None,
    timeframe: Span = "",
    workspace: options.Workspace = "",
) -> None:
    """Write bars as partitioned Parquet, symbol=…/year=….

    Example: tio history export ~/bars AAPL
    """
    from tio.api.past import ExportBars
    from tio.commands import history_tables
    from tio.commands.asking import ask
    from tio.commands.printing import say

    place = str(folder.expanduser().absolute())
    asked = ExportBars(place, tuple(symbols or ()), history_tables.span_of(timeframe))
    done = ask(asked, options.chosen(workspace))
    say(f"{done.bars} bars in {done.files} files below {done.path}")


@group.command("import")
def import_lake(
    folder: Annotated[Path, typer.Argument(help="A folder `export` wrote.")],
    symbols: Symbols = None,
    workspace: options.Workspace = "",
) -> None:
    """Read bars back from partitioned Parquet.

    Example: tio history import ~/bars
    """
    from tio.api.past import ImportLake
    from tio.commands.asking import ask
    from tio.commands.printing import say

    place = str(folder.expanduser().absolute())
    done = ask(ImportLake(place, tuple(symbols or ())), options.chosen(workspace))
    say(f"{done.bars} bars of {done.files} files are stored")
