"""Waiting for a terminal to have become so, however slow the machine."""

from collections.abc import Callable
from time import monotonic
from typing import Any

from textual.pilot import Pilot

PATIENCE = 60.0
"""Seconds; a test that fails takes as long, one that passes no longer than it needs."""


async def until(pilot: Pilot[Any], true: Callable[[], Any]) -> None:
    """Let the app run until something is so; AssertionError when that never comes."""
    end = monotonic() + PATIENCE
    while not true():
        assert monotonic() < end, "what was waited for never came"
        await pilot.pause(0.01)


async def at_rest(pilot: Pilot[Any]) -> str:
    """What is on the screen, once it has not changed through several rounds of the app."""
    before, same = "", 0
    end = monotonic() + PATIENCE
    while same < 4:
        assert monotonic() < end, "the screen never came to rest"
        await pilot.pause(0.02)
        now = seen(pilot)
        before, same = now, same + 1 if now == before else 0
    return before


def seen(pilot: Pilot[Any]) -> str:
    """Everything on the screen, as text."""
    return "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())
