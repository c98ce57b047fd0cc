"""Questions asked from a shell of a real engine, in its process and at its socket."""

import asyncio
import os
import signal

import pytest
from both_engines import DOORS, Afternoon, through
from fake_models import FakeModels, Round, delta, fake_models, openai, sse

from tio.api.chats import AnswerState, Ask, GetChat, ListChats
from tio.api.errors import Invalid
from tio.commands.questions import ask_in
from tio.config import Analyst, Config, Demo
from tio.engine.local import LocalEngine
from tio.paths import Paths

PATIENCE = 20.0
ACME = "SIM:ACME"


def made(server: FakeModels) -> LocalEngine:
    return LocalEngine(
        Paths.find().workspace("demo"),
        Config(
            demo=Demo(symbols=3, rate=50.0, portfolio=False),
            analyst=Analyst(models=(server.settings("openai").name,)),
        ),
        wall=Afternoon(),
    )


@pytest.mark.parametrize("door", DOORS)
async def test_an_answer_is_told_as_it_comes_and_stopped_where_it_is_written(
    door: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with fake_models() as server:
        local = made(server)
        await local.start()
        try:
            async with through(local, door) as engine, asyncio.timeout(PATIENCE):
                told = "It will be 98765.43 soon."
                server.rounds.append(openai(delta(content=told[:9]), delta(content=told[9:])))
                first = await ask_in(engine, Ask("How is it?"), None, live=True)
                chat = first.chat
                assert not first.interrupted
                assert first.message.state is AnswerState.done
                out = capsys.readouterr().out
                assert out.splitlines()[0] == told
                assert "98765.43 (unverified)" in out
                assert (await engine.ask(ListChats()))[0].title == "How is it?"

                server.rounds.append(Round((sse(delta(content="Half"), done=False),), held=True))
                asking = asyncio.create_task(
                    ask_in(engine, Ask("And?", chat=chat), None, live=True)
                )
                await server.holding.wait()
                out = ""
                while "Half" not in out:
                    await asyncio.sleep(0)
                    out += capsys.readouterr().out
                os.kill(os.getpid(), signal.SIGINT)
                stopped = await asking
                assert stopped.interrupted
                await server.left.wait()
                whole = await engine.ask(GetChat(chat))
                assert whole.messages[-1].state is AnswerState.stopped
                out += capsys.readouterr().out
                assert out.startswith("Half\n")
                assert "stopped" in out.splitlines()[-1]

                with pytest.raises(Invalid, match="no command /breif"):
                    await ask_in(engine, Ask("/breif x"), None, live=True)
                assert [each.id for each in await engine.ask(ListChats())] == [chat]
        finally:
            await local.close()


@pytest.mark.parametrize("door", DOORS)
async def test_without_a_model_the_rules_answer(
    door: str, capsys: pytest.CaptureFixture[str]
) -> None:
    local = LocalEngine(
        Paths.find().workspace("demo"),
        Config(demo=Demo(symbols=3, rate=50.0, portfolio=False)),
        wall=Afternoon(),
    )
    await local.start()
    try:
        async with through(local, door) as engine, asyncio.timeout(PATIENCE):
            await ask_in(engine, Ask(f"How does {ACME} stand?"), None, live=False)
            said = capsys.readouterr()
            assert said.out.startswith(ACME)
            assert "\nTrend" in said.out
            assert said.out.splitlines()[-1].startswith("rules · ")
            assert "▸ Brief SIM:ACME" in said.err
            await ask_in(engine, Ask(f"/brief {ACME}"), None, live=True)
            out = capsys.readouterr().out
            assert "\nTrend" in out
    finally:
        await local.close()
