"""The reference of words as Markdown: `docs/words.md` is this, and a test holds it to that."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from tio.api.words import WordEntry

HEAD = """# The words

Every request and topic of the engine, made from the words themselves by `tio words --markdown`.
Say a request with `tio call NAME '{json}'` or `POST /v1/ask/NAME`; watch a topic with the same
`tio call` or `GET /v1/watch/NAME`. Times are ISO-8601 UTC; a role may all that the roles before it
may: viewer, trader, admin, owner.
"""


def reference(entries: Iterable[WordEntry]) -> str:
    """All of them, requests first, each with its fields and its answer."""
    ordered = sorted(entries, key=lambda entry: (entry.kind != "request", entry.name))
    sections = [line for entry in ordered for line in _section(entry)]
    values = {
        name: schema
        for entry in ordered
        for name, schema in entry.answer.get("$defs", {}).items()
        if "properties" in schema
    }
    told = [line for name in sorted(values) for line in _value(name, values[name])]
    return "\n".join([HEAD, *sections, "# The values", "", *told])


def _section(entry: WordEntry) -> Iterator[str]:
    delivered = f", {entry.delivery}" if entry.delivery else ""
    tool = ", a tool for models" if entry.tool else ""
    yield f"## {entry.name}"
    yield ""
    yield f"*{entry.kind}{delivered} · {entry.role} · {entry.effect}{tool}*"
    yield ""
    yield " ".join(entry.doc.split())
    yield ""
    yield from _fields(*_resolved(entry.fields))
    yield f"Answers {_type(entry.answer, entry.answer.get('$defs', {}))}."
    yield ""


def _value(name: str, schema: dict[str, Any]) -> Iterator[str]:
    yield f"## {name}"
    yield ""
    yield " ".join(schema.get("description", "").split())
    yield ""
    yield from _fields(schema, {})


def _fields(schema: dict[str, Any], definitions: dict[str, Any]) -> Iterator[str]:
    required = set(schema.get("required", ()))
    if not schema.get("properties"):
        return
    yield "| field | type | default |"
    yield "|---|---|---|"
    for name, field in schema["properties"].items():
        default = "required" if name in required else f"`{_default(field)}`"
        yield f"| `{name}` | {_type(field, definitions)} | {default} |"
    yield ""


def _resolved(schema: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    definitions: dict[str, Any] = schema.get("$defs", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    return definitions.get(name, schema), definitions


def _default(field: dict[str, Any]) -> str:
    value = field.get("default")
    if isinstance(value, str) and value:
        return value
    return json.dumps(value)


def _type(schema: dict[str, Any], definitions: dict[str, Any]) -> str:
    """A type in words: `string`, `GetBars`, a list of …, one of …."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        values = definitions.get(name, {}).get("enum")
        return f"{name} ({', '.join(map(str, values))})" if values else name
    if "anyOf" in schema:
        return " or ".join(_type(each, definitions) for each in schema["anyOf"])
    if "prefixItems" in schema:
        return f"[{', '.join(_type(each, definitions) for each in schema['prefixItems'])}]"
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}), definitions)}"
    limits = [f"{word} {schema[key]}" for key, word in _LIMITS.items() if key in schema]
    kind = schema.get("format", schema.get("type", "anything"))
    return " ".join([" or ".join(kind) if isinstance(kind, list) else kind, *limits])


_LIMITS = {
    "minimum": "from",
    "maximum": "to",
    "minLength": "at least",
    "maxLength": "at most",
}
