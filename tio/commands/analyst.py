"""analyst: models, doctor, key set, key delete; its schedules; what its views came to."""

from typing import Annotated

import typer

from tio.commands import options, schedules, views

Model = Annotated[
    str, typer.Argument(help="As config.toml names it, or a part of it that no other has.")
]

analyst_group = typer.Typer(
    name="analyst",
    help="The analyst's language models: models, doctor, key; its reports in the background:"
    " schedule, reports; what became of its views: record, views.\n\nExample: tio analyst models",
    invoke_without_command=True,
)
key_group = typer.Typer(
    name="key",
    help="Keys of models' servers, kept in the system's keyring: set, delete.\n\n"
    "Example: tio analyst key set api.example.com",
    no_args_is_help=True,
)
analyst_group.add_typer(key_group)


def join(cli: typer.Typer) -> None:
    cli.add_typer(analyst_group)


@analyst_group.callback()
def analyst(context: typer.Context, json: options.AsJson = False) -> None:
    """The models in the order they are asked, and how each stands."""
    if context.invoked_subcommand is None:
        models(json=json)


@analyst_group.command()
def models(
    check: Annotated[bool, typer.Option("--check", help="Ask each server first.")] = False,
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """The models in the order they are asked, how each stands, and what today took of it.

    Example: tio analyst models --check
    """
    from tio.api.models import ListModels
    from tio.commands import model_tables
    from tio.commands.asking import ask
    from tio.commands.printing import print_json

    found = ask(ListModels(check), options.chosen(workspace))
    print_json(found) if json else model_tables.print_models(found)


@analyst_group.command()
def doctor(
    model: Annotated[str, typer.Argument(help="One model; none: all of them in turn.")] = "",
    json: options.AsJson = False,
    workspace: options.Workspace = "",
) -> None:
    """Try what tio needs of your models: answers, speed, tools, shapes, window, what they invent.

    Asks some ten short questions and one long one of each, which take time and, where tokens
    cost, a little money. Ends with 0 when all is well, 1 when something failed, 4 when no server
    could be asked.

    Example: tio analyst doctor ollama:qwen3
    """
    from tio.commands import examining

    code = examining.run(model, options.chosen(workspace), json=json)
    if code:
        raise typer.Exit(code)


@key_group.command("set")
def set_key(model: Model, workspace: options.Workspace = "") -> None:
    """Keep the key of a model's server, asked for without echo; from a pipe, a line.

    Example: tio analyst key set api.example.com
    """
    from tio.api.errors import Invalid, NotFound
    from tio.api.models import ListModels, SetModelKey
    from tio.commands import model_tables
    from tio.commands.asking import ask
    from tio.commands.sources import secret

    chosen = options.chosen(workspace)
    if not any(model in each.name for each in ask(ListModels(), chosen)):
        raise NotFound(f"config.toml names no model {model!r}", "`tio analyst models` lists them")
    value = secret(f"key for {model}: ")
    if not value:
        raise Invalid(f"no key was given for {model}; nothing was changed")
    model_tables.say_key(ask(SetModelKey(model, value), chosen))


@key_group.command("delete")
def delete_key(model: Model, workspace: options.Workspace = "") -> None:
    """Forget the key of a model's server.

    Example: tio analyst key delete api.example.com
    """
    from tio.api.models import DeleteModelKey
    from tio.commands import model_tables
    from tio.commands.asking import ask

    model_tables.say_key(ask(DeleteModelKey(model), options.chosen(workspace)))


schedules.join(analyst_group)
views.join(analyst_group)
