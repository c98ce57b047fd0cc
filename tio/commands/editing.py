"""Editing config.toml so that a mistake never replaces a good file."""

import os
import shlex
import shutil
import subprocess
from pathlib import Path

from tio.api.errors import Misconfigured, NotFound
from tio.commands.printing import say
from tio.config import load, shipped
from tio.paths import Paths


def edit_config() -> None:
    """Edit a copy, check it, put it in place; Misconfigured leaves the old file in use."""
    file = Paths.find().config_file
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".draft.toml")
    if not draft.exists():
        shutil.copyfile(file if file.exists() else shipped(), draft)
    _edit(draft)
    try:
        load(draft)
    except Misconfigured as error:
        raise Misconfigured(
            error.message, f"the old settings stay in use; `tio config edit` goes on with {draft}"
        ) from error
    draft.replace(file)
    say(f"{file} is in use from the next start of the engine")


def _edit(draft: Path) -> None:
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        code = subprocess.call([*shlex.split(command), str(draft)])
    except FileNotFoundError:
        raise NotFound(f"there is no editor {command!r}", "set EDITOR to one there is") from None
    if code:
        raise Misconfigured(f"{command} ended with {code}; nothing was changed")
