"""How the common indicators are made of TA-Lib's streams, one bar at a time."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from tio.engine.indicators.declare import HL, HLC, HLCV

Values = tuple[float, ...]
Step = Callable[..., Values]
"""(key, TA-Lib function, bars before its first value, *numbers, **options) → its outputs."""


def _plain(
    function: str, inputs: tuple[str, ...], back: Callable[..., int], **names: str
) -> Callable[..., Values]:
    """A TA-Lib stream as it is: our parameter = its name of it."""

    def recipe(step: Step, bar: Any, /, **params: Any) -> Values:
        numbers = (getattr(bar, name) for name in inputs)
        options = {names[name]: value for name, value in params.items()}
        return step(function, function, back(**params), *numbers, **options)

    return recipe


def _window(function: str, *inputs: str) -> Callable[..., Values]:
    return _plain(function, inputs, lambda length: length - 1, length="timeperiod")


def _after(function: str, *inputs: str) -> Callable[..., Values]:
    """The same, where the first bar only gives the second something to compare with."""
    return _plain(function, inputs, lambda length: length, length="timeperiod")


def _mean(step: Step, key: str, value: float, length: int) -> float:
    return value if length == 1 else step(key, "SMA", length - 1, value, timeperiod=length)[0]


def _bbands(step: Step, bar: Any, length: int, width: float) -> Values:
    middle = step("mean", "SMA", length - 1, bar.close, timeperiod=length)[0]
    spread = step("off", "STDDEV", length - 1, bar.close, timeperiod=length, nbdev=1.0)[0] * width
    upper, lower = middle + spread, middle - spread
    room = upper - lower
    percent = (bar.close - lower) / room if room else float("nan")
    return upper, middle, lower, percent, room / middle if middle else float("nan")


def _stoch(step: Step, bar: Any, length: int, smooth: int, signal: int) -> Values:
    prices = (bar.high, bar.low, bar.close)
    raw = step("raw", "STOCHF", length - 1, *prices, fastk_period=length, fastd_period=1)[0]
    slow = _mean(step, "slow", raw, smooth)
    return slow, _mean(step, "signal", slow, signal)


def _adx(step: Step, bar: Any, length: int) -> Values:
    prices = (bar.high, bar.low, bar.close)
    lookbacks = {"ADX": 2 * length - 1, "PLUS_DI": length, "MINUS_DI": length}
    return tuple(
        step(name, name, back, *prices, timeperiod=length)[0] for name, back in lookbacks.items()
    )


def _aroon(step: Step, bar: Any, length: int) -> Values:
    down, up = step("aroon", "AROON", length, bar.high, bar.low, timeperiod=length)[:2]
    return up, down, up - down


def _macd(step: Step, bar: Any, fast: int, slow: int, signal: int) -> Values:
    options = {"fastperiod": fast, "slowperiod": slow, "signalperiod": signal}
    return step("macd", "MACD", max(fast, slow) + signal - 2, bar.close, **options)[:3]


def _donchian(step: Step, bar: Any, length: int) -> Values:
    upper = step("top", "MAX", length - 1, bar.high, timeperiod=length)[0]
    lower = step("bottom", "MIN", length - 1, bar.low, timeperiod=length)[0]
    return upper, (upper + lower) / 2, lower


def _first(recipe: Callable[..., Values]) -> Callable[..., Values]:
    def only(step: Step, bar: Any, /, **params: Any) -> Values:
        return recipe(step, bar, **params)[:1]

    return only


RECIPES: Mapping[str, Callable[..., Values]] = MappingProxyType(
    {
        "sma": _first(_window("SMA", "close")),
        "ema": _first(_window("EMA", "close")),
        "wma": _first(_window("WMA", "close")),
        "rma": _first(_window("RMA", "close")),
        "trima": _first(_window("TRIMA", "close")),
        "lsma": _first(_window("LINEARREG", "close")),
        "midpoint": _first(_window("MIDPOINT", "close")),
        "midprice": _first(_window("MIDPRICE", *HL)),
        "highest": _first(_window("MAX", "close")),
        "lowest": _first(_window("MIN", "close")),
        "cci": _first(_window("CCI", *HLC)),
        "willr": _first(_window("WILLR", *HLC)),
        "rsi": _first(_after("RSI", "close")),
        "cmo": _first(_after("CMO", "close")),
        "roc": _first(_after("ROC", "close")),
        "mom": _first(_after("MOM", "close")),
        "atr": _first(_after("ATR", *HLC)),
        "mfi": _first(_after("MFI", *HLCV)),
        "obv": _first(_plain("OBV", ("close", "volume"), lambda: 0)),
        "ad": _first(_plain("AD", HLCV, lambda: 0)),
        "sar": _first(
            _plain("SAR", HL, lambda step, maximum: 1, step="acceleration", maximum="maximum")
        ),
        "bbands": _bbands,
        "stoch": _stoch,
        "adx": _adx,
        "aroon": _aroon,
        "macd": _macd,
        "donchian": _donchian,
    }
)
