"""The catalogue as others see it: entries to list, labels to call an indicator by."""

from collections.abc import Iterable, Mapping

from tio.api.errors import Invalid
from tio.api.indicators import IndicatorEntry, IndicatorParameter, IndicatorSpec, Pane, Param
from tio.engine.indicators.catalogue import CATALOGUE
from tio.engine.indicators.declare import Group, Indicator, Parameter, Spec
from tio.engine.indicators.live import is_of_library, live
from tio.engine.indicators.tail import PREFIX

TAIL = "pandas-ta"
GUIDES: Mapping[str, tuple[float, ...]] = {
    "adx": (25.0,),
    "cci": (-100.0, 100.0),
    "cmf": (0.0,),
    "cmo": (-50.0, 50.0),
    "fisher": (0.0,),
    "macd": (0.0,),
    "mfi": (20.0, 80.0),
    "mom": (0.0,),
    "ppo": (0.0,),
    "roc": (0.0,),
    "rsi": (30.0, 70.0),
    "stoch": (20.0, 80.0),
    "stochrsi": (20.0, 80.0),
    "trix": (0.0,),
    "tsi": (0.0,),
    "ultosc": (30.0, 70.0),
    "willr": (-80.0, -20.0),
}
"""The values by which an indicator is commonly read."""


def entries(
    query: str = "", group: str = "", more: Iterable[Indicator] = ()
) -> tuple[IndicatorEntry, ...]:
    """The catalogue by group and name; `query` finds in name, title and meaning. Invalid.

    `more` are pandas-ta's, where they are wanted.
    """
    if group and group not in list(Group):
        raise Invalid(f"no group {group!r}", f"groups are {', '.join(Group)}")
    words = query.lower().split()
    found = (
        each
        for each in (*CATALOGUE.values(), *more)
        if group in ("", each.group)
        and all(word in f"{each.name} {each.title} {each.meaning}".lower() for word in words)
    )
    return tuple(map(entry, sorted(found, key=_order)))


def entry(found: Indicator) -> IndicatorEntry:
    """One indicator, told under its defaults."""
    origin = TAIL
    if not found.name.startswith(PREFIX):
        origin = "talib" if is_of_library(Spec(found.name)) else "tio"
    return IndicatorEntry(
        name=found.name,
        title=found.title,
        group=str(found.group),
        inputs=found.inputs,
        parameters=tuple(map(_parameter, found.parameters)),
        outputs=found.outputs,
        pane=Pane(found.pane),
        warm_up=found.warm_up_of({}),
        meaning=found.meaning,
        source=found.source,
        repaints=found.repaints,
        drawn=drawn(found, found.settings({})),
        guides=GUIDES.get(found.name, ()),
        origin=origin,
        constant=origin != TAIL and live(Spec(found.name)).constant,
    )


def drawn(found: Indicator, params: Mapping[str, Param]) -> dict[str, int]:
    """By how many bars each output is drawn ahead or back, under these (all) parameters."""
    if found.drawn is None:
        return {}
    return dict(found.drawn(**{name: value for name, value in params.items() if name != "price"}))


def label(spec: IndicatorSpec, params: Mapping[str, Param], against: str) -> str:
    """What to call it: `RSI 14`, `EMA 50 · 1d`, `BETA 60 / SPY`."""
    told = [f"{value:g}" if isinstance(value, float) else str(value) for value in _told(params)]
    text = " ".join([spec.name.upper(), *told])
    if against:
        text += f" / {against}"
    return f"{text} · {spec.timeframe}" if spec.timeframe else text


def _told(params: Mapping[str, Param]) -> Iterable[Param]:
    return (value for name, value in params.items() if (name, value) != ("price", "close"))


def _parameter(parameter: Parameter) -> IndicatorParameter:
    if isinstance(parameter.default, str):
        return IndicatorParameter(
            name=parameter.name, kind="text", default=parameter.default, choices=parameter.choices
        )
    return IndicatorParameter(
        name=parameter.name,
        kind=type(parameter.default).__name__,
        default=parameter.default,
        low=parameter.low,
        high=parameter.high,
    )


def _order(found: Indicator) -> tuple[int, str]:
    return list(Group).index(found.group), found.name
