"""The process that computes pandas-ta's indicators: the only one that imports pandas.

It reads requests from standard input and answers on standard output, each a length of four bytes
and then MessagePack; it ends when its input does.
"""

import inspect
import io
import re
import struct
import sys
import warnings
from typing import Any

import msgspec
import numpy as np

GROUPS = {
    "overlap": "averages",
    "momentum": "momentum",
    "trend": "trend",
    "volatility": "volatility",
    "volume": "volume",
    "statistics": "statistics",
    "performance": "statistics",
    "cycles": "cycles",
    "candles": "price",
}
INPUTS = {
    "open_": "open",
    "open": "open",
    "high": "high",
    "low": "low",
    "close": "close",
    "volume": "volume",
}
UNSET = {"offset", "kwargs", "talib", "fillna"}
"""Parameters that would shift values, or choose who computes them."""
_DEFAULT = re.compile(
    r"^\s*(\w+)\s*\((int|float|str)\):.*?[Dd]efault:\s*'?([\w.+-]+)", re.MULTILINE
)
SAMPLE, EARLIER = 420, 380
COLUMNS = ("open", "high", "low", "close", "volume")


def main() -> None:
    """Answer until the input ends."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    # What the library prints must not come between the answers.
    sys.stdout = io.StringIO()
    warnings.simplefilter("ignore")
    while head := source.read(4):
        request = msgspec.msgpack.decode(source.read(struct.unpack(">I", head)[0]))
        try:
            answer = {"value": answered(request)} if installed() else {"absent": True}
        except Exception as error:  # noqa: BLE001 - the library raises anything
            answer = {"error": f"{type(error).__name__}: {error}"[:300]}
        body = msgspec.msgpack.encode(answer)
        sink.write(struct.pack(">I", len(body)) + body)
        sink.flush()


def installed() -> bool:
    """Whether the library can be imported."""
    try:
        import pandas_ta_classic  # noqa: F401
    except ImportError:
        return False
    return True


def answered(request: dict[str, Any]) -> Any:
    """What a request asks for."""
    if request["do"] == "list":
        return listed()
    columns = {name: np.frombuffer(request[name]) for name in COLUMNS}
    time = np.frombuffer(request["time"], dtype=np.int64)
    outputs = computed(request["name"], time, columns, request["params"])
    return {name: np.ascontiguousarray(values).tobytes() for name, values in outputs.items()}


def listed() -> list[dict[str, Any]]:
    """What can be called with bars and gives a number a bar that later bars do not change."""
    import pandas_ta_classic as library

    found = []
    time, bars = sample()
    for category, names in library.Category.items():
        for name in names:
            function = getattr(library, name, None)
            if not callable(function):
                continue
            known = inspect.signature(function).parameters
            needs = [each for each in known.values() if each.default is each.empty]
            needs = [each for each in needs if each.kind is not each.VAR_KEYWORD]
            if not needs or any(each.name not in INPUTS for each in needs):
                continue
            outputs = warm_up = None
            try:
                outputs, warm_up = tried(name, time, bars)
            except Exception:  # noqa: BLE001 - it cannot be called with these bars
                continue
            if outputs:
                found.append(
                    {
                        "name": name,
                        "group": GROUPS.get(category, "statistics"),
                        "inputs": [INPUTS[each.name] for each in needs],
                        "outputs": outputs,
                        "warm_up": warm_up,
                        "over": category == "overlap",
                        "params": parameters(function),
                        "meaning": first_line(function),
                    }
                )
    return found


def tried(name: str, time: np.ndarray, bars: dict[str, np.ndarray]) -> tuple[list[str], int]:
    """The outputs over a sample, and their warm-up; none when later bars change earlier values."""
    whole = computed(name, time, bars, {})
    earlier = computed(
        name, time[:EARLIER], {each: column[:EARLIER] for each, column in bars.items()}, {}
    )
    for output, values in earlier.items():
        if output not in whole or not np.allclose(
            values, whole[output][:EARLIER], rtol=1e-9, atol=1e-9, equal_nan=True
        ):
            return [], 0
    known = [np.flatnonzero(np.isfinite(each)) for each in whole.values()]
    if not all(map(len, known)):
        return [], 0
    return list(whole), max(int(each[0]) for each in known)


def computed(
    name: str, time: np.ndarray, bars: dict[str, np.ndarray], params: dict[str, Any]
) -> dict[str, np.ndarray]:
    """Each output as long as the bars, NaN where it has no value."""
    import pandas as pd
    import pandas_ta_classic as library

    function = getattr(library, name)
    index = pd.DatetimeIndex(time.astype("datetime64[us]"))
    known = inspect.signature(function).parameters
    given = {
        each: pd.Series(bars[INPUTS[each]], index=index)
        for each, about in known.items()
        if each in INPUTS and about.default is about.empty
    }
    result = function(**given, **params)
    if result is None:
        return {}
    if isinstance(result, tuple):
        result = result[0]
    frame = result.to_frame() if isinstance(result, pd.Series) else result
    if len(frame) != len(time):
        return {}
    return {
        output: frame[column].to_numpy(dtype=np.float64, na_value=np.nan)
        for output, column in zip(names_of(frame.columns), frame.columns, strict=True)
    }


def names_of(columns: Any) -> list[str]:
    """`BBL_20_2.0` → `bbl`; those that would be alike are numbered."""
    names: list[str] = []
    for column in columns:
        name = re.sub(r"\W+", "", re.split(r"_[\d.]", str(column).lower())[0]) or "value"
        names.append(f"{name}_{len(names) + 1}" if name in names else name)
    return names


def parameters(function: Any) -> list[dict[str, Any]]:
    """Those with a default the documentation tells."""
    known = inspect.signature(function).parameters
    told = {}
    for name, kind, default in _DEFAULT.findall(inspect.getdoc(function) or ""):
        if name not in known or name in UNSET or name in INPUTS:
            continue
        try:
            told[name] = {"int": int, "float": float, "str": str}[kind](default.rstrip("."))
        except ValueError:
            continue
    return [{"name": name, "default": default} for name, default in told.items()]


def first_line(function: Any) -> str:
    """What the documentation calls it."""
    lines = (inspect.getdoc(function) or "").strip().splitlines()
    return lines[0].strip()[:200] if lines else ""


def sample() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Hourly bars of a walk."""
    random = np.random.default_rng(5)
    close = 100 * np.exp(np.cumsum(random.normal(0, 0.01, SAMPLE)))
    opens = np.concatenate((close[:1], close[:-1]))
    high = np.maximum(opens, close) * (1 + random.random(SAMPLE) * 0.01)
    low = np.minimum(opens, close) * (1 - random.random(SAMPLE) * 0.01)
    volume = np.round(random.random(SAMPLE) * 1e5) + 1
    time = 1_600_000_000_000_000 + np.arange(SAMPLE) * 3_600_000_000
    bars = {"open": opens, "high": high, "low": low, "close": close, "volume": volume}
    return time, bars


if __name__ == "__main__":
    main()
