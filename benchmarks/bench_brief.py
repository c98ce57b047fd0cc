"""A full brief by rules over the demo's market, warm.

`python benchmarks/bench_brief.py`; the median of 20. Limit: 300 ms.
"""

import asyncio
import os
import statistics
import tempfile
import time

from tio.api.analyst import Brief, Depth
from tio.config import Config, Demo
from tio.engine.local import LocalEngine
from tio.paths import Paths

ROUNDS, LIMIT = 20, 0.3


async def measured() -> list[float]:
    """Seconds of each brief after a first one."""
    load = Demo(symbols=10, rate=50.0)
    engine = LocalEngine(Paths.find().workspace("demo"), Config(demo=load))
    await engine.start()
    taken: list[float] = []
    try:
        session = engine.session()
        await session.ask(Brief("SIM:ACME", Depth.full))
        for _ in range(ROUNDS):
            began = time.perf_counter()
            await session.ask(Brief("SIM:ACME", Depth.full))
            taken.append(time.perf_counter() - began)
    finally:
        await engine.close()
    return taken


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        os.environ["TIO_HOME"] = home
        taken = asyncio.run(measured())
    median = statistics.median(taken)
    print(f"median {median * 1_000:.1f} ms, slowest {max(taken) * 1_000:.1f} ms")
    if median > LIMIT:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
