"""ask: a question to the analyst, answered as it is written."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tio.commands import options

if TYPE_CHECKING:
    from tio.api.chats import Chip

LONGEST = 8_000
"""Characters of a question."""


def chat_ids(incomplete: str) -> list[str]:
    """The caller's chats, for shell completion; none without an engine."""
    from tio.commands.asking import complete

    return complete("chats", incomplete)


def join(cli: typer.Typer) -> None:
    cli.command()(ask)


def ask(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[QUESTION]...", help="- reads it from standard input."),
    ] = None,
    chat: Annotated[
        str, typer.Option(help="Go on in this chat, c7.", autocompletion=chat_ids)
    ] = "",
    symbol: Annotated[
        list[str] | None,
        typer.Option("--symbol", "-s", help="What it is about.", autocompletion=options.symbols),
    ] = None,
    model: Annotated[str, typer.Option(help="Only this of `tio analyst models`.")] = "",
    as_of: Annotated[str, typer.Option(help="About this past time, e.g. …T14:30Z.")] = "",
    no_stream: Annotated[
        bool, typer.Option("--no-stream", help="Print it once it is whole.")
    ] = False,
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Ask the analyst; every figure is verified or said not to be. Ctrl-C stops the answer.

    Example: tio ask 'How does AAPL stand?' --symbol AAPL

    A question that begins with / starts a workflow, as /brief AAPL. On a terminal without a
    question it talks, until /quit. Answered by your models, or by rules where none is there.
    """
    from tio.api.chats import Ask
    from tio.api.errors import Invalid
    from tio.commands import questions
    from tio.commands.bar_tables import moment_of

    if chat and as_of:
        raise Invalid("--as-of begins a chat of its own", "leave --chat away")
    at, chips = moment_of(as_of, "--as-of"), chips_of(symbol or [])
    live = questions.on_terminal() and not no_stream and not json
    if not words and live and sys.stdin.isatty():
        from tio.commands.question_loop import talk_here

        talk_here(
            Ask("", chat=chat or None, context=chips, model=model), at, options.chosen(workspace)
        )
        return
    asked = Ask(question_of(words or []), chat=chat or None, context=chips, model=model)
    code = questions.ask_once(asked, at, options.chosen(workspace), json=json, live=live)
    if code:
        raise typer.Exit(code)


def question_of(words: list[str]) -> str:
    """The question as told, or from standard input; Invalid where it is none."""
    from tio.api.errors import Invalid

    text = sys.stdin.read(LONGEST + 1) if words == ["-"] else " ".join(words)
    if not text.strip():
        raise Invalid("nothing was asked", "as: tio ask 'How does AAPL stand?'")
    if len(text) > LONGEST:
        raise Invalid(f"the question is longer than {LONGEST:,} characters", "ask for less at once")
    return text.strip()


def chips_of(symbols: list[str]) -> "tuple[Chip, ...]":
    """What goes with the question."""
    from tio.api.chats import Chip, ChipKind
    from tio.api.errors import Invalid

    if len(symbols) > 12:
        raise Invalid(f"at most 12 symbols go with a question, were {len(symbols)}")
    return tuple(Chip(kind=ChipKind.symbol, about=each) for each in symbols)
