"""Command lines one after the other, each with an engine of its own, and a model's server."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fake_models import Round, delta, fake_models, fragment, openai
from shell_scene import Said, Tio

from tio.commands.running import run
from tio.paths import Paths

ACME = "SIM:ACME"


@contextmanager
def served(*rounds: Round) -> Iterator[str]:
    """A model's server with a thread to itself; its name in config.toml."""
    name = ""
    ready, over = threading.Event(), threading.Event()

    async def serve() -> None:
        nonlocal name
        async with fake_models() as server:
            server.rounds.extend(rounds)
            name = server.settings("openai").name
            ready.set()
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(20)
        yield name
    finally:
        over.set()
        thread.join()


@pytest.fixture
def tio(capfd: pytest.CaptureFixture[str]) -> Tio:
    def call(*words: str) -> Said:
        code = run(["-w", "demo", *words])
        return Said(code, *capfd.readouterr())

    return call


def test_what_was_asked_is_kept_and_what_was_proposed_is_done_once(tio: Tio) -> None:
    look = fragment(0, "a", "GetQuotes", f'{{"symbols": ["{ACME}"]}}')
    save = fragment(0, "w", "SaveWatchlist", f'{{"name": "ideas", "symbols": ["{ACME}"]}}')
    rounds = (
        openai(delta(tool_calls=[look]), finish="tool_calls"),
        openai(delta(tool_calls=[save]), finish="tool_calls"),
        openai(delta(content="I propose a list.")),
    )
    with served(*rounds) as name:
        file = Paths.find().config_file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f'[analyst]\nmodels = ["{name}", "rules"]\n[demo]\nsymbols = 3\n')
        said = tio("ask", "Make", "a", "list", "--json")
        assert said.code == 0
        message = json.loads(said.out)
        assert (message["text"], message["made_by"]) == ("I propose a list.", name)
        shown = tio("chats", "show", "c1").out
        assert "AI small" in shown
        (proposal,) = message["proposals"]
        assert f"tio chats confirm c1 m2 {proposal['id']}" in shown
        assert tio("chats", "confirm", "c1", "m2", "--yes").code == 0
        assert tio("chats", "confirm", "c1", "m2", "--yes").code == 1
        lists = json.loads(tio("watchlist", "list", "--json").out)
        assert "ideas" in {each["name"] for each in lists}
    (quote,) = json.loads(tio("chats", "source", "c1", "r1").out)
    assert quote["symbol"] == ACME
    assert tio("chats", "export", "c1").out.startswith("# Make a list\n")
    assert tio("chats", "delete", "c1", "--yes").code == 0
    assert tio("chats", "show", "c1").code == 3
