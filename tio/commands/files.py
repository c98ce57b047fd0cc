"""import, export, replay, record: bars and frames in files."""

from pathlib import Path
from typing import Annotated

import typer

from tio.commands import options

imports = typer.Typer(
    name="import",
    help="Read files into the store.\n\nExample: tio import bars AAPL.csv --symbol AAPL --tf 1d",
)
exports = typer.Typer(
    name="export",
    help="Write what is stored.\n\nExample: tio export bars AAPL --timeframe 1d > AAPL.csv",
)
Zone = Annotated[str, typer.Option("--tz", help="The zone of the file's times, e.g. UTC.")]
Named = Annotated[str, typer.Option("--symbol", help="The symbol of a bar file.")]
Span = Annotated[
    str, typer.Option("--timeframe", "--tf", "-t", help="The timeframe of a bar file.")
]


def join(cli: typer.Typer) -> None:
    cli.add_typer(imports)
    cli.add_typer(exports)
    cli.command()(replay)
    cli.command()(record)


@imports.callback()
def import_group() -> None:
    """Read files into the store."""


@exports.callback()
def export_group() -> None:
    """Write what is stored."""


@imports.command("bars")
def import_bars(
    file: Path,
    symbol: Named = "",
    tz: Zone = "",
    timeframe: Span = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report, store nothing.")] = False,
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Import bars: CSV with any common header, Lean, Stooq; gzipped or not.

    Example: tio import bars AAPL.csv --symbol AAPL --tz America/New_York --timeframe 1m
    """
    from tio.api.files import ImportBars
    from tio.commands import reports
    from tio.commands.asking import ask
    from tio.commands.bar_tables import timeframe_of

    request = ImportBars(
        str(file.absolute()),
        symbol or None,
        timeframe_of(timeframe) if timeframe else None,
        tz or None,
        dry_run,
    )
    report = ask(request, options.chosen(workspace))
    reports.print_import(report, json=json, dry_run=dry_run)
    if not report.accepted:
        raise typer.Exit(1)


@exports.command("bars")
def export_bars(
    symbol: options.Symbol,
    timeframe: options.Timeframe = "1d",
    limit: Annotated[int, typer.Option(help="The newest so many bars.")] = 50_000,
    start: Annotated[str, typer.Option(help="Not before.")] = "",
    end: Annotated[str, typer.Option(help="Not after.")] = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Bars as CSV (or JSON) on standard output.

    Example: tio export bars AAPL --timeframe 1d > AAPL.csv
    """
    from tio.commands import bar_tables
    from tio.commands.asking import ask

    request = bar_tables.request(symbol, timeframe, limit, start, end)
    found = ask(request, options.chosen(workspace))
    bar_tables.print_bars(found, json=json, csv=not json)


def replay(
    file: Path,
    source: Annotated[str, typer.Option(help="Whose frames: coinbase, kraken, …")] = "",
    speed: Annotated[str, typer.Option(help="1, 20, 0.5, … or max.")] = "1",
    until_end: Annotated[
        bool, typer.Option("--until-end", help="No screen: play to the end, report, leave.")
    ] = False,
    symbol: Named = "",
    tz: Zone = "",
    timeframe: Span = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Play a recording through the whole live path, into a workspace of its own.

    Example: tio replay coinbase.txt.gz --source coinbase --speed 10
    """
    from tio.commands import playing

    request = playing.request(file, source, speed, symbol, tz, timeframe)
    playing.replay(request, options.chosen(workspace, "replay"), until_end=until_end, json=json)


def record(
    file: Path,
    seconds: Annotated[float, typer.Option(help="End after so many seconds; 0: ctrl+c.")] = 0.0,
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Record what the sources say; `tio replay` plays it.

    Example: tio record today.txt.gz --seconds 60
    """
    from tio.commands import playing

    playing.record(file.absolute(), seconds, options.chosen(workspace), json=json)
