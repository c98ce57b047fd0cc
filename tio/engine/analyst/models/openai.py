"""Any server that speaks OpenAI's chat completions: POST /chat/completions, server-sent events.

Arguments of tool calls come as a string in fragments; an error may come as an event in the middle
of a stream. A window that is too small is answered with 400 (llama-server:
`exceed_context_size_error`, with both counts).
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from tio.api.clean import clean
from tio.engine.analyst.models.events import TooLong, event_data
from tio.engine.analyst.models.openai_calls import Fragments
from tio.engine.analyst.models.openai_dialect import Dialect
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
    Usage,
)
from tio.plugin import Clock

if TYPE_CHECKING:
    import aiohttp

_LONGEST_REFUSAL = 64 * 1024
_THOUGHTS = ("reasoning_content", "reasoning", "thinking")


class OpenAiModel:
    """One model of one server; the connection is opened on first use."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.name = settings.name
        self.window = settings.context
        self._settings = settings
        self._clock = clock
        self._dialect = Dialect()
        self._session: aiohttp.ClientSession | None = None

    async def says(self, asking: Asking) -> AsyncIterator[Event]:
        """The events of one round; closing it drops the connection, which ends the round there."""
        import aiohttp

        try:
            while True:
                body = self._dialect.spoken(self._body(asking))
                async with self._opened("/chat/completions", body) as answer:
                    if answer.status == 200:
                        async for event in self._heard(answer):
                            yield event
                        return
                    refused = await self._refusal(answer)
                if not self._dialect.learns(answer.status, refused):
                    yield refusal(self.name, answer.status, refused)
                    return
        except Silent as silent:
            yield Failed(Fault.silent, f"{self.name}: {silent}")
        except TooLong as error:
            yield Failed(Fault.broken, f"{self.name} sent {error}")
        except aiohttp.ClientConnectorError as error:
            yield Failed(Fault.unreachable, f"{self.name} cannot be reached: {_said(error)}")
        except (aiohttp.ClientError, OSError) as error:
            yield Failed(Fault.broken, f"{self.name} stopped in the middle: {_said(error)}")

    async def ability(self) -> Ability | Failed:
        """What /models tells; the window where the server says it (llama-server, vLLM)."""
        import aiohttp

        try:
            async with self._opened("/models") as answer:
                if answer.status != 200:
                    return refusal(self.name, answer.status, await self._refusal(answer))
                told = await within(self._clock, self._settings.opens, answer.read())
        except Silent as silent:
            return Failed(Fault.silent, f"{self.name}: {silent}")
        except (aiohttp.ClientError, OSError) as error:
            return Failed(Fault.unreachable, f"{self.name} cannot be reached: {_said(error)}")
        return self._able(_json(told))

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _opened(self, path: str, body: dict[str, Any] | None = None) -> "_Opened":
        import aiohttp

        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=None, connect=self._settings.opens)
            jar = aiohttp.DummyCookieJar()
            self._session = aiohttp.ClientSession(timeout=timeout, cookie_jar=jar)
        return _Opened(self._session, self._settings, self._clock, path, body)

    def _body(self, asking: Asking) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._settings.model,
            "messages": [_message(each) for each in asking.messages],
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_tokens": asking.most,
            "temperature": asking.temperature,
        }
        if self._settings.think is not None:
            # As llama-server, vLLM and SGLang take it; who refuses it is asked without.
            body["chat_template_kwargs"] = {"enable_thinking": self._settings.think}
        if asking.answer is not None:
            schema = {"name": "answer", "schema": asking.answer, "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif asking.tools:
            body["tools"] = [
                {
                    "type": "function",
                    "function": {
                        "name": tool.name,
                        "description": tool.description,
                        "parameters": tool.schema,
                    },
                }
                for tool in asking.tools
            ]
        return body

    async def _heard(self, answer: "aiohttp.ClientResponse") -> AsyncIterator[Event]:
        import aiohttp

        fragments, ended, cut = Fragments(), False, False
        data = event_data(answer.content.iter_any())
        settings = self._settings
        try:
            async for text in each_within(self._clock, settings.first, settings.between, data):
                if text.strip() == "[DONE]":
                    ended = True
                    break
                told = _json(text)
                if "error" in told:
                    yield refusal(self.name, 0, json.dumps(told))
                    return
                for event in _events(told):
                    yield event
                for choice in _list(told, "choices"):
                    fragments.add(_dict(choice, "delta").get("tool_calls"))
                    reason = choice.get("finish_reason")
                    ended, cut = ended or bool(reason), cut or reason == "length"
        except (aiohttp.ClientError, OSError):
            if not ended:
                raise
        for call in fragments.calls():
            yield call
        if ended:
            yield Done(cut)
        else:
            yield Failed(Fault.broken, f"{self.name} stopped in the middle of its answer")

    async def _refusal(self, answer: "aiohttp.ClientResponse") -> str:
        body = await within(
            self._clock, self._settings.between, answer.content.read(_LONGEST_REFUSAL)
        )
        return body.decode("utf-8", "replace")

    def _able(self, told: dict[str, Any]) -> Ability | Failed:
        listed = _list(told, "data")
        names = [str(each.get("id", "")) for each in listed]
        model = self._settings.model
        if names and model not in names:
            which = clean(", ".join(names[:8]), limit=300)
            return Failed(Fault.unknown_model, f"{self.name} is not there; the server has {which}")
        own = next((each for each in listed if each.get("id") == model), {})
        sizes = (own.get("max_model_len"), _dict(own, "meta").get("n_ctx"))
        context = next((size for size in sizes if isinstance(size, int) and size > 0), 0)
        return Ability(context=context, server=clean(str(own.get("owned_by", "")), limit=40))


class _Opened:
    """One request, answered with its headers within the seconds allowed."""

    def __init__(
        self,
        session: "aiohttp.ClientSession",
        settings: Settings,
        clock: Clock,
        path: str,
        body: dict[str, Any] | None,
    ) -> None:
        headers = {"Accept": "text/event-stream" if body else "application/json"}
        if settings.key:
            headers["Authorization"] = f"Bearer {settings.key}"
        # A redirect would carry the conversation to where nobody meant it to go.
        self._asked = session.request(
            "POST" if body else "GET",
            settings.url.rstrip("/") + path,
            json=body,
            headers=headers,
            allow_redirects=False,
            proxy=settings.proxy or None,
        )
        self._clock, self._seconds = clock, settings.first
        self._answer: aiohttp.ClientResponse | None = None

    async def __aenter__(self) -> "aiohttp.ClientResponse":
        asked = asyncio.ensure_future(self._asked)
        try:
            self._answer = await within(self._clock, self._seconds, asked)
        except BaseException:
            # It may have come in the very moment in which it was given up.
            if asked.done() and not asked.cancelled() and asked.exception() is None:
                asked.result().close()
            raise
        return self._answer

    async def __aexit__(self, *exc: object) -> None:
        if self._answer is not None:
            self._answer.close()


def _message(told: Message) -> dict[str, Any]:
    if told.part is Part.tool:
        return {"role": "tool", "tool_call_id": told.call, "content": told.text}
    message: dict[str, Any] = {"role": told.part.value, "content": told.text}
    if told.calls:
        message["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments or "{}"},
            }
            for call in told.calls
        ]
    return message


def _events(told: dict[str, Any]) -> list[Event]:
    events: list[Event] = []
    for choice in _list(told, "choices"):
        delta = _dict(choice, "delta")
        thought = next((delta[name] for name in _THOUGHTS if delta.get(name)), "")
        if isinstance(thought, str) and thought:
            events.append(Thinking(thought))
        if isinstance(text := delta.get("content"), str) and text:
            events.append(Text(text))
    used = _dict(told, "usage")
    if used:
        events.append(Usage(_count(used, "prompt_tokens"), _count(used, "completion_tokens")))
    return events


def _json(text: str | bytes) -> dict[str, Any]:
    """The object a text is; of anything else an error in its place."""
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    return told if isinstance(told, dict) else {"error": {"message": "what came is no JSON object"}}


def _list(told: dict[str, Any], name: str) -> list[dict[str, Any]]:
    listed = told.get(name)
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _dict(told: dict[str, Any], name: str) -> dict[str, Any]:
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def _count(told: dict[str, Any], name: str) -> int:
    value = told.get(name)
    return value if isinstance(value, int) else 0


def _said(error: Exception) -> str:
    said = str(error).replace(" ssl:default", "")
    return clean(said or type(error).__name__, limit=200)
