"""call and words: every word of the engine from the shell."""

from typing import Annotated

import typer

from tio.commands import options


def join(cli: typer.Typer) -> None:
    cli.command()(call)
    cli.command()(words)


def word_names(incomplete: str) -> list[str]:
    from tio.api.words import describe

    return [entry.name for entry in describe() if entry.name.lower().startswith(incomplete.lower())]


def call(
    name: Annotated[str, typer.Argument(help="The word.", autocompletion=word_names)],
    fields: Annotated[str, typer.Argument(help="JSON, @file, or - for standard input.")] = "{}",
    count: Annotated[int, typer.Option(help="A topic: end after so many items.")] = 0,
    seconds: Annotated[float, typer.Option(help="A topic: end after so many seconds.")] = 0.0,
    workspace: options.Workspace = "",
) -> None:
    """Say any word; its answer is JSON on standard output, a topic one line an item.

    Example: tio call GetBars '{"symbol": "BTC-USD", "limit": 5}'
    """
    from tio.commands.asking import ask, follow, parsed
    from tio.commands.printing import print_json
    from tio.commands.quotes import print_item

    word = parsed(name, fields)
    chosen = options.chosen(workspace)
    from tio.api.contract import Request, Topic

    match word:
        case Request():
            print_json(ask(word, chosen))
        case Topic():
            follow(word, print_item, chosen, count, seconds)


def words(
    name: Annotated[str, typer.Argument(help="One word.", autocompletion=word_names)] = "",
    json: options.AsJson = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="The reference of docs/.")] = False,
) -> None:
    """Every word of the engine, or one with its schemas.

    Example: tio words GetBars
    """
    from tio.api.words import describe, find
    from tio.commands.printing import print_json, print_table

    wanted = find(name).__name__ if name else ""
    entries = [entry for entry in describe() if wanted in ("", entry.name)]
    if markdown:
        from tio.commands.reference import reference

        print(reference(entries), end="")
        return
    if json or wanted:
        print_json(entries[0] if wanted else entries)
        return
    print_table(
        ("WORD", "KIND", "ROLE", "EFFECT", "MEANING"),
        [[e.name, e.kind, e.role, e.effect, e.doc.partition("\n")[0]] for e in entries],
    )
