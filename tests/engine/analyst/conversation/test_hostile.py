"""Text of others in the results of tools: it is read, it never acts."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from chat_scene import WIRES, Scene, Wire, finished, of
from fake_models import FakeModels, Round, fake_models
from hostile_texts import HOSTILE
from made_up_words import NameHarbour, declared

from tio.api import words
from tio.api.clean import clean
from tio.api.companies import GetProfile, Profile
from tio.api.contract import Effect
from tio.api.market import GetQuotes, Instrument, Quote, SearchInstruments
from tio.engine.analyst.conversation.events import CallBegun, CallEnded
from tio.engine.analyst.tools.quoting import quoted

from fakes import FakeEngine

assert words
TOOLS = '{"capabilities": ["completion", "tools"], "model_info": {}}'


@pytest.fixture
async def server() -> AsyncIterator[FakeModels]:
    async with fake_models() as made:
        made.shown = Round((TOOLS.encode(),))
        yield made


def told_by(text: str) -> dict[Any, Any]:
    """Answers that hold a text wherever a provider may put one."""
    return {
        SearchInstruments: (Instrument(symbol=text[:60], name=text, spellings={text[:50]: text}),),
        GetQuotes: (Quote(symbol="AAPL", name=text, note=text, source=text[:20]),),
        GetProfile: Profile(symbol="AAPL", name=text, industry=text, summary=text),
    }


def test_there_are_forty() -> None:
    assert len(set(HOSTILE)) == 40


@pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.kind)
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: clean(text[:30]))
async def test_a_hostile_text_is_data_even_when_the_model_repeats_it(
    server: FakeModels, wire: Wire, text: str
) -> None:
    engine = FakeEngine(told_by(text))
    scene = Scene([], engine)
    scene.models = [wire.model(server, scene.clock)]
    scene.__post_init__()
    asked = [("SearchInstruments", "{}"), ("GetQuotes", "{}"), ("GetProfile", '{"symbol": "AAPL"}')]
    server.rounds += [wire.calls(*asked), wire.says("\n", quoted(text), "\n")]
    with declared(NameHarbour, Effect.write):
        assert "NameHarbour" in [each.name for each in scene.desk.shelf]
        events = await scene.ask("Tell me about AAPL")
        named = [each.name for each in scene.desk.shelf] + ["read_more"]
    await scene.chain.close()
    finished(events)

    assert [each.name for each in of(CallBegun, events)] == [name for name, _ in asked]
    assert not any(each.called.proposed for each in of(CallEnded, events))
    assert {type(each) for each in engine.asked} == {SearchInstruments, GetQuotes, GetProfile}
    results = [each.called.text for each in of(CallEnded, events)]
    assert len(results) == 3
    for result in results:
        assert clean(result, prose=True) == result
        assert re.findall(r"[<>]", result) == list("<><>")
        data = result.partition("<data>\n")[2].partition("\n</data>")[0]
        assert data
        assert "\n" not in data
        assert not re.search("name[_.-]?harbour", data, re.IGNORECASE)
        assert not [each for each in named if each.lower() in data.lower()]
