"""What a daemon sees to for a crowd: descriptors, short pauses, unused memory given back."""

import asyncio
import ctypes
import gc
import resource
import sys
from collections.abc import Callable

from tio.plugin import Clock

DESCRIPTORS = 8_192
EACH = 10.0
"""Seconds between two times that memory is given back; it takes about a millisecond."""


def allow_descriptors(most: int = DESCRIPTORS) -> int:
    """Raise the limit of open files to `most`, or as far as it goes; what it is then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
    if soft == resource.RLIM_INFINITY or soft >= allowed:
        return soft
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return allowed


def set_apart() -> None:
    """Let the garbage collector pass over all there is now: each of its rounds stops the engine."""
    gc.collect()
    gc.freeze()


async def give_back_memory(clock: Clock, trim: Callable[[], None] | None = None) -> None:
    """Give back now and then what start-up, or clients that left, do not use any more."""
    chosen = trim or trimmer()
    while chosen is not None:
        await clock.sleep(EACH)
        await asyncio.to_thread(chosen)


def trimmer() -> Callable[[], None] | None:
    """What returns free memory to the system; None where the C library cannot (glibc can)."""
    if not sys.platform.startswith("linux"):
        return None
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return None if trim is None else lambda: trim(0)
