"""How an import's preview and the kinds of file print."""

from collections.abc import Sequence
from datetime import tzinfo

from tio.api.errors import Invalid
from tio.api.imports import FileFormat, ImportPreview, Meant, RowState
from tio.commands.portfolio_tables import words_of
from tio.commands.printing import print_csv, print_table, say

SHOWN = 40


def spellings(words: Sequence[str]) -> tuple[Meant, ...]:
    """SPELLED=SYMBOL as told; Invalid."""
    told = []
    for word in words:
        spelled, equals, symbol = word.rpartition("=")
        if not equals or not spelled or not symbol:
            raise Invalid(f"--symbol {word[:60]!r} is no pair", "as --symbol US0378331005=AAPL")
        told.append(Meant(spelled, symbol))
    return tuple(told)


def print_preview(told: ImportPreview, zone: tzinfo) -> None:
    """Counts, the rows worth a look, then the first of the others."""
    counts = f"{told.new} new, {told.doubled} doubled, {told.odd} odd, {told.refused} refused"
    say(f"{told.label}: {counts}")
    rows = [
        (
            str(row.line),
            row.state.value,
            "" if row.transaction is None else words_of(row.transaction, zone),
            row.why,
        )
        for row in told.rows[:SHOWN]
    ]
    if rows:
        print_table(("LINE", "STATE", "ENTRY", "WHY"), rows, {"LINE"})
    hidden = told.new + told.doubled + told.odd + told.refused - len(rows)
    if hidden:
        say(f"and {hidden} more; --json tells up to a thousand")
    unknown = [each for each in told.symbols if not each.symbol]
    for each in unknown[:20]:
        name = f" ({each.name})" if each.name else ""
        say(f"{each.spelled}{name} is known to nobody: --symbol {each.spelled}=SYMBOL names it")
    if any(row.state is RowState.doubled for row in told.rows):
        say("doubled rows are left out; --take LINE enters one all the same")


def print_formats(found: Sequence[FileFormat], *, csv: bool) -> None:
    header = ("NAME", "KIND", "FOR")
    rows = [(f.name, f.label, "import" if f.reads else "export") for f in found]
    if csv:
        print_csv([name.lower() for name in header], rows)
    else:
        print_table(header, rows)
