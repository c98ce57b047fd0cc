"""How mappings of CSV files print."""

from collections.abc import Iterator, Sequence

from tio.api.mappings import MappingGuess, SavedMapping
from tio.commands.mapping_words import parts
from tio.commands.printing import print_csv, print_table, say


def print_guess(guess: MappingGuess, *, csv: bool) -> None:
    """Columns beside what they are taken for, how sure that is, and samples."""
    header = ("COLUMN", "FIELD", "SURE", "SAMPLES")
    rows = [
        (
            each.column,
            each.field.value if each.field else "",
            f"{each.sure:.0%}" if each.field else "",
            " · ".join(each.samples[:3]),
        )
        for each in guess.columns
    ]
    if csv:
        print_csv([name.lower() for name in header], rows)
        return
    print_table(header, rows, {"SURE"})
    for note in notes(guess):
        say(note)
    told = ",".join(f"{name}={value}" for name, value in parts(guess.mapping))
    say(f"told as --map {told}")


def notes(guess: MappingGuess) -> Iterator[str]:
    """What was chosen and how many lines are read so."""
    if guess.remembered:
        yield f"by the mapping {guess.remembered}"
    if guess.known_as:
        yield f"{guess.known_as} knows this file without a mapping"
    yield f"{guess.lines - guess.refused} of {guess.lines} lines can be read so"
    yield from guess.notes


def print_kept(kept: Sequence[SavedMapping], *, csv: bool) -> None:
    header = ("NAME", "SAVED", "HEADER", "MAPPING")
    rows = [
        (
            each.name,
            f"{each.saved_at:%Y-%m-%d}",
            ",".join(each.header),
            ",".join(f"{name}={value}" for name, value in parts(each.mapping)),
        )
        for each in kept
    ]
    if csv:
        print_csv([name.lower() for name in header], rows)
    elif rows:
        print_table(header, rows)
    else:
        say("no mapping is kept: `tio portfolio import FILE --map date=COLUMN … --save-map NAME`")
