"""sources: list, show, routes, try, on, off. keys: list, set, delete. profile, events."""

import sys
from typing import Annotated

import typer

from tio.commands import options

Name = Annotated[str, typer.Argument(help="The source, as `tio sources` names it.")]
Field = Annotated[str, typer.Option("--field", help="Which credential: key, secret, contact.")]

sources_group = typer.Typer(
    name="sources",
    help="Where prices come from: list, show, routes, try, on, off.\n\n"
    "Example: tio sources show yahoo",
    invoke_without_command=True,
)
keys_group = typer.Typer(
    name="keys",
    help="Credentials of sources: list, set, delete. They are kept in the system's keyring.\n\n"
    "Example: tio keys set alpaca",
    invoke_without_command=True,
)


def join(cli: typer.Typer) -> None:
    cli.add_typer(sources_group)
    cli.add_typer(keys_group)
    cli.command()(profile)
    cli.command()(events)


@sources_group.callback()
def sources(context: typer.Context, json: options.AsJson = False) -> None:
    """Every source and how it does."""
    if context.invoked_subcommand is None:
        list_sources(json)


@sources_group.command("list")
def list_sources(json: options.AsJson = False, workspace: options.Workspace = "") -> None:
    """Every source and how it does.

    Example: tio sources list --json
    """
    from tio.api.sources import ListSources
    from tio.commands import source_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json, say

    found = ask(ListSources(), options.chosen(workspace))
    if json:
        print_json(found)
    elif found:
        source_tables.print_sources(found)
    else:
        say("this workspace has no sources")


@sources_group.command()
def show(name: Name, json: options.AsJson = False, workspace: options.Workspace = "") -> None:
    """One source: what it can, what it lets us ask, when it is tried next.

    Example: tio sources show yahoo
    """
    from tio.api.errors import NotFound
    from tio.api.sources import ListSources
    from tio.commands import source_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    for report in ask(ListSources(), options.chosen(workspace)):
        if report.name == name:
            print_json(report) if json else source_tables.print_source(report)
            return
    raise NotFound(f"there is no source {name!r}", "`tio sources` lists them")


@sources_group.command()
def routes(
    symbols: Annotated[list[str] | None, typer.Argument(help="Symbols; none: all watched.")] = None,
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Which source serves each symbol that is watched, and why not another.

    Example: tio sources routes AAPL
    """
    from tio.api.sources import ListRoutes
    from tio.commands import source_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json, say

    found = ask(ListRoutes(tuple(symbols or ())), options.chosen(workspace))
    if json:
        print_json(found)
    elif found:
        source_tables.print_routes(found)
    else:
        say("nobody watches anything a live source serves")


@sources_group.command("try")
def try_now(name: Name, workspace: options.Workspace = "") -> None:
    """Connect a source again now, whatever it waits for.

    Example: tio sources try kraken
    """
    from tio.api.sources import TrySource
    from tio.commands import source_tables
    from tio.commands.asking import ask

    source_tables.say_state(ask(TrySource(name), options.chosen(workspace)))


@sources_group.command()
def on(name: Name, workspace: options.Workspace = "") -> None:
    """Switch a source on; remembered.

    Example: tio sources on okx
    """
    _switch(name, True, workspace)


@sources_group.command()
def off(name: Name, workspace: options.Workspace = "") -> None:
    """Switch a source off; remembered.

    Example: tio sources off yahoo
    """
    _switch(name, False, workspace)


def _switch(name: str, wanted: bool, workspace: str) -> None:
    from tio.api.sources import SwitchSource
    from tio.commands import source_tables
    from tio.commands.asking import ask

    source_tables.say_state(ask(SwitchSource(name, wanted), options.chosen(workspace)))


@keys_group.callback()
def keys(context: typer.Context, json: options.AsJson = False) -> None:
    """Where each source's credentials are kept; never what they are."""
    if context.invoked_subcommand is None:
        list_keys(json)


@keys_group.command("list")
def list_keys(json: options.AsJson = False, workspace: options.Workspace = "") -> None:
    """Where each source's credentials are kept; never what they are.

    Example: tio keys list --json
    """
    from tio.api.sources import ListKeys
    from tio.commands import source_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    found = ask(ListKeys(), options.chosen(workspace))
    print_json(found) if json else source_tables.print_keys(found)


@keys_group.command("set")
def set_key(name: Name, field: Field = "", workspace: options.Workspace = "") -> None:
    """Keep a source's credentials, asked for without echo; from a pipe, a line each.

    Example: tio keys set alpaca
    """
    from tio.api.errors import Invalid, NotFound
    from tio.api.sources import ListKeys, SetKey
    from tio.commands import source_tables
    from tio.commands.asking import ask

    chosen = options.chosen(workspace)
    fields = [key.field for key in ask(ListKeys(), chosen) if key.source == name]
    if not fields:
        raise NotFound(f"{name!r} needs no credentials", "`tio keys` lists those that do")
    for each in [field] if field else fields:
        value = secret(f"{name} {each}: ")
        if not value:
            raise Invalid(f"no {each} was given for {name}; nothing was changed")
        source_tables.say_key(ask(SetKey(name, value, each), chosen))


@keys_group.command("delete")
def delete_key(name: Name, field: Field = "key", workspace: options.Workspace = "") -> None:
    """Forget a credential.

    Example: tio keys delete alpaca --field secret
    """
    from tio.api.sources import DeleteKey
    from tio.commands import source_tables
    from tio.commands.asking import ask

    source_tables.say_key(ask(DeleteKey(name, field), options.chosen(workspace)))


def secret(prompt: str) -> str:
    """A secret typed without echo, or the next line of a pipe."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    import getpass

    return getpass.getpass(prompt).strip()


def profile(
    symbol: options.Symbol, json: options.AsJson = False, workspace: options.Workspace = ""
) -> None:
    """What an instrument is: exchange, sector, ranges, fundamentals, next earnings.

    Example: tio profile AAPL
    """
    from tio.api.companies import GetProfile
    from tio.commands import source_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    found = ask(GetProfile(symbol), options.chosen(workspace))
    print_json(found) if json else source_tables.print_profile(found)


def events(
    symbol: options.Symbol, json: options.AsJson = False, workspace: options.Workspace = ""
) -> None:
    """Splits and dividends of an instrument, oldest first.

    Example: tio events AAPL --json
    """
    from tio.api.companies import GetEvents
    from tio.commands import source_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json, say

    found = ask(GetEvents(symbol), options.chosen(workspace))
    if json:
        print_json(found)
    elif found:
        source_tables.print_events(found)
    else:
        say(f"nothing is known to have happened to {symbol}")
