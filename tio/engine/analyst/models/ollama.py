"""Ollama, through its own client, which is imported when a model is first asked.

A call comes whole, its arguments an object; the last chunk says `stop` after calls too. A window
that is too small drops what was said first without a word: the number of tokens asked for goes
with every round, and what the server read is told, so that a loss can be seen.
"""

import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from tio.api.clean import clean
from tio.engine.analyst.models.patience import Silent, each_within, within
from tio.engine.analyst.models.refusals import refusal
from tio.engine.analyst.models.settings import Settings
from tio.engine.analyst.models.speech import (
    Ability,
    Asking,
    Done,
    Event,
    Failed,
    Fault,
    Message,
    Part,
    Text,
    Thinking,
    Tool,
    ToolCall,
    Usage,
)
from tio.plugin import Clock

if TYPE_CHECKING:
    import ollama


class OllamaModel:
    """One model of one Ollama server."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.name = settings.name
        self.window = settings.context
        self._settings = settings
        self._clock = clock
        self._client: ollama.AsyncClient | None = None

    async def says(self, asking: Asking) -> AsyncIterator[Event]:
        """The events of one round; closing it drops the connection, which ends the round there."""
        import httpx
        import ollama

        settings = self._settings
        called = 0
        try:
            chunks = await within(self._clock, settings.first, self._chat(asking))
            ended, cut = False, False
            async for chunk in each_within(self._clock, settings.first, settings.between, chunks):
                for event in _events(chunk, called):
                    called += isinstance(event, ToolCall)
                    yield event
                ended, cut = bool(chunk.done), chunk.done_reason == "length"
        except Silent as silent:
            yield Failed(Fault.silent, f"{self.name}: {silent}")
        except ollama.ResponseError as error:
            status = max(error.status_code, 0)
            yield refusal(self.name, status, _body(error))
        except (ConnectionError, httpx.ConnectError, httpx.ConnectTimeout) as error:
            yield Failed(Fault.unreachable, f"{self.name} cannot be reached: {_said(error)}")
        except (httpx.HTTPError, ValueError, TypeError, AttributeError) as error:
            # The client takes every line for an object of the right shape, and trips where not.
            yield Failed(Fault.broken, f"{self.name} stopped in the middle: {_said(error)}")
        else:
            yield (
                Done(cut)
                if ended
                else Failed(Fault.broken, f"{self.name} stopped in the middle of its answer")
            )

    async def ability(self) -> Ability | Failed:
        """What /api/show tells: tools, thinking and the longest window of the model."""
        import httpx
        import ollama

        try:
            asked = self._connected().show(self._settings.model)
            told = await within(self._clock, self._settings.first, asked)
        except Silent as silent:
            return Failed(Fault.silent, f"{self.name}: {silent}")
        except ollama.ResponseError as error:
            return refusal(self.name, max(error.status_code, 0), _body(error))
        except (ConnectionError, httpx.HTTPError, ValueError) as error:
            return Failed(Fault.unreachable, f"{self.name} cannot be reached: {_said(error)}")
        sizes = [
            size
            for name, size in (told.modelinfo or {}).items()
            if name.endswith(".context_length") and isinstance(size, int)
        ]
        able = told.capabilities
        return Ability(
            tools=None if able is None else "tools" in able,
            thinks=None if able is None else "thinking" in able,
            context=max(sizes, default=0),
            server="ollama",
        )

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()  # type: ignore[no-untyped-call]
            self._client = None

    async def _chat(self, asking: Asking) -> AsyncIterator["ollama.ChatResponse"]:
        options: dict[str, Any] = {
            "temperature": asking.temperature,
            "num_predict": asking.most,
        }
        if asking.context:
            options["num_ctx"] = asking.context
        schema = None if asking.answer is None else dict(asking.answer)
        return await self._connected().chat(
            self._settings.model,
            [_message(each) for each in asking.messages],
            # A schema suppresses tools at the server: a round has one of both.
            tools=[_tool(each) for each in asking.tools] if schema is None else None,
            format=schema,
            stream=True,
            think=self._settings.think,
            options=options,
        )

    def _connected(self) -> "ollama.AsyncClient":
        import httpx
        import ollama

        if self._client is None:
            settings = self._settings
            headers = {"Authorization": f"Bearer {settings.key}"} if settings.key else None
            self._client = ollama.AsyncClient(
                settings.url,
                headers=headers,
                timeout=httpx.Timeout(None, connect=settings.opens),
                follow_redirects=False,
                # What the environment names as a proxy would hear the whole conversation.
                trust_env=False,
                proxy=settings.proxy or None,
            )
        return self._client


def _message(told: Message) -> dict[str, Any]:
    message: dict[str, Any] = {"role": told.part.value, "content": told.text}
    if told.part is Part.tool:
        message["tool_name"] = told.tool
    if told.calls:
        message["tool_calls"] = [
            {"function": {"name": call.name, "arguments": _object(call.arguments)}}
            for call in told.calls
        ]
    return message


def _tool(tool: Tool) -> dict[str, Any]:
    return {
        "type": "function",
        "function": {
            "name": tool.name,
            "description": tool.description,
            "parameters": dict(tool.schema),
        },
    }


def _object(arguments: str) -> dict[str, Any]:
    """The arguments of an earlier call; what was no object was told to the model as a mistake."""
    try:
        told = json.loads(arguments or "{}")
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _events(chunk: "ollama.ChatResponse", called: int) -> list[Event]:
    message, events = chunk.message, list[Event]()
    if message.thinking:
        events.append(Thinking(message.thinking))
    if message.content:
        events.append(Text(message.content))
    for place, call in enumerate(message.tool_calls or ()):
        arguments = json.dumps(dict(call.function.arguments))
        events.append(ToolCall(f"call_{called + place}", call.function.name, arguments))
    if chunk.done and (chunk.prompt_eval_count or chunk.eval_count):
        events.append(Usage(chunk.prompt_eval_count or 0, chunk.eval_count or 0))
    return events


def _body(error: "ollama.ResponseError") -> str:
    """What the server said; some behind it say an object where a text is told."""
    told: object = error.error
    return told if isinstance(told, str) else json.dumps({"error": told})


def _said(error: Exception) -> str:
    return clean(str(error) or type(error).__name__, limit=200)
