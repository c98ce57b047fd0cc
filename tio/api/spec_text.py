"""How an indicator is written in a line: `rsi:21`, `bbands:length=20,width=2`, `beta:60/SPY`.

    NAME[:PARAMETERS][@TIMEFRAME][/SYMBOL]

Parameters stand between commas, by place (`macd:12,26,9`) or by name (`macd:signal=5`), by place
first. `@1d` computes over bars of that timeframe, `/SPY` against that symbol. Several stand
between blanks or commas: after a comma a number or NAME=VALUE still belongs to the one before it
(`macd:12,26,9,rsi:14` is two), anything else begins the next.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from tio.api.errors import Invalid, NotFound
from tio.api.indicators import IndicatorEntry, IndicatorSpec, Param
from tio.api.market import Timeframe

Parameters = Mapping[str, Sequence[str]]
"""Every indicator's parameters by its name, in the catalogue's order."""

EXAMPLES = "e.g. rsi:21, macd:12,26,9, bbands:width=2.5, ema:50@1d, beta:60/SPY"
_NAME = re.compile(r"\s*(?P<name>[a-z][a-z0-9_.]*)", re.ASCII | re.IGNORECASE)
_SHAPE = re.compile(r"(?::(?P<args>[^@/\s]*))?(?P<rest>[@/]\S*)?\s*")
_REST = re.compile(r"@(?P<timeframe>[^@/]+)|/(?P<against>[^@]+)")
_CONTINUES = re.compile(r"[-+.\d]|\w+=")
_PLAIN = re.compile(r"[^,=@/\s]+")


def parameters_of(catalogue: Iterable[IndicatorEntry]) -> Parameters:
    """What `parse_spec` needs of the catalogue."""
    return {each.name: tuple(one.name for one in each.parameters) for each in catalogue}


def parse_spec(text: str, parameters: Parameters) -> IndicatorSpec:
    """The indicator a text means; NotFound names the nearest, Invalid says what cannot be read."""
    name = name_in(text)
    shape = _SHAPE.fullmatch(text, _end_of_name(text))
    if not name or shape is None:
        raise Invalid(f"{text.strip()[:60]!r} is no indicator", EXAMPLES)
    if name not in parameters:
        raise _unknown(name, parameters)
    given = _given(name, shape["args"] or "", parameters[name])
    timeframe, against = _rest(name, shape["rest"] or "")
    return IndicatorSpec(name, given, timeframe, against)


def parse_specs(text: str, parameters: Parameters) -> tuple[IndicatorSpec, ...]:
    """Several in one text, between blanks or commas; none of an empty text."""
    return tuple(parse_spec(one, parameters) for one in split_specs(text))


def split_specs(text: str) -> list[str]:
    """The texts of several indicators, each for `parse_spec`."""
    found: list[str] = []
    for word in text.split():
        begins = True
        for piece in word.split(","):
            if not begins and _CONTINUES.match(piece):
                found[-1] += f",{piece}"
            elif piece:
                found.append(piece)
                begins = False
    return found


def name_in(text: str) -> str:
    """The indicator's name in a text, known or not; "" when there is none."""
    found = _NAME.match(text)
    return found["name"].lower() if found else ""


def spec_text(spec: IndicatorSpec, names: Sequence[str] = ()) -> str:
    """How it is written, so that `parse_spec` reads it again.

    With its parameters' `names` those that come first are written by place.
    """
    by_place = 0
    while by_place < len(names) and names[by_place] in spec.params:
        by_place += 1
    placed = [_value_text(spec.params[name]) for name in names[:by_place]]
    named = [
        f"{name}={_value_text(value)}"
        for name, value in spec.params.items()
        if name not in names[:by_place]
    ]
    text = spec.name + (":" + ",".join(placed + named) if placed or named else "")
    text += f"@{spec.timeframe}" if spec.timeframe else ""
    return text + (f"/{spec.against}" if spec.against else "")


def _end_of_name(text: str) -> int:
    found = _NAME.match(text)
    return found.end() if found else 0


def _given(name: str, args: str, names: Sequence[str]) -> dict[str, Param]:
    given: dict[str, Param] = {}
    by_name = False
    for place, piece in enumerate(args.split(",") if args else ()):
        key, equals, value = piece.partition("=")
        if equals:
            by_name = True
        elif by_name:
            raise Invalid(f"{name}: {piece!r} stands after a parameter by name", EXAMPLES)
        elif place >= len(names):
            has = f"{len(names)} ({', '.join(names)})" if names else "none"
            raise Invalid(f"{name} has not so many parameters as {args!r}: it has {has}")
        else:
            key, value = names[place], piece
        if not value or key not in names:
            has = ", ".join(names) or "none"
            what = f"no value for {key!r}" if not value else f"no parameter {key!r}"
            raise Invalid(f"{name}: {what} (it has: {has})", EXAMPLES)
        if key in given:
            raise Invalid(f"{name}: {key} is given twice", EXAMPLES)
        given[key] = _value(value)
    return given


def _rest(name: str, text: str) -> tuple[Timeframe | None, str]:
    """The timeframe and the other symbol behind a spec, in either order."""
    told: dict[str, str] = {}
    at = 0
    while at < len(text):
        found = _REST.match(text, at)
        if found is None or found.lastgroup in told:
            raise Invalid(f"{name}: {text[:60]!r} is no timeframe and no symbol", EXAMPLES)
        told |= {kind: value for kind, value in found.groupdict().items() if value}
        at = found.end()
    timeframe = told.get("timeframe", "")
    if timeframe and timeframe not in tuple(Timeframe):
        raise Invalid(f"there is no timeframe {timeframe[:20]!r}", f"one of {' '.join(Timeframe)}")
    return Timeframe(timeframe) if timeframe else None, told.get("against", "")


def _value(text: str) -> Param:
    if re.fullmatch(r"[-+]?[0-9]{1,18}", text):
        return int(text)
    try:
        number = float(text)
    except ValueError:
        return text
    # "nan" and "inf" are no numbers an indicator could take, nor is "1_000" one a person means.
    return number if number - number == 0 and "_" not in text else text


def _value_text(value: Param) -> str:
    if isinstance(value, str):
        if not _PLAIN.fullmatch(value):
            raise Invalid(f"{value[:40]!r} cannot be written as a parameter")
        return value
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def _unknown(name: str, parameters: Parameters) -> NotFound:
    from difflib import get_close_matches

    begins = sorted((each for each in parameters if each.startswith(name)), key=len)
    alike = get_close_matches(name, parameters, 3)
    near = list(dict.fromkeys((*begins, *alike)))[:3]
    hint = f"did you mean {', '.join(near)}?" if near else "`tio indicators list` has them all"
    return NotFound(f"there is no indicator {name[:60]!r}", hint)
