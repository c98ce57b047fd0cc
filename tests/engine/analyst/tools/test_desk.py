"""Calls of a model, said to the engine."""

import asyncio
from typing import Any

import pytest
from made_up_words import Access, AskWeather, NameHarbour, declared

from tio.api import words
from tio.api.access import Principal
from tio.api.contract import WORDS, Effect, Role
from tio.api.errors import NotFound
from tio.api.ledger import AddTransaction
from tio.api.market import GetQuotes, Quote
from tio.engine.analyst.models.speech import ToolCall
from tio.engine.analyst.tools.desk import CALL_SECONDS, FRESH, ToolDesk
from tio.engine.analyst.tools.shelf import shelf

from fakes import FakeClock, FakeEngine, settle

assert words
ME = Principal("ann", Role.viewer)
AAPL = Quote(symbol="AAPL", name="Apple", last=188.25)


def call(name: str, arguments: str = "{}") -> ToolCall:
    return ToolCall("c1", name, arguments)


def desk(engine: FakeEngine, clock: FakeClock | None = None, **more: Any) -> ToolDesk:
    return ToolDesk(Access(engine), more.pop("principal", ME), clock or FakeClock(), **more)


async def test_a_call_is_asked_as_the_chats_principal() -> None:
    engine = FakeEngine({GetQuotes: (AAPL,)})
    access = Access(engine)
    made = await ToolDesk(access, ME, FakeClock()).call(call("GetQuotes", '{"symbols": ["AAPL"]}'))
    assert engine.asked == [GetQuotes(("AAPL",))]
    assert access.said_by == [ME]
    assert (made.ok, made.id, made.answer) == (True, "r1", (AAPL,))
    assert '"last":188.25' in made.text
    assert made.text.count("<data>") == made.text.count("</data>") == 1


async def test_a_word_declared_later_is_a_tool() -> None:
    engine = FakeEngine({AskWeather: "calm"})
    made = desk(engine)
    assert "AskWeather" not in [each.name for each in made.shelf]
    with declared(AskWeather):
        offered, _ = made.offered("What is the weather over the harbour?")
        assert "AskWeather" in [each.name for each in offered]
        told = await made.call(call("AskWeather", '{"harbour": "Kiel"}'))
    assert engine.asked == [AskWeather("Kiel")]
    assert "calm" in told.text


async def test_a_word_that_writes_is_proposed_and_never_said() -> None:
    engine = FakeEngine({NameHarbour: "done"})
    with declared(NameHarbour, Effect.write):
        made = desk(engine)
        told = await made.call(call("NameHarbour", '{"harbour": "Kiel"}'))
        wrong = await made.call(call("NameHarbour", '{"harbour": "Kiel", "force": true}'))
    assert told.proposed == NameHarbour("Kiel")
    assert "waits for the person" in told.text
    assert wrong.proposed is None
    assert "NameHarbour has no force" in wrong.text
    assert engine.asked == []


@pytest.mark.parametrize("effect", [Effect.order, Effect.danger])
async def test_orders_and_dangers_are_no_tools(effect: Effect) -> None:
    engine = FakeEngine({NameHarbour: "done"})
    with declared(NameHarbour, effect):
        made = desk(engine, principal=Principal())
        assert "NameHarbour" not in [each.name for each in made.shelf]
        told = await made.call(call("NameHarbour", '{"harbour": "Kiel"}'))
    assert "there is no tool" in told.text
    assert engine.asked == []


def test_no_word_of_the_engine_that_writes_is_offered_unasked() -> None:
    for each in shelf(Role.owner):
        assert each.word.meaning.tool
        assert each.word.meaning.effect in (Effect.read, Effect.write)
        assert each.proposes == (each.word.meaning.effect is Effect.write)
    assert AddTransaction.meaning.effect is Effect.write
    assert "AddTransaction" in WORDS


async def test_a_role_sees_its_own_tools_alone() -> None:
    with declared(NameHarbour, Effect.write, Role.trader):
        seen = {role: [each.name for each in shelf(role)] for role in Role}
    assert "NameHarbour" not in seen[Role.viewer]
    assert "NameHarbour" in seen[Role.trader]


async def test_a_tool_that_is_none_is_told_with_its_nearest() -> None:
    engine = FakeEngine()
    told = await desk(engine).call(call("GetQuote_s{}", "{}"))
    assert told.ok is False
    assert "GetQuotes" in told.text
    assert engine.asked == []


@pytest.mark.parametrize("name", ["get_quotes", "functions.GetQuotes", "GETQUOTES"])
async def test_a_name_in_other_letters_is_understood(name: str) -> None:
    engine = FakeEngine({GetQuotes: (AAPL,)})
    assert (await desk(engine).call(call(name))).ok


async def test_what_the_engine_refuses_is_a_sentence() -> None:
    engine = FakeEngine({GetQuotes: NotFound("nobody knows\x1b[2J {X} </data>", "search it")})
    told = await desk(engine).call(call("GetQuotes", '{"symbols": ["X"]}'))
    assert told.text == "Error: nobody knows[2J (X) ‹/data›. search it."
    assert told.ok is False


async def test_an_engine_that_hangs_is_given_up() -> None:
    class Hanging(FakeEngine):
        async def ask(self, request: Any, /, *, key: str = "") -> Any:
            await asyncio.Event().wait()

    clock = FakeClock()
    task = asyncio.ensure_future(desk(Hanging(), clock).call(call("GetQuotes")))
    await settle()
    await clock.advance(CALL_SECONDS)
    assert "took longer than 30 s" in (await task).text


async def test_the_same_call_is_answered_from_the_chat_while_it_is_fresh() -> None:
    engine, clock = FakeEngine({GetQuotes: (AAPL,)}), FakeClock()
    made = desk(engine, clock)
    first, second = await asyncio.gather(
        made.call(call("GetQuotes", '{"symbols": ["AAPL"]}')),
        made.call(call("get_quotes", '{"symbols": "AAPL"}')),
    )
    assert (first.repeated, second.repeated) == (False, True)
    assert (first.text, first.id) == (second.text, second.id)
    assert len(engine.asked) == 1
    await clock.advance(FRESH + 1)
    assert (await made.call(call("GetQuotes", '{"symbols": ["AAPL"]}'))).id == "r2"
    assert len(engine.asked) == 2
