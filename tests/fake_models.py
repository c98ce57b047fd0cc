"""A local server that speaks both protocols of language models, and fails as told.

    async with fake_models() as server:
        server.rounds.append(openai(delta(content="Hello")))
        model = OpenAiModel(server.settings("openai"), clock)

A round is what one request is answered with: bytes, in pieces as given, and how it ends.
`server.asked` holds every request's path, headers and JSON. A round with `held` is not ended until
`server.release()`; `server.left` is set when a client went away before that. The shapes are those
of llama-server and of Ollama's documents, quirks included.
"""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from tio.engine.analyst.models.settings import Settings, settings

MODEL = "small"


@dataclass(frozen=True)
class Round:
    """One answer. `cut`: the connection is dropped after the pieces; `held`: it stays open."""

    pieces: Sequence[bytes] = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    held: bool = False


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it."""

    path: str
    headers: Mapping[str, str]
    body: Any


class FakeModels:
    """What the server is to say, and what it was asked."""

    def __init__(self) -> None:
        self.rounds: deque[Round] = deque()
        self.models: Round = Round((json.dumps({"data": [{"id": MODEL}]}).encode(),))
        self.shown: Round = Round((b'{"capabilities": ["completion"], "model_info": {}}',))
        self.asked: list[Asked] = []
        self.holding = asyncio.Event()
        self.left = asyncio.Event()
        self._release = asyncio.Event()
        self.url = ""

    def release(self) -> None:
        self._release.set()

    def settings(self, kind: str) -> Settings:
        """Where the model of a wire is."""
        path = "/v1" if kind == "openai" else ""
        return settings(f"{kind}:{self.url}{path}#{MODEL}")

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.text()
        self.asked.append(
            Asked(request.path, dict(request.headers), json.loads(body) if body else None)
        )
        match request.path:
            case "/v1/models":
                told = self.models
            case "/api/show":
                told = self.shown
            case _:
                told = self.rounds.popleft()
        return await self._said(request, told)

    async def _said(self, request: web.Request, told: Round) -> web.StreamResponse:
        response = web.StreamResponse(status=told.status, headers=dict(told.headers))
        await response.prepare(request)
        try:
            for piece in told.pieces:
                await response.write(piece)
                await asyncio.sleep(0)
            if told.held:
                self.holding.set()
                await self._release.wait()
        except (ConnectionError, asyncio.CancelledError):
            self.left.set()
            raise
        if told.cut and request.transport is not None:
            request.transport.abort()
        return response


@asynccontextmanager
async def fake_models() -> AsyncIterator[FakeModels]:
    fake = FakeModels()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", fake.answer)
    server = TestServer(app)
    await server.start_server()
    fake.url = str(server.make_url("")).rstrip("/")
    try:
        yield fake
    finally:
        fake.release()
        await server.close()


def delta(finish: str | None = None, **told: Any) -> dict[str, Any]:
    """One chunk of OpenAI's stream."""
    return {"choices": [{"index": 0, "delta": told, "finish_reason": finish}]}


def fragment(index: int | None, id: str, name: str, arguments: str) -> dict[str, Any]:
    """A piece of a tool call, as a delta has it."""
    told: dict[str, Any] = {"function": {"name": name, "arguments": arguments}}
    told |= {} if index is None else {"index": index}
    return told | ({"id": id, "type": "function"} if id else {})


def sse(*chunks: object, done: bool = True) -> bytes:
    """Server-sent events; a text stands as it is."""
    lines = [
        each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in chunks
    ]
    return "".join(f"data: {line}\n\n" for line in (*lines, *(["[DONE]"] if done else []))).encode()


def openai(*deltas: dict[str, Any], finish: str = "stop", usage: tuple[int, int] = (0, 0)) -> Round:
    """A whole round over OpenAI's wire."""
    chunks = [*deltas, delta(finish)]
    if any(usage):
        read, written = usage
        chunks.append(
            {"choices": [], "usage": {"prompt_tokens": read, "completion_tokens": written}}
        )
    return Round((sse(*chunks),))


def line(done: bool = False, **told: Any) -> dict[str, Any]:
    """One line of Ollama's stream; `message` fields as they are told, others beside it."""
    message = {"role": "assistant", "content": ""}
    beside: dict[str, Any] = {}
    for name, value in told.items():
        (message if name in ("content", "thinking", "tool_calls") else beside)[name] = value
    return {
        "model": MODEL,
        "created_at": "2026-11-20T15:00:00Z",
        "message": message,
        "done": done,
    } | beside


def ndjson(*lines: object) -> bytes:
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in lines).encode()


def ollama(*lines: dict[str, Any], reason: str = "stop", usage: tuple[int, int] = (0, 0)) -> Round:
    """A whole round over Ollama's wire."""
    read, written = usage
    last = line(True, done_reason=reason, prompt_eval_count=read, eval_count=written)
    return Round((ndjson(*lines, last),), headers={"Content-Type": "application/x-ndjson"})
