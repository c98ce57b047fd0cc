"""The Desk, or its figures once where there is no terminal. Light: start-up is import cost."""

import gc
import os
import sys
from typing import TYPE_CHECKING

from tio.commands.workspace import AS_OF_VARIABLE

if TYPE_CHECKING:
    from tio.api.files import StartReplay
    from tio.config import Config


def run_desk(
    workspace: str,
    *,
    config: "Config | None" = None,
    screen: str = "desk",
    symbol: str = "",
    link: str = "",
    line: str = "",
    first: "StartReplay | None" = None,
) -> None:
    """The terminal on a workspace, until it is left; without a terminal the Desk printed once."""
    from tio.config import load

    settings = config or load()
    if not (sys.stdout.isatty() and sys.stdin.isatty()):
        from tio.commands.desk_print import print_desk

        print_desk(workspace, settings)
        return
    back = os.environ.get(AS_OF_VARIABLE, "")
    if back and not line:
        line = f"AS-OF {back}"
    # What starting makes stays: looking through it for garbage is time lost. The app looks again.
    gc.disable()
    from tio.commands.opening import run_app

    run_app(workspace, settings, screen=screen, symbol=symbol, link=link, line=line, first=first)
