"""Values of a wrong type that can mean one thing alone, made what they mean."""

import re
from datetime import date
from typing import Any

from msgspec import inspect

from tio.engine.analyst.tools.loose import loose
from tio.engine.analyst.tools.shapes import optional

_DAY = re.compile(r"\d{4}-\d\d-\d\d$")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?$")
_WHOLE = re.compile(r"[+-]?\d+$")
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}
_LAST = ("end", "at", "until", "to")
"""Fields that mean the end of a day where they tell a day alone."""


def mended(value: Any, kind: inspect.Type, field: str = "") -> Any:
    """The value as the type wants it, or as it was where that is not clear."""
    kind = optional(kind)
    if isinstance(value, str):
        value = value.strip()
    match kind:
        case inspect.BoolType():
            return _TRUTH.get(value.lower(), value) if isinstance(value, str) else value
        case inspect.IntType():
            return _whole(value)
        case inspect.FloatType():
            return _number(value)
        case inspect.DecimalType() | inspect.StrType():
            return _text(value)
        case inspect.EnumType(cls=cls):
            return _choice(value, [each.value for each in cls])
        case inspect.LiteralType(values=values):
            return _choice(value, list(values))
        case inspect.DateTimeType():
            return _moment(value, field)
        case inspect.DateType():
            return value[:10] if isinstance(value, str) and _DAY.match(value[:10]) else value
        case inspect.CollectionType(item_type=item):
            return [mended(each, item) for each in _listed(value, item)]
        case inspect.StructType():
            return _struct(value, kind)
        case inspect.DictType():
            return _opened(value)
    return value


def absent(value: Any, kind: inspect.Type) -> bool:
    """Whether it says nothing: null, or a word for it where no text is wanted."""
    if value is None:
        return True
    textual = isinstance(optional(kind), inspect.StrType)
    if not isinstance(value, str) or (textual and kind is optional(kind)):
        return False
    return value.strip().lower() in ("null", "none", *(() if textual else ("",)))


def fields_of(kind: inspect.StructType) -> dict[str, inspect.Field]:
    return {each.encode_name: each for each in kind.fields}


def named(told: str, fields: dict[str, inspect.Field]) -> str:
    """The field a name means: as it is, in other letters, one for many; else ''."""
    if told in fields:
        return told
    wanted = _bare(told)
    for plain in (wanted, wanted.rstrip("s"), wanted + "s"):
        near = [name for name in fields if _bare(name) == plain]
        if len(near) == 1:
            return near[0]
    return ""


def _bare(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _struct(value: Any, kind: inspect.StructType) -> Any:
    value = _opened(value)
    fields = fields_of(kind)
    if isinstance(value, str):
        needed = [name for name, each in fields.items() if each.required]
        return {needed[0]: value} if len(needed) == 1 else value
    if not isinstance(value, dict):
        return value
    made = {}
    for told, each in value.items():
        name = named(told, fields) or told
        field = fields.get(name)
        if field is None:
            made[name] = each
        elif field.required or not absent(each, field.type):
            made[name] = mended(each, field.type, name)
    return made


def _opened(value: Any) -> Any:
    """The object a text holds, where it holds one."""
    if isinstance(value, str) and value.startswith(("{", "[")):
        try:
            return loose(value)
        except ValueError:
            return value
    return value


def _listed(value: Any, item: inspect.Type) -> list[Any]:
    value = _opened(value)
    if isinstance(value, list):
        return value
    if value is None or value == "":
        return []
    plain = isinstance(optional(item), inspect.StrType | inspect.EnumType | inspect.DecimalType)
    if isinstance(value, str) and plain and "," in value:
        return [part for each in value.split(",") if (part := each.strip())]
    return [value]


def _whole(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and _WHOLE.match(value) and len(value) < 19:
        return int(value)
    if isinstance(value, str) and re.fullmatch(r"\d{1,15}\.0+", value):
        return int(value.partition(".")[0])
    return value


def _number(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", value):
        return float(value)
    return value


def _text(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value


def _choice(value: Any, choices: list[Any]) -> Any:
    """In other letters; `1M` stays, which may be a minute or a month."""
    if not isinstance(value, str) or value in choices or re.fullmatch(r"\d+M", value):
        return value
    near = [each for each in choices if str(each).casefold() == value.casefold()]
    return near[0] if len(near) == 1 else value


def _moment(value: Any, field: str) -> Any:
    if not isinstance(value, str):
        return value
    if _DAY.match(value) and _is_day(value):
        return f"{value}T23:59:59Z" if field in _LAST else f"{value}T00:00:00Z"
    if found := _MOMENT.match(value):
        day, minute, second, zone = found.groups()
        return f"{day}T{minute}{second or ':00'}{zone or 'Z'}"
    return value


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
