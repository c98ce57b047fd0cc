"""The chain as config.toml has it: what a day may take, offline, another config, keys."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from chat_scene import SYSTEM, WIRES, Wire, finished, of
from fake_models import FakeModels, Round, fake_models
from made_up_words import Access

from tio.api.access import OWNER
from tio.api.errors import Invalid
from tio.api.models import ListModels, ModelStanding, ModelState, SetModelKey
from tio.config import Analyst, Config, ModelTerms
from tio.engine.analyst.conversation.events import Answering, ChatEvent, Exhausted
from tio.engine.analyst.conversation.loop import Conversation
from tio.engine.analyst.models.desk import ModelDesk
from tio.engine.analyst.models.speech import Text
from tio.engine.analyst.tools.desk import ToolDesk
from tio.engine.bus import Bus
from tio.engine.keys.vault import Vault
from tio.engine.store import tio_schema
from tio.engine.store.database import Database, Durability

from fakes import FakeClock, FakeEngine, settle


class NoRing:
    """A machine without a keyring."""

    def get(self, account: str) -> str | None:
        raise RuntimeError("no backend")

    def set(self, account: str, value: str) -> None:
        raise RuntimeError("no backend")

    def delete(self, account: str) -> None:
        raise RuntimeError("no backend")


@dataclass
class Room:
    """A desk of models over a database in a folder."""

    folder: Path
    clock: FakeClock = field(default_factory=FakeClock)
    offline: str = ""

    async def open(self, *models: str, **analyst: object) -> ModelDesk:
        self.database = Database(self.folder / "tio.db", Durability.normal, tio_schema.STEPS)
        await self.database.open()
        self.desk = ModelDesk(
            config_of(*models, **analyst),
            self.clock,
            Bus(self.clock),
            self.database,
            Vault(self.folder / "keys.json", NoRing(), {}),
            lambda _: self.offline,
        )
        await self.desk.start()
        return self.desk

    async def close(self) -> None:
        await self.desk.close()
        await self.database.settle()
        await self.database.close()

    async def ask(self, question: str = "How?") -> list[ChatEvent]:
        tools = ToolDesk(Access(FakeEngine()), OWNER, self.clock)
        chat = Conversation(SYSTEM, tools, self.desk.chain, self.clock, self.desk.limits)
        return [event async for event in chat.ask(question)]

    async def states(self) -> list[ModelState]:
        return list(await self.desk.answers()[ListModels](ListModels(), OWNER))


def config_of(*models: str, **analyst: object) -> Config:
    return Config(analyst=Analyst(models=models, **analyst))  # type: ignore[arg-type]


@pytest.fixture(params=WIRES, ids=lambda wire: wire.kind)
def wire(request: pytest.FixtureRequest) -> Wire:
    made: Wire = request.param
    return made


@pytest.fixture
async def server() -> AsyncIterator[FakeModels]:
    async with fake_models() as made:
        yield made


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    made = Room(tmp_path)
    yield made
    await made.close()


def named(server: FakeModels, wire: Wire) -> str:
    return server.settings(wire.kind).name


async def test_tokens_and_cost_of_a_day_are_kept_over_a_restart(
    room: Room, server: FakeModels, wire: Wire
) -> None:
    name = named(server, wire)
    terms = {name: ModelTerms(price_read=0.5, price_written=1.5)}
    server.rounds.append(wire.says("well", usage=(10_000, 200)))
    await room.open(name, model=terms)
    finished(await room.ask())
    for _ in range(2):
        told = (await room.states())[0]
        assert (told.read_today, told.written_today) == (10_000, 200)
        assert told.cost_today == Decimal("0.0053")
        await room.close()
        await room.open(name, model=terms)
    await room.clock.advance(timedelta(hours=9).total_seconds())
    told = (await room.states())[0]
    assert (told.read_today, told.written_today, told.cost_today) == (0, 0, Decimal(0))


async def test_a_server_that_counts_nothing_is_counted_by_characters(
    room: Room, server: FakeModels, wire: Wire
) -> None:
    server.rounds.append(wire.says(" ".join(f"{n:03}" for n in range(100)) + "."))
    await room.open(named(server, wire))
    finished(await room.ask("y" * 4_000))
    told = (await room.states())[0]
    assert told.written_today == 100
    assert told.read_today > 1_000


async def test_a_round_that_failed_before_a_word_costs_nothing(
    room: Room, server: FakeModels, wire: Wire
) -> None:
    server.rounds.append(Round(status=500))
    await room.open(named(server, wire))
    await room.ask()
    assert (await room.states())[0].read_today == 0


async def test_when_the_tokens_of_a_day_are_taken_the_rules_are_left_until_midnight(
    room: Room, server: FakeModels, wire: Wire
) -> None:
    server.rounds += [wire.says("one", usage=(9_000, 1_000)), wire.says("two")]
    await room.open(named(server, wire), tokens_a_day=10_000)
    assert finished(await room.ask()).text == "one"
    events = await room.ask()
    assert not of(Answering, events)
    assert isinstance(events[-1], Exhausted)
    assert "10,000 tokens were taken today" in events[-1].reasons[0]
    told = (await room.states())[0]
    assert told.state is ModelStanding.spent
    assert "tokens_a_day" in told.reason
    await room.clock.advance(timedelta(hours=9).total_seconds())
    assert finished(await room.ask()).text == "two"


async def test_a_question_may_use_up_the_day_in_its_middle(
    room: Room, server: FakeModels, wire: Wire
) -> None:
    server.rounds += [
        wire.calls(("GetQuotes", '{"symbols": ["AAPL"]}'), usage=(900, 100)),
        wire.says("never"),
    ]
    server.shown = Round((b'{"capabilities": ["tools"], "model_info": {}}',))
    await room.open(named(server, wire), tokens_a_day=1_000)
    events = await room.ask()
    assert isinstance(events[-1], Exhausted)
    assert len(server.rounds) == 1
    told = (await room.states())[0]
    assert (told.state, told.next_try_at) == (ModelStanding.spent, None)


async def test_a_budget_of_money_leaves_what_costs_nothing(room: Room, server: FakeModels) -> None:
    openai, ollama = WIRES
    dear, free = named(server, openai), named(server, ollama)
    server.rounds += [openai.says("dear", usage=(1_000_000, 0)), ollama.says("free")]
    await room.open(dear, free, cost_a_day=2.0, model={dear: ModelTerms(price_read=2.0)})
    assert finished(await room.ask()).text == "dear"
    events = await room.ask()
    assert finished(events).text == "free"
    first, second, _ = await room.states()
    assert (first.state, second.state) == (ModelStanding.spent, ModelStanding.ready)
    assert "2.00 USD were spent today" in first.reason


async def test_offline_the_next_on_this_machine_answers(
    room: Room, server: FakeModels, wire: Wire
) -> None:
    room.offline = "offline (said so)"
    server.rounds.append(wire.says("here"))
    await room.open("openai:https://models.example/v1#big", named(server, wire))
    events = await room.ask()
    assert finished(events).text == "here"
    assert [each.model for each in of(Answering, events)] == [named(server, wire)]


async def test_a_refused_model_is_seen_resting_while_the_next_answers(room: Room) -> None:
    first_wire, second_wire = WIRES
    async with fake_models() as first, fake_models() as second:
        first.rounds.append(Round(status=401))
        second.rounds.append(second_wire.says("here"))
        await room.open(named(first, first_wire), named(second, second_wire))
        assert finished(await room.ask()).text == "here"
        refused, well, _ = await room.states()
    assert refused.state is ModelStanding.refused
    assert refused.next_try_at == room.clock.now() + timedelta(seconds=30)
    assert well.state is ModelStanding.ready


async def test_a_silent_server_is_given_up_after_the_seconds_configured(
    room: Room, server: FakeModels, wire: Wire
) -> None:
    name = named(server, wire)
    server.rounds.append(wire.hangs())
    await room.open(name, model={name: ModelTerms(first=7.0)})
    asking = asyncio.ensure_future(room.ask())
    await asyncio.wait_for(server.holding.wait(), 20)
    await room.clock.advance(7.5)
    events = await asking
    assert isinstance(events[-1], Exhausted)
    assert "nothing came for 7 s" in events[-1].reasons[0]
    assert (await room.states())[0].state is ModelStanding.failing


async def test_another_config_is_used_from_the_next_question_on(
    room: Room, server: FakeModels, wire: Wire
) -> None:
    server.rounds.append(wire.hangs("first"))
    desk = await room.open(named(server, wire))
    chain = desk.chain
    async with fake_models() as other:
        other.rounds.append(wire.says("other"))
        asking = room.desk.chain.speakers[0].model
        desk.configure(config_of(named(other, wire)))
        assert finished(await room.ask()).text == "other"
        await settle()
        assert desk.chain is chain
        assert [each.name for each in chain.speakers] == [named(other, wire)]
        assert asking.name == named(server, wire)
    assert (await room.states())[0].name == named(other, wire)


async def test_a_config_that_changes_in_mid_answer_lets_it_end(
    room: Room, server: FakeModels, wire: Wire
) -> None:
    server.rounds.append(replace(wire.says("whole"), held=True))
    desk = await room.open(named(server, wire))
    chat = Conversation(
        SYSTEM, ToolDesk(Access(FakeEngine()), OWNER, room.clock), desk.chain, room.clock
    )
    texts = []
    async for event in chat.ask("How?"):
        if isinstance(event, Text):
            desk.configure(config_of())
            server.release()
            texts.append(event.text)
    assert texts == ["whole"]
    assert [each.name for each in await room.states()] == ["rules"]


async def test_a_key_set_while_it_rests_is_used_at_once(
    room: Room, server: FakeModels, wire: Wire
) -> None:
    name = named(server, wire)
    server.rounds += [Round(status=401), wire.says("now")]
    await room.open(name)
    assert isinstance((await room.ask())[-1], Exhausted)
    await room.desk.answers()[SetModelKey](SetModelKey(name, "k-1"), OWNER)
    assert finished(await room.ask()).text == "now"
    assert server.asked[-1].headers["Authorization"] == "Bearer k-1"


async def test_the_window_and_temperature_a_person_set_are_sent(
    room: Room, server: FakeModels
) -> None:
    name = named(server, WIRES[1])
    shown = b'{"capabilities": ["tools"], "model_info": {"small.context_length": 32768}}'
    server.shown = Round((shown,))
    server.rounds.append(WIRES[1].says("well"))
    await room.open(name, model={name: ModelTerms(context=24_000, temperature=0.7)})
    finished(await room.ask())
    options = server.asked[-1].body["options"]
    assert (options["num_ctx"], options["temperature"]) == (24_000, 0.7)
    assert (await room.states())[0].context == 24_000


@pytest.mark.parametrize("think", [None, False, True])
async def test_whether_it_thinks_is_sent_only_where_a_person_said_so(
    room: Room, server: FakeModels, wire: Wire, think: bool | None
) -> None:
    name = named(server, wire)
    server.rounds.append(wire.says("well"))
    await room.open(name, model={name: ModelTerms(think=think)})
    finished(await room.ask())
    body = server.asked[-1].body
    told = body.get("think", body.get("chat_template_kwargs", {}).get("enable_thinking"))
    assert told is think


async def test_limits_are_as_configured(room: Room) -> None:
    desk = await room.open(rounds=3, seconds=60.0, tokens=5_000, written=256)
    limits = desk.limits
    assert (limits.rounds, limits.seconds, limits.tokens, limits.most) == (3, 60.0, 5_000, 256)


@pytest.mark.parametrize("value", ["two words", "schlüssel", "line\nbreak", "  "])
async def test_what_no_request_can_carry_is_no_key(room: Room, value: str) -> None:
    desk = await room.open("ollama:small")
    with pytest.raises(Invalid, match="is no key") as refused:
        await desk.answers()[SetModelKey](SetModelKey("ollama:small", value), OWNER)
    assert value.strip() not in refused.value.message or not value.strip()


async def test_a_broken_file_of_keys_leaves_the_next_to_answer(
    room: Room, server: FakeModels, wire: Wire
) -> None:
    (room.folder / "keys.json").write_text("{")
    await room.open(named(server, wire))
    events = await room.ask()
    assert isinstance(events[-1], Exhausted)
    assert "keys.json cannot be read" in events[-1].reasons[0]


async def test_a_server_elsewhere_without_encryption_is_told(room: Room) -> None:
    await room.open("ollama:http://box:11434#small", "openai:https://host/v1#big")
    bare, safe, _ = await room.states()
    assert "unencrypted" in bare.reason
    assert safe.reason == ""


def test_nothing_of_models_is_imported_before_one_is_asked(tmp_path: Path) -> None:
    script = """
import asyncio, sys
from tio.config import Analyst, Config, Demo
from tio.engine.local import LocalEngine
from tio.paths import Paths

async def main():
    models = ("ollama:small", "openai:https://host/v1#big")
    config = Config(demo=Demo(symbols=2, portfolio=False), analyst=Analyst(models=models))
    engine = LocalEngine(Paths.find().workspace("demo"), config)
    await engine.start()
    await engine.close()

asyncio.run(main())
late = ("ollama", "httpx", "keyring", "tio.engine.analyst.conversation.chain",
        "tio.engine.analyst.models.openai", "tio.engine.analyst.exam.steps")
print([name for name in late if name in sys.modules])
"""
    told = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=os.environ | {"TIO_HOME": str(tmp_path)},
    )
    assert told.stdout.strip() == "[]"
