"""Which workspace a command means."""

import os

WORKSPACE_VARIABLE = "TIO_WORKSPACE"
AS_OF_VARIABLE = "TIO_AS_OF"
"""The past moment every command is about."""


def chosen(workspace: str, default: str = "") -> str:
    """The workspace meant: the option, the environment, the command's own, the configuration."""
    named = workspace or os.environ.get(WORKSPACE_VARIABLE, "") or default
    if named:
        return named
    from tio.config import load

    return load().engine.workspace
