"""The question for a file of this machine; → completes its path."""

import asyncio
import os
from pathlib import Path

from textual.suggester import Suggester

from tio.screens.questions import Question


class _Paths(Suggester):
    """The first file or folder that begins as typed; folders end with a slash."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        return await asyncio.to_thread(suggested, value)


def suggested(typed: str) -> str | None:
    """The path as typed and gone on with, None where nothing begins so."""
    folder, slash, name = typed.rpartition(os.sep)
    if not typed:
        return None
    try:
        with os.scandir(Path((folder or slash) or ".").expanduser()) as entries:
            found = sorted(
                each.name + (os.sep if each.is_dir() else "")
                for each in entries
                if each.name.startswith(name) and (name or not each.name.startswith("."))
            )
    except OSError:
        return None
    return f"{folder}{slash}{found[0]}" if found and found[0] != name else None


def whole(path: str) -> str:
    """A path as the engine wants it: absolute, ~ the home."""
    return str(Path(path.strip().strip("'\"")).expanduser().absolute())


def path_question(words: str, path: str = "") -> Question:
    return Question(words, path, _Paths())
