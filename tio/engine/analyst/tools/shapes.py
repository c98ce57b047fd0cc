"""The schema of a word as flat as a small model and Ollama's client need it.

That client keeps of a property its type, items, enum and description: what is nested is told in
the description too, bounds and defaults are told there alone, optional is what is not required.
"""

from typing import Any

import msgspec
from msgspec import NODEFAULT, inspect

from tio.api.contract import Word
from tio.engine.analyst.models.speech import Schema

_DEEPEST = 4


def schema_of(kind: type[Word]) -> Schema:
    """The arguments of a word: no $ref, no anyOf, no null, no format."""
    return shape_of(kind)


def shape_of(kind: type[msgspec.Struct]) -> Schema:
    """The same of any Struct."""
    told = inspect.type_info(kind)
    assert isinstance(told, inspect.StructType)
    return _object(told, 0)


def optional(kind: inspect.Type) -> inspect.Type:
    """The type itself where null is the only other."""
    if isinstance(kind, inspect.UnionType):
        others = [each for each in kind.types if not isinstance(each, inspect.NoneType)]
        if len(others) == 1:
            return others[0]
    return kind


def columnar(kind: inspect.Type) -> bool:
    """Whether it holds columns of numbers, which nobody writes by hand."""
    kind = optional(kind)
    return isinstance(kind, inspect.CustomType) or (
        isinstance(kind, inspect.StructType) and any(columnar(each.type) for each in kind.fields)
    )


def _object(told: inspect.StructType, depth: int) -> dict[str, Any]:
    fields = [each for each in told.fields if not columnar(each.type)]
    shape: dict[str, Any] = {"type": "object"}
    if depth < _DEEPEST:
        shape["properties"] = {each.encode_name: _field(each, depth) for each in fields}
    if needed := [each.encode_name for each in fields if each.required]:
        shape["required"] = needed
    return shape


def _field(field: inspect.Field, depth: int) -> dict[str, Any]:
    shape = _shape(field.type, depth + 1)
    said = [_meaning(field.type), _default(field.default)]
    if description := "; ".join(each for each in said if each):
        shape["description"] = description
    return shape


def _shape(kind: inspect.Type, depth: int) -> dict[str, Any]:
    match kind := optional(kind):
        case inspect.BoolType():
            return {"type": "boolean"}
        case inspect.IntType():
            return {"type": "integer"}
        case inspect.FloatType():
            return {"type": "number"}
        case inspect.EnumType(cls=cls):
            return {"type": "string", "enum": [each.value for each in cls]}
        case inspect.LiteralType(values=values):
            return {"type": "string", "enum": list(values)}
        case inspect.CollectionType(item_type=item):
            shape = _shape(item, depth)
            if (meaning := _meaning(item)) and shape["type"] != "object":
                shape["description"] = meaning
            return {"type": "array", "items": shape}
        case inspect.StructType():
            return _object(kind, depth)
        case inspect.DictType():
            return {"type": "object"}
        case inspect.UnionType(types=types):
            # What may be several things is asked for as the plainest of them.
            return _shape(types[-1], depth)
    return {"type": "string"}


def _meaning(kind: inspect.Type) -> str:
    match kind := optional(kind):
        case inspect.DateTimeType():
            return "a time as 2026-01-31T14:30:00Z (UTC)"
        case inspect.DateType():
            return "a date as 2026-01-31"
        case inspect.DecimalType():
            return 'a decimal number as text, like "12.50"'
        case inspect.IntType() | inspect.FloatType():
            return _bounds(kind)
        case inspect.CollectionType(min_length=least, max_length=most):
            ends = [f"at least {least}" * bool(least), f"at most {most}" * bool(most)]
            return ", ".join(each for each in ends if each)
        case inspect.StructType():
            return _fields_told(kind)
    return ""


def _bounds(kind: inspect.IntType | inspect.FloatType) -> str:
    ends = (("at least", kind.ge), ("above", kind.gt), ("at most", kind.le), ("below", kind.lt))
    return ", ".join(f"{word} {end}" for word, end in ends if end is not None)


def _fields_told(kind: inspect.StructType) -> str:
    fields = [each for each in kind.fields if not columnar(each.type)]
    told = (
        f"{each.encode_name} ({_shape(each.type, _DEEPEST)['type']}"
        f"{', required' if each.required else ''})"
        for each in fields
    )
    return f"an object of {', '.join(told)}"


def _default(value: object) -> str:
    if value is NODEFAULT or value is None or value == "" or value == ():
        return ""
    plain = msgspec.to_builtins(value)
    return f"{plain} if left out" if isinstance(plain, str | int | float) else ""
