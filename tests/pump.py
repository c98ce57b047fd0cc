"""What tests of adapters over real sockets share: time moved on, frames spoilt."""

import random
from collections.abc import Awaitable, Callable, Sequence

from faulty_server import FaultyServer, delivered

from fakes import FakeClock


async def pump(
    clock: FakeClock,
    server: FaultyServer,
    true: Callable[[], bool],
    *,
    beat: Callable[[], Awaitable[None]] | None = None,
    step: float = 0.3,
    most: float = 120.0,
) -> float:
    """Move the clock in steps until something is true; the seconds that took.

    `beat` is what the venue does each step, as to say its heartbeat.
    """
    began = clock.monotonic()
    while not true():
        if clock.monotonic() - began > most:
            raise AssertionError(f"not within {most:g} s")
        if beat is not None:
            await beat()
        await clock.advance(step)
        await delivered()
    return clock.monotonic() - began


def spoilt(frames: Sequence[str], count: int) -> list[str]:
    """Frames of a venue with some of their bytes flipped, cut, or replaced; always the same."""
    dice = random.Random("".join(frames))
    found: list[str] = []
    for _ in range(count):
        frame = bytearray(dice.choice(frames).encode())
        for _ in range(dice.randint(1, 4)):
            place = dice.randrange(len(frame) + 1)
            match dice.randrange(3):
                case 0:
                    frame[place : place + 1] = bytes([dice.randrange(32, 127)])
                case 1:
                    del frame[place : place + dice.randint(1, 20)]
                case 2:
                    frame[place:place] = dice.choice(
                        (b"null", b'"', b"-1e999", b"[[[[", b"{}", b"9" * 30)
                    )
        found.append(frame.decode(errors="replace"))
    return found
