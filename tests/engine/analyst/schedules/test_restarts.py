"""Whatever restarts, sleeps and clocks do: a due moment leaves one report, or is said missed."""

import asyncio
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from report_schedules import FRIDAY, Bench, PutClock, Writer, bench

from tio.api.errors import SourceUnavailable
from tio.engine.analyst.schedules.timing import LATE

waits = st.tuples(st.just("wait"), st.integers(1, 3_000))
backs = st.tuples(st.just("back"), st.integers(1, 90))
others = st.tuples(st.sampled_from(("restart", "killed", "fails")), st.just(0))
lives = st.lists(st.one_of(waits, waits, backs, others), min_size=3, max_size=14)


async def lived(folder: Path, steps: list[tuple[str, int]]) -> None:
    """Live so; what is kept at the end is held against all that was due."""
    clock, writer = PutClock(), Writer()
    latest, failed = FRIDAY, 0
    async with bench(folder, clock, writer) as desk:
        await desk.save()
    for step, minutes in steps:
        if step in ("wait", "back"):
            clock.put(clock.now() + timedelta(minutes=minutes if step == "wait" else -minutes))
        latest = max(latest, clock.now())
        async with bench(folder, clock, writer) as desk:
            asked = len(writer.asked)
            writer.fault = SourceUnavailable("nothing is known") if step == "fails" else None
            if step == "killed":
                await killed(desk, writer)
                continue
            await desk.desk.runs.look()
            failed += step == "fails" and len(writer.asked) > asked
    async with bench(folder, clock, writer) as desk:
        await desk.desk.runs.look()
        kept, told = await desk.reports(), await desk.listed()
    dues = [each.due for each in kept[::-1] if each.due is not None]
    assert all(one < other for one, other in pairwise(dues))
    assert all(each.made - each.due <= LATE for each in kept if each.due is not None)
    first = FRIDAY.replace(hour=16)
    days = (latest - first) // timedelta(days=1) + 1 if latest >= first else 0
    gave_up = days - len(dues) - told.missed - failed
    assert gave_up >= 0
    assert gave_up == 0 or any(step == "killed" for step, _ in steps)
    assert writer.crowd <= 1


async def killed(desk: Bench, writer: Writer) -> None:
    """Look what is due, and end while it is made, if it is."""
    writer.held = asyncio.Event()
    asked = len(writer.asked)
    looking = asyncio.create_task(desk.desk.runs.look())
    made = asyncio.create_task(writer.until(asked + 1))
    await asyncio.wait({looking, made}, return_when=asyncio.FIRST_COMPLETED)
    for task in (looking, made):
        task.cancel()
    await asyncio.gather(looking, made, return_exceptions=True)
    writer.held = None


@settings(max_examples=30, deadline=None)
@given(lives)
def test_no_due_moment_is_made_twice_or_forgotten(steps: list[tuple[str, int]]) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(lived(Path(folder), steps))
