"""A call's arguments as the word they mean, or one sentence about what they lack."""

from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import inspect

from tio.api.clean import clean
from tio.api.codec import decode, encode
from tio.api.contract import Request
from tio.api.errors import Invalid
from tio.engine.analyst.tools.loose import loose
from tio.engine.analyst.tools.mending import absent, fields_of, mended, named
from tio.engine.analyst.tools.shapes import columnar

_SAID = 200


@dataclass(frozen=True)
class Decoded:
    """The word, and what the call told that it has no place for."""

    word: Request[Any]
    ignored: tuple[str, ...] = ()


def decoded(kind: type[Request[Any]], arguments: str) -> Decoded:
    """The word a call's JSON means; Invalid says in a sentence what to change."""
    told = _told(kind.__name__, arguments)
    shape = inspect.type_info(kind)
    assert isinstance(shape, inspect.StructType)
    fields = fields_of(shape)
    made: dict[str, Any] = {}
    ignored: list[str] = []
    for name, value in told.items():
        field = fields.get(named(name, fields))
        if field is None or (field.encode_name in made and name != field.encode_name):
            ignored.append(clean(name, limit=40))
        elif field.required or not absent(value, field.type):
            made[field.encode_name] = mended(value, field.type, field.encode_name)
    lacking = [each for each in fields.values() if each.required and each.encode_name not in made]
    if lacking:
        named_too = f"; it has no {', '.join(ignored[:5])}" if ignored else ""
        names = ", ".join(each.encode_name for each in lacking)
        raise Invalid(f"{kind.__name__} needs {names}{named_too}", _asks(fields))
    try:
        return Decoded(decode(encode(made), kind), tuple(ignored))
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError) as error:
        said = clean(str(error), limit=_SAID)
        raise Invalid(f"{kind.__name__}: {said}{_choices(str(error), fields)}") from error


def _told(name: str, arguments: str) -> dict[str, Any]:
    try:
        told = loose(arguments or "{}")
        if isinstance(told, str):
            told = loose(told)
    except ValueError as error:
        raise Invalid(
            f"the arguments of {name} are no JSON object: {clean(str(error), limit=_SAID)}",
            'write them as {"field": value}',
        ) from error
    if not isinstance(told, dict):
        raise Invalid(
            f"the arguments of {name} are a {type(told).__name__}, not an object of named fields",
            'write them as {"field": value}',
        )
    # Some models wrap what they mean once more.
    inner = next(iter(told.values())) if len(told) == 1 else None
    if isinstance(inner, dict) and set(told) <= {"arguments", "parameters", "params", "input"}:
        return inner
    return told


def _asks(fields: dict[str, inspect.Field]) -> str:
    names = (name for name, each in fields.items() if not columnar(each.type))
    return f"its fields are {', '.join(names)}" if fields else "it has no fields"


def _choices(error: str, fields: dict[str, inspect.Field]) -> str:
    """What a field may be, where the error is of its choices."""
    for name, field in fields.items():
        for kind in (field.type, *getattr(field.type, "types", ())):
            if isinstance(kind, inspect.EnumType) and f"`$.{name}`" in error:
                return f"; {name} is one of {', '.join(str(each.value) for each in kind.cls)}"
    return ""
