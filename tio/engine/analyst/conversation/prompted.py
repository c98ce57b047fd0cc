"""Tools for models that know of none: told in words, called in JSON, answered in a turn."""

import json
from collections.abc import Iterable, Sequence

from tio.engine.analyst.models.speech import Message, Part, Tool

_HOW = """You may use tools. To use one, answer with nothing but a JSON object:
{"tool": "NAME", "arguments": {"FIELD": "VALUE"}}
You get its result in the next message. When you know enough, answer in plain words. The tools:"""


def instructions(tools: Sequence[Tool]) -> str:
    """What is added to the system's message; '' without tools."""
    if not tools:
        return ""
    return "\n".join((_HOW, *(f"- {each.name}({_fields(each)}): {_brief(each)}" for each in tools)))


def translated(messages: Iterable[Message]) -> tuple[Message, ...]:
    """Calls and results as turns of text."""
    made: list[Message] = []
    for each in messages:
        if each.calls:
            calls = "\n".join(_written(call.name, call.arguments) for call in each.calls)
            made.append(Message(part=Part.assistant, text=f"{each.text}\n{calls}".strip()))
        elif each.part is Part.tool:
            text = f"The tool says: {each.text}"
            if made and made[-1].part is Part.user and made[-1].text.startswith("The tool says: "):
                text = f"{made.pop().text}\n\n{text}"
            made.append(Message(part=Part.user, text=text))
        else:
            made.append(each)
    return tuple(made)


def _written(name: str, arguments: str) -> str:
    try:
        told = json.loads(arguments or "{}")
    except ValueError:
        told = {}
    return json.dumps({"tool": name, "arguments": told})


def _fields(tool: Tool) -> str:
    needed = tool.schema.get("required", ())
    fields = tool.schema.get("properties", {})
    return ", ".join(name if name in needed else f"{name}?" for name in fields)


def _brief(tool: Tool) -> str:
    return tool.description.partition(". ")[0][:160]
