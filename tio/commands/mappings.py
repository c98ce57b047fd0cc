"""portfolio mappings: how CSV files no reader knows are read."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tio.commands import options

if TYPE_CHECKING:
    from tio.api.mappings import ColumnMapping, MappingGuess

MapOption = Annotated[
    list[str] | None,
    typer.Option("--map", help="A CSV's columns: date=Datum,quantity=Stück …, or guess."),
]
SaveOption = Annotated[
    str, typer.Option("--save-map", help="Keep the mapping by this name, for files of its shape.")
]


def join(group: typer.Typer) -> None:
    group.command("mappings")(mappings)


def mappings(
    file: Annotated[Path | None, typer.Argument(help="How this one would be read.")] = None,
    map: MapOption = None,
    delete: Annotated[str, typer.Option(metavar="NAME", help="Forget one.")] = "",
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """The mappings kept for CSV files; with a file, its columns and how they are taken.

    Example: tio portfolio mappings statement.csv
    """
    from tio.api.mappings import DeleteMapping, ListMappings
    from tio.commands import mapping_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json, say

    chosen = options.chosen(workspace)
    if delete:
        gone = ask(DeleteMapping(delete), chosen)
        print_json(gone) if json else say(f"{gone.name} is forgotten")
    elif file is not None:
        guess = guessed(file, map, chosen)
        print_json(guess) if json else mapping_tables.print_guess(guess, csv=csv)
    else:
        kept = ask(ListMappings(), chosen)
        print_json(kept) if json else mapping_tables.print_kept(kept, csv=csv)


def guessed(file: Path, map: list[str] | None, chosen: str) -> "MappingGuess":
    """How a file would be read: as guessed, with what is told in its place."""
    from tio.api.mappings import GuessMapping
    from tio.commands import mapping_words
    from tio.commands.asking import ask

    told = mapping_words.pairs(map or ())
    path = str(file.expanduser().absolute())
    marks = mapping_words.encoding(told), mapping_words.delimiter(told)
    guess = ask(GuessMapping(path, None, *marks), chosen)
    mapping = mapping_words.laid_over(guess, told)
    return guess if mapping == guess.mapping else ask(GuessMapping(path, mapping), chosen)


def mapped(file: Path, map: list[str] | None, save: str, chosen: str) -> "ColumnMapping | None":
    """The mapping told for an import; None where none is told."""
    from tio.commands import mapping_tables
    from tio.commands.printing import say

    if not map and not save:
        return None
    guess = guessed(file, map, chosen)
    for note in mapping_tables.notes(guess):
        say(note)
    return guess.mapping


def keep(file: Path, name: str, mapping: "ColumnMapping", chosen: str) -> None:
    """Have files with the header of this one read so from now on."""
    from tio.api.mappings import SaveMapping
    from tio.commands.asking import ask
    from tio.commands.printing import say

    ask(SaveMapping(name, str(file.expanduser().absolute()), mapping), chosen)
    say(f"kept as {name}: files with this header are read so")
