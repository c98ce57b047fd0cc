"""daemon: start, stop, status, logs, run."""

from typing import TYPE_CHECKING, Annotated

import typer

from tio.commands import options

if TYPE_CHECKING:
    from tio.paths import WorkspacePaths

group = typer.Typer(
    name="daemon",
    help="The engine without a screen: start, stop, status, logs, run.\n\n"
    "Example: tio daemon start",
    no_args_is_help=True,
)


def join(cli: typer.Typer) -> None:
    cli.add_typer(group)


@group.command()
def start(workspace: options.Workspace = "") -> None:
    """Start a daemon and wait until it answers; an open terminal hands its engine over.

    Example: tio daemon start
    """
    from tio import daemon
    from tio.commands.printing import say

    found = daemon.start(_place(workspace))
    say(f"the daemon of workspace {found.workspace} runs (process {found.pid}): {found.socket}")


@group.command()
def stop(workspace: options.Workspace = "") -> None:
    """Ask the daemon to finish and leave, and wait for it.

    Example: tio daemon stop
    """
    from tio import daemon
    from tio.commands.printing import say

    pid = daemon.stop(_place(workspace))
    say(f"the daemon (process {pid}) has left")


@group.command()
def status(json: options.AsJson = False, workspace: options.Workspace = "") -> None:
    """Whether an engine runs; exit code 4 when none does.

    Example: tio daemon status --json
    """
    from tio import daemon
    from tio.commands.printing import print_json

    found = daemon.status(_place(workspace))
    if json:
        print_json(found)
    elif found.running:
        hours, minutes = divmod(int(found.uptime) // 60, 60)
        print(
            f"{found.workspace}: a {found.holder} runs (process {found.pid}), tio {found.version}, "
            f"up {hours} h {minutes} min, {found.clients} clients\n{found.socket}"
        )
    else:
        print(f"{found.workspace}: no engine runs")
    if not found.running:
        raise typer.Exit(4)


@group.command()
def logs(
    lines: Annotated[int, typer.Option("--lines", "-n", help="The last so many.", min=0)] = 30,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="And those that come.")] = False,
    workspace: options.Workspace = "",
) -> None:
    """What the daemon wrote down: JSON lines.

    Example: tio daemon logs --follow
    """
    from tio.api.clean import clean
    from tio.api.errors import NotFound
    from tio.daemon_log import follow as followed
    from tio.daemon_log import last_lines

    log = _place(workspace).log
    if not log.exists():
        raise NotFound(f"there is no log at {log} yet", "`tio daemon start` begins one")
    for line in followed(log, lines) if follow else last_lines(log, lines):
        print(clean(line), flush=follow)


@group.command()
def run(workspace: options.Workspace = "") -> None:
    """Be the daemon, here, until ctrl+c or SIGTERM; logs to standard error.

    Example: tio daemon run
    """
    from tio import daemon
    from tio.config import load

    daemon.run(_place(workspace), load())


def _place(workspace: str) -> "WorkspacePaths":
    from tio.paths import Paths

    return Paths.find().workspace(options.chosen(workspace))
