import asyncio
from typing import Any

from tio.wire.pace import GROUPS, Pace


async def test_each_waits_at_most_a_window_and_groups_take_turns() -> None:
    loop = asyncio.get_running_loop()
    pace = Pace(0.05)
    struck: list[float] = []
    began = loop.time()

    async def wait(beat: Any) -> None:
        await beat.next()
        struck.append(loop.time())

    async with asyncio.TaskGroup() as group:
        for _ in range(GROUPS):
            group.create_task(wait(pace.join()))

    assert max(struck) - began < 1.0
    assert len({round(at, 4) for at in struck}) > GROUPS // 2


async def test_one_that_gives_up_does_not_hold_the_others() -> None:
    beat = Pace(0.01).join()
    gone, stays = (asyncio.ensure_future(beat.next()) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()

    await asyncio.wait_for(stays, 5)

    assert gone.cancelled()
