"""Which words a model may use: all that are declared for it, those added later too."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tio.api.contract import WORDS, Effect, Request, Role, Word, is_request
from tio.engine.analyst.models.speech import Tool
from tio.engine.analyst.tools.shapes import schema_of

LONGEST = 600
"""Characters of a description."""


@dataclass(frozen=True, eq=False)
class WordTool:
    """A word as a tool; `proposes`: it writes, so a person confirms it first."""

    word: type[Request[Any]]
    tool: Tool
    proposes: bool = False

    @property
    def name(self) -> str:
        return self.tool.name


_made: dict[type[Word], WordTool] = {}


def shelf(role: Role, words: Iterable[type[Word]] | None = None) -> tuple[WordTool, ...]:
    """The tools this role may use, by name; orders and what is asked about twice never."""
    listed = WORDS.values() if words is None else words
    found = (_made.get(each) or _tool(each) for each in listed if _usable(each, role))
    return tuple(sorted(found, key=lambda each: each.name))


def _usable(kind: type[Word], role: Role) -> bool:
    meaning = kind.meaning
    return (
        meaning.tool
        and is_request(kind)
        and meaning.effect in (Effect.read, Effect.write)
        and role.covers(meaning.role)
    )


def _tool(kind: type[Any]) -> WordTool:
    proposes = kind.meaning.effect is not Effect.read
    said = " ".join((kind.__doc__ or kind.__name__).split())
    if proposes:
        said = f"Proposes to the person, who confirms or not: {said}"
    made = WordTool(
        kind,
        Tool(name=kind.__name__, description=_cut(said), schema=schema_of(kind)),
        proposes,
    )
    _made[kind] = made
    return made


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rsplit(" ", 1)[0] + " …"
