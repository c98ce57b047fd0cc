"""daemon: start, stop, status, logs, run."""

import typer

group = typer.Typer(
    name="daemon",
    help="The engine without a screen: start, stop, status, logs, run.\n\n"
    "Example: tio daemon start",
    no_args_is_help=True,
)


def join(cli: typer.Typer) -> None:
    cli.add_typer(group)
