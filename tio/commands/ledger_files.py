"""portfolio import, export, formats: files of brokers and other programs."""

from pathlib import Path
from typing import Annotated

import typer

from tio.commands import mappings, options, portfolio

Lines = Annotated[list[int] | None, typer.Option(metavar="LINE")]


def join(group: typer.Typer) -> None:
    group.command("import")(read)
    group.command("export")(write)
    group.command("formats")(formats)
    mappings.join(group)


def read(
    file: Path,
    format: Annotated[str, typer.Option(help="Else recognised; `tio portfolio formats`.")] = "",
    account: Annotated[str, typer.Option(help="For rows that name none.")] = "",
    symbol: Annotated[
        list[str] | None,
        typer.Option(help="SPELLED=SYMBOL, as US0378331005=AAPL; remembered."),
    ] = None,
    map: mappings.MapOption = None,
    save_map: mappings.SaveOption = "",
    skip: Lines = None,
    take: Lines = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what it would do.")] = False,
    portfolio: portfolio.Portfolio = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Bring a broker's or another program's file into a ledger; one `undo` takes all of it back.

    Example: tio portfolio import statement.csv --symbol US0378331005=AAPL

    What is new, doubled, odd or cannot be read is shown before anything is entered. A CSV that no
    reader knows is read by a mapping of its columns: `tio portfolio mappings FILE` shows a guess.
    """
    from msgspec.structs import replace

    from tio.api.errors import Invalid
    from tio.api.imports import ImportTransactions
    from tio.commands import import_tables, portfolio_tables
    from tio.commands.asking import ask
    from tio.commands.ledger_days import zone_of
    from tio.commands.ledger_words import undoing
    from tio.commands.printing import agreed, print_json, say

    chosen = options.chosen(workspace)
    name = portfolio_tables.chosen(portfolio, chosen)
    asked = ImportTransactions(
        name,
        str(file.expanduser().absolute()),
        format,
        account=account,
        symbols=import_tables.spellings(symbol or ()),
        skip=tuple(skip or ()),
        take=tuple(take or ()),
        mapping=mappings.mapped(file, map, save_map, chosen),
    )
    zone = zone_of(name, chosen)
    told = ask(asked, chosen)
    if not json:
        import_tables.print_preview(told, zone)
    if told.trouble:
        line = f"line {told.trouble_line}: " if told.trouble_line else ""
        raise Invalid(f"{line}{told.trouble}", "--skip LINE leaves a row out")
    if not dry_run and told.taken:
        if not (yes or agreed(f"Enter {told.taken} of them?")):
            raise typer.Exit(1)
        if save_map and asked.mapping is not None:
            mappings.keep(file, save_map, asked.mapping, chosen)
        told = ask(replace(asked, dry_run=False), chosen)
        if told.change is not None and not json:
            undo = undoing(portfolio, workspace, told.change.number)
            say(f"{told.taken} entered; {undo} takes them back")
    if json:
        print_json(told)


def write(
    file: Path,
    format: Annotated[str, typer.Option(help="`tio portfolio formats` lists them.")] = "csv",
    replace: Annotated[bool, typer.Option("--replace", help="Over a file that is there.")] = False,
    portfolio: portfolio.Portfolio = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Write the whole ledger to a file.

    Example: tio portfolio export ledger.csv
    """
    from tio.api.imports import ExportPortfolio
    from tio.commands import portfolio_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json, say

    chosen = options.chosen(workspace)
    name = portfolio_tables.chosen(portfolio, chosen)
    path = str(file.expanduser().absolute())
    told = ask(ExportPortfolio(name, path, format, replace), chosen)
    if json:
        print_json(told)
    else:
        say(f"{told.entries} entries are written to {told.path}")


def formats(
    json: options.AsJson = False, csv: options.AsCsv = False, workspace: options.Workspace = ""
) -> None:
    """The kinds of file that can be read and written.

    Example: tio portfolio formats
    """
    from tio.api.imports import ListFileFormats
    from tio.commands import import_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    found = ask(ListFileFormats(), options.chosen(workspace))
    print_json(found) if json else import_tables.print_formats(found, csv=csv)
