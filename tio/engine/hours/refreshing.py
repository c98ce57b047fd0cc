"""Make the table of hours anew in a process of its own, and put it in force."""

import asyncio
import contextlib
import importlib.util
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from tio.api.clean import clean
from tio.api.errors import Broken, Conflict
from tio.engine.hours.table import SHIPPED, HoursTable, in_force, read
from tio.engine.jobs import Progress, Work

WITHIN = 300.0
"""Seconds the making may take; it takes about five."""


Maker = Callable[[Path], Awaitable[None]]


def refresh(file: Path, make: Maker | None = None) -> Work[HoursTable]:
    """The work of a job that makes `file` and puts it in force; raises Conflict, Broken.

    A table that lacks a calendar of the shipped one, or reaches less far, is refused.
    """

    async def work(progress: Progress) -> HoursTable:
        fresh = file.with_suffix(".new")
        try:
            progress(None, "asking exchange-calendars")
            await (make or _make)(fresh)
            table = await asyncio.to_thread(_checked, fresh)
            fresh.replace(file)
        finally:
            with contextlib.suppress(FileNotFoundError):
                fresh.unlink()
        in_force.table = table
        return table

    return work


async def _make(file: Path) -> None:
    if importlib.util.find_spec("exchange_calendars") is None:
        raise Conflict(
            "exchange-calendars is not installed beside tio: the table of "
            f"{in_force().made} stays in force",
            "`pip install exchange-calendars` where tio is installed, then try again",
        )
    made = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "ignore", "-m", "tio.engine.hours.generating", str(file)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(WITHIN):
            _, complaint = await made.communicate()
    except TimeoutError:
        raise Broken(f"no table of hours was made within {WITHIN:.0f} s") from None
    finally:
        if made.returncode is None:
            made.kill()
            await made.wait()
    if made.returncode:
        said = complaint.decode(errors="replace").strip().rpartition("\n")[2]
        raise Broken(f"no table of hours was made: {clean(said, limit=200)}")


def _checked(file: Path) -> HoursTable:
    table, shipped = read(file), read(SHIPPED)
    for code in shipped.codes:
        old, new = shipped.calendar(code), table.calendar(code)
        if new.first > old.first or new.last < old.last:
            raise Broken(
                f"the table of hours made now is refused: {code} covers {new.first} to {new.last}, "
                f"the shipped one {old.first} to {old.last}"
            )
    return table
