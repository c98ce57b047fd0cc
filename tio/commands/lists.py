"""watchlist: show, add, remove, columns, delete, import, export."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tio.commands import options

if TYPE_CHECKING:
    from tio.api.watchlists import Watchlist

Name = Annotated[str, typer.Argument(help="The list.", autocompletion=options.list_names)]
COLUMNS = (
    *("last", "change", "points", "spark", "age", "bid", "ask", "volume", "spread", "source"),
    *("open", "high", "low", "close", "currency", "delay", "coverage", "note", "session", "name"),
)
"""What the Desk can show of a symbol; `change` is in percent, `close` the one before."""
group = typer.Typer(
    name="watchlist",
    help="Watchlists: list, show, add, remove, columns, delete, import, export.\n\n"
    "Example: tio watchlist add main BTC-USD AAPL",
    invoke_without_command=True,
)


def join(cli: typer.Typer) -> None:
    cli.add_typer(group)


@group.callback()
def watchlist(context: typer.Context, json: options.AsJson = False) -> None:
    """Watchlists; without more, all of them."""
    if context.invoked_subcommand is None:
        show_all(json)


@group.command("list")
def show_all(json: options.AsJson = False, workspace: options.Workspace = "") -> None:
    """All lists and what they hold.

    Example: tio watchlist list --json
    """
    from tio.api.watchlists import ListWatchlists
    from tio.commands.asking import ask
    from tio.commands.printing import print_json, print_table, say

    found = ask(ListWatchlists(), options.chosen(workspace))
    if json:
        print_json(found)
    elif found:
        print_table(("LIST", "SYMBOLS"), [[each.name, " ".join(each.symbols)] for each in found])
    else:
        say("no watchlist yet; `tio watchlist add main BTC-USD` makes one")


@group.command()
def show(name: Name, json: options.AsJson = False, workspace: options.Workspace = "") -> None:
    """One list.

    Example: tio watchlist show main
    """
    from tio.commands.printing import print_json

    found = _find(name, options.chosen(workspace))
    if json:
        print_json(found)
    else:
        for symbol in found.symbols:
            print(symbol)


@group.command()
def add(name: Name, symbols: options.SymbolList, workspace: options.Workspace = "") -> None:
    """Add symbols to a list, at its end; makes the list when there is none.

    Example: tio watchlist add main BTC-USD AAPL
    """
    chosen = options.chosen(workspace)
    held = _find_or_new(name, chosen)
    _save_symbols(held, (*held.symbols, *symbols), chosen)


@group.command()
def remove(name: Name, symbols: options.SymbolList, workspace: options.Workspace = "") -> None:
    """Take symbols off a list.

    Example: tio watchlist remove main AAPL
    """
    from tio.api.errors import NotFound

    chosen = options.chosen(workspace)
    held = _find(name, chosen)
    if missing := [symbol for symbol in symbols if symbol not in held.symbols]:
        raise NotFound(f"{', '.join(missing)} is not on the list {name!r}; nothing was changed")
    _save_symbols(held, tuple(s for s in held.symbols if s not in symbols), chosen)


def _columns_beginning(incomplete: str) -> list[str]:
    return [name for name in COLUMNS if name.startswith(incomplete)]


@group.command()
def columns(
    name: Name,
    chosen: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[COLUMN]...",
            help=f"In order: {', '.join(COLUMNS)}.",
            autocompletion=_columns_beginning,
        ),
    ] = None,
    fitting: Annotated[
        bool, typer.Option("--fitting", help="Choose none: as many as the width takes.")
    ] = False,
    workspace: options.Workspace = "",
) -> None:
    """Choose the columns a list shows on the Desk; without any, print those chosen.

    Example: tio watchlist columns main last change high low volume
    """
    from msgspec.structs import replace

    from tio.commands.printing import say

    found = _find(name, options.chosen(workspace))
    wanted = tuple(dict.fromkeys(word.lower() for word in chosen or ()))
    _check(wanted, fitting)
    if wanted or fitting:
        found = _save(replace(found, columns=wanted), options.chosen(workspace))
        say(f"{found.name}: {' '.join(found.columns) or 'as many columns as the width takes'}")
    elif found.columns:
        print("\n".join(found.columns))
    else:
        say(f"{found.name} chose none: as many as the width takes of {', '.join(COLUMNS)}")


@group.command()
def delete(name: Name, workspace: options.Workspace = "") -> None:
    """Delete a list.

    Example: tio watchlist delete old
    """
    from tio.api.watchlists import DeleteWatchlist
    from tio.commands.asking import ask
    from tio.commands.printing import say

    gone = ask(DeleteWatchlist(name), options.chosen(workspace))
    say(f"deleted {gone.name}, which held {' '.join(gone.symbols) or 'nothing'}")


@group.command("import")
def read(name: Name, file: Path, workspace: options.Workspace = "") -> None:
    """Make a list of a file's symbols: one a line, or the first column of a CSV.

    A list of that name keeps its columns.

    Example: tio watchlist import tech tech.txt
    """
    from tio.api.errors import Invalid, NotFound

    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NotFound(f"there is no file {file}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{file} cannot be read as text: {error}") from error
    first = [line.split(",")[0].strip().strip('"') for line in text.splitlines()]
    symbols = [word for word in first if word and word.lower() != "symbol" and word[0] != "#"]
    if not symbols:
        raise Invalid(f"{file} names no symbol", "one a line, or in the first column of a CSV")
    chosen = options.chosen(workspace)
    _save_symbols(_find_or_new(name, chosen), tuple(symbols), chosen)


@group.command()
def export(name: Name, workspace: options.Workspace = "") -> None:
    """Print a list as CSV.

    Example: tio watchlist export main > main.csv
    """
    from tio.commands.printing import print_csv

    found = _find(name, options.chosen(workspace))
    print_csv(("symbol",), [(symbol,) for symbol in found.symbols])


def _check(wanted: tuple[str, ...], fitting: bool) -> None:
    from difflib import get_close_matches

    from tio.api.errors import Invalid

    if wanted and fitting:
        raise Invalid("columns are named or left to the width, not both", "leave one away")
    if wrong := [word for word in wanted if word not in COLUMNS]:
        near = get_close_matches(wrong[0], COLUMNS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(COLUMNS)}"
        raise Invalid(f"there is no column {wrong[0]!r}", hint)


def _find(name: str, workspace: str) -> "Watchlist":
    from tio.api.errors import NotFound
    from tio.api.watchlists import ListWatchlists
    from tio.commands.asking import ask

    lists = ask(ListWatchlists(), workspace)
    for each in lists:
        if each.name == name:
            return each
    known = ", ".join(each.name for each in lists) or "none"
    raise NotFound(f"there is no watchlist {name!r}", f"there is: {known}")


def _save(changed: "Watchlist", workspace: str) -> "Watchlist":
    from tio.api.watchlists import SaveWatchlist
    from tio.commands.asking import ask

    return ask(SaveWatchlist(changed.name, changed.symbols, changed.columns), workspace)


def _save_symbols(list_: "Watchlist", symbols: tuple[str, ...], workspace: str) -> None:
    from msgspec.structs import replace

    from tio.commands.printing import say

    saved = _save(replace(list_, symbols=symbols), workspace)
    say(f"{saved.name}: {' '.join(saved.symbols) or 'empty'}")


def _find_or_new(name: str, workspace: str) -> "Watchlist":
    from tio.api.errors import NotFound
    from tio.api.watchlists import Watchlist

    try:
        return _find(name, workspace)
    except NotFound:
        return Watchlist(name)
