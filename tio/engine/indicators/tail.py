"""pandas-ta's indicators, `pta.*`: computed in a process of their own, begun on first use."""

import asyncio
import struct
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import msgspec
import numpy as np

from tio.api.errors import Broken, Invalid, Misconfigured, NotFound
from tio.api.indicators import Param
from tio.engine.indicators.declare import Floats, Group, Indicator, Outputs, Pane, Parameter
from tio.engine.store.columns import Columns

PREFIX = "pta."
PATIENCE, FIRST = 30.0, 120.0
"""Seconds an answer may take, and the first, which imports pandas and tries every function."""
MOST = 1e9
_LETTERS = {"open": "open", "high": "high", "low": "low", "close": "close", "volume": "volume"}


class Tail:
    """The worker and its catalogue. One request at a time; a worker that died is begun again."""

    def __init__(
        self, command: Sequence[str] = (), patience: float = PATIENCE, first: float = FIRST
    ) -> None:
        module = "tio.engine.indicators.tail_worker"
        self._command = tuple(command) or (sys.executable, "-m", module)
        self._patience, self._first = patience, first
        self._process: asyncio.subprocess.Process | None = None
        self._one = asyncio.Lock()
        self._catalogue: Mapping[str, Indicator] | None = None

    async def catalogue(self) -> Mapping[str, Indicator]:
        """Every indicator by its name; Misconfigured when the library is not installed."""
        if self._catalogue is None:
            listed = await self._ask({"do": "list"}, max(self._patience, self._first))
            made = (_indicator(each) for each in listed)
            self._catalogue = {each.name: each for each in made}
        return self._catalogue

    async def indicator(self, name: str) -> Indicator:
        """One of them; NotFound with those that look alike."""
        from difflib import get_close_matches

        known = await self.catalogue()
        found = known.get(name.lower())
        if found is None:
            near = get_close_matches(name.lower(), known, n=3)
            hint = f"did you mean {', '.join(near)}?" if near else ""
            raise NotFound(f"no indicator {name!r}", hint)
        return found

    async def compute(
        self, found: Indicator, params: Mapping[str, Param], bars: Columns
    ) -> Outputs:
        """Each output beside the bars; a bar that misses an input is passed over. Invalid."""
        whole = np.ones(len(bars), dtype=np.bool_)
        for name in found.inputs:
            whole &= np.isfinite(getattr(bars, name))
        kept = Columns(np.ascontiguousarray(bars.block[:, whole]))
        request: dict[str, Any] = {
            "do": "compute",
            "name": found.name.removeprefix(PREFIX),
            "params": dict(params),
            "time": kept.time.tobytes(),
        }
        for name in _LETTERS:
            request[name] = np.ascontiguousarray(getattr(kept, name)).tobytes()
        told = await self._ask(request) if len(kept) else {}
        return tuple(_spread(told.get(name), whole) for name in found.outputs)

    async def close(self) -> None:
        """End the worker."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()

    async def _ask(self, request: dict[str, Any], patience: float | None = None) -> Any:
        waited = self._patience if patience is None else patience
        async with self._one:
            try:
                async with asyncio.timeout(waited):
                    answer = await self._exchanged(request)
            except TimeoutError:
                await self.close()
                raise Broken(
                    f"pandas-ta had no answer within {waited:g} s",
                    "ask for fewer bars, or another indicator",
                ) from None
            except (OSError, asyncio.IncompleteReadError) as error:
                await self.close()
                raise Broken("the process that computes pta.* ended", "ask again") from error
            except asyncio.CancelledError:
                # Its answer would be taken for the next one's.
                await self.close()
                raise
        if "absent" in answer:
            await self.close()
            raise Misconfigured("pandas-ta-classic is not installed", "pip install 'tio[pta]'")
        if "error" in answer:
            raise Invalid(f"pandas-ta cannot compute that: {answer['error']}")
        return answer["value"]

    async def _exchanged(self, request: dict[str, Any]) -> dict[str, Any]:
        process = self._process
        if process is None or process.returncode is not None:
            process = self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
        assert process.stdin is not None
        assert process.stdout is not None
        body = msgspec.msgpack.encode(request)
        process.stdin.write(struct.pack(">I", len(body)) + body)
        await process.stdin.drain()
        head = await process.stdout.readexactly(4)
        answer = await process.stdout.readexactly(struct.unpack(">I", head)[0])
        found: dict[str, Any] = msgspec.msgpack.decode(answer)
        return found


def _indicator(told: dict[str, Any]) -> Indicator:
    params = tuple(
        Parameter(each["name"], each["default"], *_bounds(each["default"]))
        for each in told["params"]
    )
    return Indicator(
        f"{PREFIX}{told['name']}",
        told["meaning"] or told["name"],
        tuple(told["inputs"]),
        params,
        tuple(told["outputs"]),
        told["meaning"],
        "pandas-ta-classic",
        _not_here,
        partial(_warm_up, told["warm_up"]),
        group=Group(told["group"]),
        pane=Pane.overlay if told["over"] else Pane.own,
        sparse=True,
    )


def _bounds(default: Param) -> tuple[float, float]:
    return (0, 5_000) if isinstance(default, int) else (-MOST, MOST)


def _warm_up(told: int, **params: Param) -> int:
    """As seen under the defaults, or what the longest length asks for."""
    return max([told, *(2 * each for each in params.values() if isinstance(each, int))])


def _not_here(*_: Any, **__: Any) -> Outputs:
    raise AssertionError("pta.* is computed in its own process")


def _spread(told: bytes | None, whole: np.ndarray) -> Floats:
    column = np.full(len(whole), np.nan)
    if told is not None:
        values = np.frombuffer(told)
        column[whole] = np.where(np.isfinite(values), values, np.nan)
    return column
