"""What a daemon asks of its system."""

import asyncio
import gc
import resource
from collections.abc import Iterator

import pytest

from tio import frugal

from fakes import FakeClock, settle


@pytest.fixture
def limit() -> Iterator[int]:
    """The hard limit of open files; the soft one is put back after the test."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_the_limit_of_open_files_is_raised_but_never_lowered(limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, limit))

    assert frugal.allow_descriptors(300) == 300
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (300, limit)

    assert frugal.allow_descriptors(250) == 300
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (300, limit)


async def test_memory_is_given_back_once_a_while_until_cancelled() -> None:
    clock, given = FakeClock(), []
    task = asyncio.create_task(
        frugal.give_back_memory(clock, lambda: given.append(clock.monotonic()))
    )
    for times in (0, 1, 2):
        assert len(given) == times
        async with asyncio.timeout(10):
            while not clock.sleepers:  # a thread gives back; it sleeps again after that
                await settle()
        await clock.advance(frugal.EACH - 0.1)
        assert len(given) == times
        await clock.advance(0.1)
        async with asyncio.timeout(10):
            while len(given) == times:
                await settle()

    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()


def test_what_is_set_apart_is_passed_over_by_the_garbage_collector() -> None:
    kept: list[list[int]] = [[]]
    try:
        frugal.set_apart()
        assert gc.get_freeze_count() > 0
        assert not any(each is kept for each in gc.get_objects())
    finally:
        gc.unfreeze()
    assert any(each is kept for each in gc.get_objects())


def test_free_memory_can_be_given_back_here_or_nothing_is_tried() -> None:
    trim = frugal.trimmer()
    if trim is not None:
        trim()
