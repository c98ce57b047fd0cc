"""An answer of a given shape: asked for with its schema, checked, mended once, else none."""

from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from tio.api.clean import clean
from tio.engine.analyst.conversation.chain import Speaker
from tio.engine.analyst.models.speech import (
    Asking,
    Failed,
    Message,
    Part,
    Schema,
    Text,
    Usage,
)
from tio.engine.analyst.tools.loose import loose
from tio.engine.analyst.tools.shapes import shape_of

T = TypeVar("T", bound=msgspec.Struct)


@dataclass(frozen=True)
class Verdict(Generic[T]):
    """The answer, or None and why there is none; nothing is ever made up for it.

    `read` and `written` are the tokens it took, as far as the server counted them.
    """

    value: T | None
    why: str = ""
    mended: bool = False
    read: int = 0
    written: int = 0


def answer_schema(kind: type[msgspec.Struct]) -> Schema:
    """The schema of an answer: flat, every field told of, no other allowed."""
    return _closed(dict(shape_of(kind)))


async def structured(
    speaker: Speaker, messages: tuple[Message, ...], kind: type[T], most: int = 1_024
) -> Verdict[T]:
    """What the model concludes from the messages as a `kind`, its bounds held."""
    why, read, written = "", 0, 0
    for attempt in range(2):
        said, usage = await _said(speaker, messages, answer_schema(kind), most)
        read, written = read + usage.read, written + usage.written
        if isinstance(said, Failed):
            return Verdict(None, said.text, read=read, written=written)
        try:
            value = msgspec.json.decode(msgspec.json.encode(loose(said)), type=kind)
        except (msgspec.MsgspecError, ValueError, TypeError, RecursionError) as error:
            why = clean(str(error), limit=200)
            wrong = f"That is no answer of the shape asked for: {why}. Say it again, rightly."
            messages = (
                *messages,
                Message(part=Part.assistant, text=said[:4_000]),
                Message(part=Part.user, text=wrong),
            )
        else:
            return Verdict(value, mended=attempt > 0, read=read, written=written)
    why = f"{speaker.name} gave no answer of the shape asked for: {why}"
    return Verdict(None, why, read=read, written=written)


async def _said(
    speaker: Speaker, messages: tuple[Message, ...], schema: Schema, most: int
) -> tuple[str | Failed, Usage]:
    asking = Asking(messages=messages, answer=schema, context=speaker.window, most=most)
    text, usage = "", Usage(0, 0)
    async with aclosing(speaker.model.says(asking)) as events:  # type: ignore[type-var]
        async for event in events:
            if isinstance(event, Text):
                text += event.text
            elif isinstance(event, Usage):
                usage = event
            elif isinstance(event, Failed):
                return event, usage
    return text, usage


def _closed(shape: dict[str, Any]) -> dict[str, Any]:
    if shape.get("type") == "object" and "properties" in shape:
        shape["properties"] = {
            name: _closed(dict(each)) for name, each in shape["properties"].items()
        }
        shape["additionalProperties"] = False
    if isinstance(items := shape.get("items"), dict):
        shape["items"] = _closed(dict(items))
    return shape
