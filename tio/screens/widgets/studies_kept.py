"""The indicators a person keeps on a chart: as JSON, and changed step by step within bounds."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from tio.api.errors import Invalid
from tio.api.indicators import IndicatorEntry, IndicatorParameter, IndicatorSpec, Param
from tio.api.market import Timeframe
from tio.api.spec_text import parameters_of, parse_specs

KEY = "chart.studies"
MOST = 24
SHARES = (0.08, 0.12, 0.17, 0.25, 0.35, 0.5, 0.7, 1.0)
"""The heights of a pane against the prices', as they are stepped through."""
Catalogue = Mapping[str, IndicatorEntry]


class Study(msgspec.Struct, frozen=True):
    """An indicator on the chart; `share` is its pane's height against the prices'."""

    spec: IndicatorSpec
    share: Annotated[float, Meta(ge=0.02, le=2.0)] = 0.25

    def resized(self, steps: int) -> "Study":
        """Its pane so many steps higher, or lower."""
        near = min(range(len(SHARES)), key=lambda at: abs(SHARES[at] - self.share))
        return replace(self, share=SHARES[min(max(near + steps, 0), len(SHARES) - 1)])


def studies_of(text: str) -> tuple[Study, ...]:
    """The studies a kept text tells; a text that tells none is none."""
    try:
        return studies_from(msgspec.json.decode(text)) if text else ()
    except msgspec.DecodeError:
        return ()


def studies_from(told: Any) -> tuple[Study, ...]:
    """The studies a list of JSON values tells; what is odd in it is passed over."""
    found: dict[IndicatorSpec, Study] = {}
    for each in told if isinstance(told, list) else ():
        try:
            study = msgspec.convert(each, Study)
        except msgspec.ValidationError:
            continue
        found.setdefault(study.spec, study)
    return tuple(found.values())[:MOST]


def as_text(studies: Iterable[Study]) -> str:
    """Studies as they are kept, "" for none."""
    kept = tuple(studies)
    return msgspec.json.encode(kept).decode() if kept else ""


def with_specs(studies: Sequence[Study], specs: Iterable[IndicatorSpec]) -> tuple[Study, ...]:
    """The studies with further ones, none twice; Invalid when there are too many."""
    have = {study.spec for study in studies}
    more = [Study(spec) for spec in dict.fromkeys(specs) if spec not in have]
    if len(studies) + len(more) > MOST:
        raise Invalid(f"a chart shows at most {MOST} indicators", "Close one with w and delete.")
    return (*studies, *more)


def specs_in(text: str, catalogue: Catalogue, timeframe: Timeframe) -> tuple[IndicatorSpec, ...]:
    """The indicators a person typed, each within its bounds; NotFound, Invalid."""
    found = parse_specs(text, parameters_of(catalogue.values()))
    return tuple(checked_spec(spec, catalogue[spec.name], timeframe) for spec in found)


def checked_spec(spec: IndicatorSpec, entry: IndicatorEntry, timeframe: Timeframe) -> IndicatorSpec:
    """A spec whose values lie in their bounds, without those that are the defaults; Invalid."""
    if spec.timeframe is not None and spec.timeframe.step < timeframe.step:
        raise Invalid(f"{spec.timeframe} is shorter than the chart's {timeframe}")
    params: dict[str, Param] = {}
    for parameter in entry.parameters:
        if parameter.name in spec.params:
            value = checked(parameter, said(spec.params[parameter.name]))
            if value != parameter.default:
                params[parameter.name] = value
    longer = spec.timeframe if spec.timeframe != timeframe else None
    return replace(spec, params=params, timeframe=longer, against=spec.against.upper())


def changed(spec: IndicatorSpec, parameter: IndicatorParameter, value: Param) -> IndicatorSpec:
    """The spec with another value of one parameter; defaults are left out."""
    params = {name: each for name, each in spec.params.items() if name != parameter.name}
    if value != parameter.default:
        params[parameter.name] = value
    return replace(spec, params=params)


def stepped(parameter: IndicatorParameter, now: Param, steps: int) -> Param:
    """The value so many steps on, within its bounds: a choice, a whole number, a tenth or finer."""
    if parameter.choices:
        at = parameter.choices.index(str(now)) if str(now) in parameter.choices else 0
        return parameter.choices[(at + steps) % len(parameter.choices)]
    if isinstance(now, str):
        return now
    step = 1.0 if parameter.kind == "int" else _step(max(abs(now), abs(float(parameter.default))))
    value = round(now + steps * step, 10)
    if parameter.low is not None:
        value = max(value, parameter.low)
    if parameter.high is not None:
        value = min(value, parameter.high)
    return int(value) if parameter.kind == "int" else float(value)


def _step(size: float) -> float:
    """A tenth of a number from 1 to 10, as fine for others: 0.002 for 0.02."""
    step = 0.1
    while step > 1e-6 and size and size < step * 10:
        step /= 10
    return step


def value_of(spec: IndicatorSpec, parameter: IndicatorParameter) -> Param:
    """A parameter's value in a spec."""
    return spec.params.get(parameter.name, parameter.default)


def said(value: Param) -> str:
    """A parameter's value as a person writes it."""
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def checked(parameter: IndicatorParameter, text: str) -> Param:
    """A parameter's value as typed; Invalid with its range."""
    if parameter.kind == "text":
        if parameter.choices and text not in parameter.choices:
            raise Invalid(f"{parameter.name} is one of {ranged(parameter)}, was {text[:20]!r}")
        return text
    try:
        number = float(text)
    except ValueError:
        raise Invalid(f"{parameter.name} is {ranged(parameter)}, was {text[:20]!r}") from None
    low = -float("inf") if parameter.low is None else parameter.low
    high = float("inf") if parameter.high is None else parameter.high
    if not (low <= number <= high and abs(number) < 1e15):
        raise Invalid(f"{parameter.name} is {ranged(parameter)}, was {text[:20]}")
    if parameter.kind != "int":
        return number
    if number != int(number):
        raise Invalid(f"{parameter.name} is a whole number, was {text[:20]}")
    return int(number)


def ranged(parameter: IndicatorParameter) -> str:
    """`2 to 5,000`; the choices of a text."""
    if parameter.choices:
        return " ".join(parameter.choices)
    if parameter.kind == "text":
        return "a text"
    low, high = parameter.low, parameter.high
    if low is not None and high is not None:
        return f"{low:,g} to {high:,g}"
    return f"{low:,g} or more" if low is not None else "a number"
