"""Which words are tools, and how they are told: by the word's own declaration, none by name."""

from collections.abc import Iterator
from typing import Any

from mcp_types import Tool, ToolAnnotations

# Importing the words declares them.
from tio.api import words as words
from tio.api.codec import schema
from tio.api.contract import WORDS, Effect, Request, Role, Word, is_request

READ_MORE = "read_more"


def is_offered(kind: type[Word], role: Role) -> bool:
    """Whether a caller of that role has this word as a tool; never what orders or is dangerous."""
    meaning = kind.meaning
    if not (is_request(kind) and meaning.tool and role.covers(meaning.role)):
        return False
    match meaning.effect:
        case Effect.read:
            return True
        case Effect.write:
            return role.covers(Role.trader)
    return False


def offered(role: Role) -> Iterator[type[Request[Any]]]:
    """The words that are tools for that role, by name."""
    for name in sorted(WORDS):
        if is_offered(WORDS[name], role):
            yield WORDS[name]  # type: ignore[misc]


def find(name: str, role: Role) -> type[Request[Any]] | None:
    """The word behind a tool; None where that role has no such tool."""
    kind = WORDS.get(name)
    return kind if kind is not None and is_offered(kind, role) else None  # type: ignore[return-value]


def tools(role: Role) -> list[Tool]:
    """Every tool of that role, and the one that reads on in a long answer."""
    return [*(_tool(kind) for kind in offered(role)), _READING_ON]


def flat(kind: type[Word]) -> dict[str, Any]:
    """A word's JSON schema without references: what is referred to stands where it is meant."""
    found = schema(kind)
    flattened: dict[str, Any] = _inlined(found, found.get("$defs", {}), ())
    return flattened | {"type": "object"}


def _tool(kind: type[Request[Any]]) -> Tool:
    reads = kind.meaning.effect is Effect.read
    fields = flat(kind)
    return Tool(
        name=kind.__name__,
        description=fields.pop("description", ""),
        input_schema=fields,
        annotations=ToolAnnotations(
            read_only_hint=reads,
            destructive_hint=False if reads else None,
            open_world_hint=False,
        ),
    )


def _inlined(node: Any, definitions: dict[str, Any], within: tuple[str, ...]) -> Any:
    match node:
        case {"$ref": str(where), **beside}:
            name = where.rpartition("/")[2]
            if name in within:  # It holds itself: told once, then only that it is one.
                return {"type": "object", "description": f"{name}, as above"}
            meant = _inlined(definitions[name], definitions, (*within, name))
            return meant | _inlined(beside, definitions, within)
        case dict():
            return {
                key: _told(key, value, definitions, within)
                for key, value in node.items()
                if key not in ("$defs", "title")
            }
        case list():
            return [_inlined(each, definitions, within) for each in node]
    return node


def _told(key: str, value: Any, definitions: dict[str, Any], within: tuple[str, ...]) -> Any:
    match key, value:
        case "description", str():
            return " ".join(value.split())
        case "properties", dict():
            # A field may be called `title`.
            return {name: _inlined(each, definitions, within) for name, each in value.items()}
        case (("default" | "enum" | "const" | "examples"), _):
            return value
    return _inlined(value, definitions, within)


_READING_ON = Tool(
    name=READ_MORE,
    description="Read on in an answer that was too long: its JSON text from `offset` on. The "
    "handle is told beside the answer; the last answers are kept, older ones are asked anew.",
    input_schema={
        "type": "object",
        "properties": {
            "handle": {"type": "string", "minLength": 1, "maxLength": 40},
            "offset": {"type": "integer", "minimum": 0, "default": 0},
        },
        "required": ["handle"],
        "additionalProperties": False,
    },
    annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False),
)
