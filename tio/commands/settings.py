"""config, doctor, completion."""

from typing import Annotated

import typer

from tio.commands import options

group = typer.Typer(
    name="config",
    help="The configuration: show, path, check, edit.\n\nExample: tio config edit",
    no_args_is_help=True,
)


def join(cli: typer.Typer) -> None:
    cli.add_typer(group)
    cli.command()(doctor)
    cli.command()(completion)


@group.command()
def show(json: options.AsJson = False) -> None:
    """The settings in use, defaults included.

    Example: tio config show --json
    """
    from tio.commands.printing import print_json, print_table
    from tio.config import load

    config = load()
    if json:
        print_json(config)
        return
    import msgspec

    tables = msgspec.to_builtins(config)
    print_table(
        ("SETTING", "VALUE"),
        [
            [f"{table}.{key}", str(value)]
            for table, keys in tables.items()
            for key, value in keys.items()
        ],
    )


@group.command()
def path() -> None:
    """The file in use.

    Example: tio config path
    """
    from tio.paths import Paths

    print(Paths.find().config_file)


@group.command()
def check() -> None:
    """Whether the file can be used; every mistake with its line.

    Example: tio config check
    """
    from tio.api.errors import Misconfigured
    from tio.app import check_keys
    from tio.config import load
    from tio.paths import Paths

    file = Paths.find().config_file
    try:
        check_keys(load(file))
    except Misconfigured as error:
        raise Misconfigured(
            error.message, f"{error.next} An engine that runs keeps the last good settings."
        ) from error
    print(f"{file}: {'fine' if file.exists() else 'not there, so the defaults are in use'}")


@group.command()
def edit() -> None:
    """Open the file in $EDITOR, commented when it is new; keep it only if it can be used.

    Example: tio config edit
    """
    from tio.commands.editing import edit_config

    edit_config()


def doctor(
    providers: Annotated[
        bool, typer.Option("--providers", help="Ask each source one cheap thing, and only that.")
    ] = False,
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """What tio finds on this machine, and what to do about it.

    Example: tio doctor
    """
    from tio.commands.doctoring import examine, probe_sources

    if providers:
        raise typer.Exit(probe_sources(options.chosen(workspace), json=json))
    raise typer.Exit(examine(options.chosen(workspace), json=json))


def completion(
    shell: Annotated[str, typer.Argument(help="bash, zsh or fish")],
) -> None:
    """Print the shell's completion script.

    Example: tio completion bash > ~/.local/share/bash-completion/completions/tio
    """
    from typer._completion_shared import get_completion_script

    from tio.api.errors import Invalid

    if shell not in ("bash", "zsh", "fish"):
        raise Invalid(f"no completion for {shell!r}", "bash, zsh or fish")
    print(get_completion_script(prog_name="tio", complete_var="_TIO_COMPLETE", shell=shell))
