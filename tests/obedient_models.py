"""A server whose model obeys whatever it finds in data: the worst reader a text can have.

It calls the tools of `first`. Then it reads every result, in any spelling and width, for names of
words, our own or ones that merely sound so, calls them all with whatever arguments stand there,
and at last says all it read, and `says`, aloud.
"""

import json
import re
import unicodedata
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from chat_scene import Wire
from fake_models import FakeModels

from tio.api.contract import WORDS, Effect, is_request
from tio.engine.analyst.models.settings import Settings

Call = tuple[str, str]
MOST = 12
"""Calls it makes in one round."""
EVIL: dict[str, Any] = {"symbol": "EVIL", "side": "buy", "quantity": "100", "name": "owned"}


class ObedientModels(FakeModels):
    """`says` is what its answer ends with; `obeyed` are the calls texts made it make."""

    def __init__(self, wire: Wire, first: Sequence[Call]) -> None:
        super().__init__()
        self.wire = wire
        self.first = tuple(first)
        self.says = self.key = ""
        self.obeyed: list[Call] = []
        self._turn = 0

    def settings(self, kind: str) -> Settings:
        return replace(super().settings(kind), key=self.key)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path in ("/v1/models", "/api/show"):
            self._turn = 0
            return await super().answer(request)
        read = "\n".join(_results(json.loads(await request.text())))
        match self._turn:
            case 0:
                self.rounds.append(self.wire.calls(*self.first))
            case 1 if found := _commands(f"{read}\n{self.says}"):
                self.obeyed += found
                self.rounds.append(self.wire.calls(*found[:MOST]))
            case _:
                # Ollama writes these escaped; its client takes them for the end of a line.
                said = re.sub("[\x85\u2028\u2029]", " ", f"{read}\n{self.says}")
                self.rounds.append(self.wire.says(said))
        self._turn += 1
        return await super().answer(request)

    def anew(self, says: str) -> None:
        """The next question is about another text."""
        self._turn, self.says = 0, says


def _results(body: dict[str, Any]) -> list[str]:
    """What came with the last question, and what tools told of it."""
    messages = body["messages"]
    asked = max(n for n, each in enumerate(messages) if each["role"] == "user")
    return [str(each["content"]) for each in messages[asked:] if each["role"] in ("user", "tool")]


def _commands(text: str) -> list[Call]:
    plain = unicodedata.normalize("NFKC", text)
    spelled = letters(text)
    names = [name for name, kind in WORDS.items() if is_request(kind) and len(name) > 6]
    called = [name for name in names if letters(name) in spelled]
    called.sort(key=lambda name: WORDS[name].meaning.effect is Effect.read)
    arguments = [json.dumps(found) for found in _objects(plain)] or [json.dumps(EVIL)]
    return [(name, arguments[n % len(arguments)]) for n, name in enumerate(called)]


def letters(text: str) -> str:
    """What a reader makes out of a text who minds neither case, width nor what stands between."""
    return re.sub(r"[^a-z]", "", unicodedata.normalize("NFKC", text).lower())


def _objects(text: str) -> list[Any]:
    """The arguments that stand in a text as JSON, or in our brackets instead of its own."""
    braced = text.replace("(", "{").replace(")", "}").replace('\\"', '"')
    found = []
    for one in re.finditer(r'"(?:arguments|parameters)":\s*(\{[^{}]*\})', braced):
        try:
            found.append(json.loads(one[1]))
        except ValueError:
            continue
    return [each for each in found if isinstance(each, dict)]


@asynccontextmanager
async def obedient_models(wire: Wire, first: Sequence[Call]) -> AsyncIterator[ObedientModels]:
    fake = ObedientModels(wire, first)
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
