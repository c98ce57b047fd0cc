"""chats: list, show, search, rename, branch, stop, delete, export, source, confirm, dismiss."""

from typing import Annotated

import typer

from tio.commands import options
from tio.commands.ask import chat_ids

Id = Annotated[
    str, typer.Argument(metavar="CHAT", help="As `tio chats` tells it.", autocompletion=chat_ids)
]
Message = Annotated[str, typer.Argument(metavar="MESSAGE", help="As `tio chats show` tells it.")]
Proposal = Annotated[
    str, typer.Argument(metavar="[PROPOSAL]", help="Needed only where several wait.")
]
Limit = Annotated[int, typer.Option(min=1, max=200, help="So many, the best.")]
Yes = Annotated[bool, typer.Option("--yes", help="Without being asked.")]

group = typer.Typer(
    name="chats",
    help="Chats with the analyst, kept with all they stand on.\n\nExample: tio chats show c7",
    invoke_without_command=True,
)


def join(cli: typer.Typer) -> None:
    cli.add_typer(group)


@group.callback()
def chats(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="So many, the newest.")] = 100,
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """Your chats, the one that changed last first.

    Example: tio chats --limit 10
    """
    if options.own(context, "", workspace):
        _list(limit, json=json, csv=csv, workspace=workspace)


@group.command("list")
def listed(
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="So many, the newest.")] = 100,
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """The same as `tio chats`.

    Example: tio chats list --csv
    """
    _list(limit, json=json, csv=csv, workspace=workspace)


def _list(limit: int, *, json: bool, csv: bool, workspace: str) -> None:
    from tio.api.chats import ListChats
    from tio.commands import chat_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    found = ask(ListChats(limit), options.chosen(workspace))
    print_json(found) if json else chat_tables.print_chats(found, csv=csv)


@group.command()
def show(
    id: Id,
    last: Annotated[int, typer.Option(min=1, max=1_000, help="Messages, the newest.")] = 200,
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """A chat with its answers and what they stand on.

    Example: tio chats show c7 --last 2
    """
    from tio.api.chats import GetChat
    from tio.commands import chat_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    found = ask(GetChat(id, last), options.chosen(workspace))
    print_json(found) if json else chat_tables.print_chat(found)


@group.command()
def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS...")],
    limit: Limit = 40,
    json: options.AsJson = False,
    csv: options.AsCsv = False,
    workspace: options.Workspace = "",
) -> None:
    """Messages with all these words, the best first.

    Example: tio chats search nvda 'earn*'

    '"two words"' is a phrase, wor* the beginning of a word.
    """
    from tio.api.chats import SearchChats
    from tio.commands import chat_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    found = ask(SearchChats(" ".join(words), limit), options.chosen(workspace))
    print_json(found) if json else chat_tables.print_hits(found, csv=csv)


@group.command()
def rename(
    id: Id,
    title: Annotated[list[str], typer.Argument(metavar="TITLE...")],
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Give a chat another title.

    Example: tio chats rename c7 The NVDA swing
    """
    from tio.api.chats import RenameChat
    from tio.commands import chat_tables
    from tio.commands.asking import ask

    made = ask(RenameChat(id, " ".join(title)), options.chosen(workspace))
    chat_tables.tell(made, f"{made.id} is now: {made.title}", json=json)


@group.command()
def branch(
    id: Id, message: Message, json: options.AsJson = False, workspace: options.Workspace = ""
) -> None:
    """A new chat that begins as this one went up to a message.

    Example: tio chats branch c7 m4
    """
    from tio.api.chats import BranchChat
    from tio.commands import chat_tables
    from tio.commands.asking import ask

    made = ask(BranchChat(id, message), options.chosen(workspace))
    said = f"{made.id} begins as {id} up to {message} · go on: tio ask --chat {made.id} …"
    chat_tables.tell(made, said, json=json)


@group.command()
def stop(id: Id, json: options.AsJson = False, workspace: options.Workspace = "") -> None:
    """Stop the answer being written in a chat; what was said of it stands.

    Example: tio chats stop c7
    """
    from tio.api.chats import StopAnswer
    from tio.commands import chat_tables
    from tio.commands.asking import ask

    made = ask(StopAnswer(id), options.chosen(workspace))
    chat_tables.tell(made, f"{made.id} is not being answered: {made.title}", json=json)


@group.command()
def delete(
    id: Id, yes: Yes = False, json: options.AsJson = False, workspace: options.Workspace = ""
) -> None:
    """Take a chat and its results away for good; asks first.

    Example: tio chats delete c7 --yes
    """
    from tio.api.chats import DeleteChat, GetChat
    from tio.commands import chat_tables
    from tio.commands.asking import ask
    from tio.commands.printing import agreed, say

    chosen = options.chosen(workspace)
    chat = ask(GetChat(id, 1), chosen).chat
    if not yes and not agreed(f"Delete {id}, {chat.title}, {chat.messages} messages?"):
        say("nothing was deleted")
        return
    made = ask(DeleteChat(id), chosen)
    chat_tables.tell(made, f"{made.id} is gone: {made.title}", json=json)


@group.command()
def export(
    id: Id,
    file: Annotated[str, typer.Argument(metavar="[FILE]", help="None: standard output.")] = "",
    form: Annotated[
        str,
        typer.Option(
            "--as",
            help="markdown or json; else as FILE ends.",
            autocompletion=options.among("markdown", "json"),
        ),
    ] = "",
    workspace: options.Workspace = "",
) -> None:
    """A chat as one document with its sources.

    Example: tio chats export c7 swing.md
    """
    from tio.api.chats import WriteOutChat
    from tio.commands import chat_tables
    from tio.commands.asking import ask

    chosen = chat_tables.form_of(form, file)
    chat_tables.write_out(ask(WriteOutChat(id, chosen), options.chosen(workspace)), chosen, file)


@group.command()
def source(
    id: Id,
    result: Annotated[str, typer.Argument(metavar="RESULT", help="A source's call, as r3.")],
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """What a figure stands on: a word and its answer as JSON.

    Example: tio chats source c7 r3
    """
    from tio.api.chats import GetSource
    from tio.commands import chat_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    found = ask(GetSource(id, result), options.chosen(workspace))
    print_json(found) if json else chat_tables.print_source(found)


@group.command()
def confirm(
    id: Id,
    message: Message,
    proposal: Proposal = "",
    yes: Yes = False,
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Do what the analyst proposed; shows it and asks first.

    Example: tio chats confirm c7 m4

    That very word is said as yourself, with your role.
    """
    from tio.api.chats import ConfirmProposal
    from tio.commands import chat_tables
    from tio.commands.asking import ask
    from tio.commands.printing import agreed, say

    chosen = options.chosen(workspace)
    found = chat_tables.waiting(id, message, proposal, chosen)
    chat_tables.say_proposal(found)
    if not yes and not agreed("Do it?"):
        say("nothing was done; it still waits")
        return
    made = ask(ConfirmProposal(id, message, found.id), chosen)
    chat_tables.tell(made, f"{made.word}: {made.outcome or made.state}", json=json)


@group.command()
def dismiss(
    id: Id,
    message: Message,
    proposal: Proposal = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Say no to what the analyst proposed.

    Example: tio chats dismiss c7 m4
    """
    from tio.api.chats import DismissProposal
    from tio.commands import chat_tables
    from tio.commands.asking import ask

    chosen = options.chosen(workspace)
    found = chat_tables.waiting(id, message, proposal, chosen)
    made = ask(DismissProposal(id, message, found.id), chosen)
    chat_tables.tell(made, f"{made.word}: {made.state}", json=json)
