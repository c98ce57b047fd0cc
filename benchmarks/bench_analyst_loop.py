"""What the tool loop adds before the first word of an answer, beside the bare adapter.

Both ask the same local server, by turns, over both wires; a long conversation is behind them. The
loop chooses tools, fits the window and counts; the adapter sends one message and 25 tools.

Run: python -m benchmarks.bench_analyst_loop        (about 10 s)
"""

import asyncio
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from tio.api import words
from tio.api.access import OWNER, Principal
from tio.api.contract import After, Engine, Request, Topic, Watch
from tio.api.errors import UnknownWord
from tio.engine.analyst.conversation.chain import Chain
from tio.engine.analyst.conversation.loop import Conversation
from tio.engine.analyst.models.ollama import OllamaModel
from tio.engine.analyst.models.openai import OpenAiModel
from tio.engine.analyst.models.settings import settings
from tio.engine.analyst.models.speech import Asking, Message, Model, Part, Text
from tio.engine.analyst.tools.desk import ToolDesk
from tio.engine.clock import RealClock

LIMIT = 50.0
"""Milliseconds the loop may add to the first word."""
TIMES, EARLIER = 60, 200

SSE = b'data: {"choices": [{"index": 0, "delta": {"content": "Yes"}}]}\n\ndata: [DONE]\n\n'
LINES = (
    b'{"model": "m", "message": {"role": "assistant", "content": "Yes"}, "done": false}\n'
    b'{"model": "m", "message": {"role": "assistant", "content": ""}, "done": true,'
    b' "done_reason": "stop"}\n'
)
SHOWN = b'{"capabilities": ["completion", "tools"], "model_info": {"x.context_length": 32768}}'
LISTED = b'{"data": [{"id": "m", "max_model_len": 32768}]}'


class Nobody:
    """An engine that is asked nothing."""

    def session(self, _principal: Principal, /) -> Engine:
        return self

    async def ask(self, request: Request[Any], /, *, key: str = "") -> Any:
        raise UnknownWord(type(request).__name__)

    def watch(self, topic: Topic[Any], /, *, after: After | None = None) -> Watch[Any]:
        raise UnknownWord(type(topic).__name__)

    async def close(self) -> None:
        """Nothing to close."""


async def answer(request: web.Request) -> web.Response:
    await request.read()
    said = {"/v1/models": LISTED, "/api/show": SHOWN, "/api/chat": LINES}.get(request.path, SSE)
    return web.Response(body=said)


async def first_word(events: AsyncIterator[Any]) -> float:
    """Milliseconds until a text came; the rest is heard too."""
    begun, came = time.perf_counter(), 0.0
    async for event in events:
        if isinstance(event, Text) and not came:
            came = (time.perf_counter() - begun) * 1_000
    return came


def earlier() -> list[Message]:
    turns = [
        (
            Message(part=Part.user, text=f"Question {place} about AAPL and its history?"),
            Message(part=Part.assistant, text=f"An answer of some length, number {place}. " * 8),
        )
        for place in range(EARLIER)
    ]
    return [each for turn in turns for each in turn]


async def measure(kind: str, model: Model) -> tuple[list[float], list[float]]:
    """The first words of the adapter alone and through the loop, by turns."""
    clock = RealClock()
    desk = ToolDesk(Nobody(), OWNER, clock)
    question = "How did AAPL do against its moving averages?"
    tools, _ = desk.offered(question)
    asking = Asking(messages=(Message(part=Part.user, text=question),), tools=tools)
    chat = Conversation("You are an analyst.", desk, Chain([model], clock), clock)
    bare, through = [], []
    for place in range(TIMES + 5):
        alone = await first_word(model.says(asking))
        chat.messages = earlier()
        looped = await first_word(chat.ask(question))
        if place >= 5:
            bare.append(alone)
            through.append(looped)
    print(
        f"{kind:7} first word p50 · p95: adapter {_told(bare)} ms, loop {_told(through)} ms,"
        f" added {statistics.median(through) - statistics.median(bare):.1f} ms"
    )
    return bare, through


def _told(times: list[float]) -> str:
    return f"{statistics.median(times):.1f} · {statistics.quantiles(times, n=20)[-1]:.1f}"


async def main() -> int:
    assert words
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    server = TestServer(app)
    await server.start_server()
    url = str(server.make_url("")).rstrip("/")
    clock = RealClock()
    makers: dict[str, Callable[[], Model]] = {
        "openai": lambda: OpenAiModel(settings(f"openai:{url}/v1#m"), clock),
        "ollama": lambda: OllamaModel(settings(f"ollama:{url}#m"), clock),
    }
    worst = 0.0
    for kind, make in makers.items():
        model = make()
        bare, through = await measure(kind, model)
        worst = max(worst, statistics.quantiles(through, n=20)[-1] - statistics.median(bare))
        await model.close()
    await server.close()
    print(f"added at p95: {worst:.1f} ms, limit {LIMIT:.0f} ms")
    return 0 if worst < LIMIT else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
