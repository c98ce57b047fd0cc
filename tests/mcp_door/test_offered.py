import json
from collections.abc import Iterator
from typing import Any

import pytest
from wood_words import CountLeaves, forest

from tio.api.contract import WORDS, Effect, Role
from tio.mcp import offered


@pytest.fixture
def wood() -> Iterator[None]:
    with forest():
        yield


def names(role: Role) -> set[str]:
    return {tool.name for tool in offered.tools(role)}


def test_every_reading_word_that_is_a_tool_is_one_and_nothing_else() -> None:
    wanted = {
        name
        for name, kind in WORDS.items()
        if kind.meaning.tool
        and kind.meaning.effect is Effect.read
        and kind.meaning.role is Role.viewer
    }

    assert len(wanted) > 40
    assert names(Role.viewer) == wanted | {"read_more"}


@pytest.mark.parametrize("role", list(Role))
def test_no_role_has_a_tool_that_orders_or_is_dangerous(role: Role, wood: None) -> None:
    effects = {WORDS[name].meaning.effect for name in names(role) - {"read_more"}}

    assert effects <= {Effect.read, Effect.write}
    assert names(role).isdisjoint({"FellTree", "OrderTree", "Trees", "PlaceOrder", "TakeIdea"})


def test_a_word_added_later_is_a_tool_and_one_that_writes_is_a_traders(wood: None) -> None:
    assert {"CountLeaves", "PlantTree"} & names(Role.viewer) == {"CountLeaves"}
    assert {"CountLeaves", "PlantTree"} <= names(Role.trader)
    assert offered.find("PlantTree", Role.viewer) is None
    assert offered.find("OrderTree", Role.owner) is None


def test_a_tool_is_told_as_the_word_declares_itself(wood: None) -> None:
    tool = next(each for each in offered.tools(Role.viewer) if each.name == "CountLeaves")
    fields = tool.input_schema["properties"]

    assert tool.description == "How many leaves there are."
    assert tool.input_schema["required"] == ["tree"]
    assert tool.input_schema["additionalProperties"] is False
    assert fields["tree"]["description"] == "the tree's name"
    assert "1d" in fields["timeframe"]["enum"]
    assert fields["timeframe"]["default"] == "1d"
    assert fields["limit"] == {"type": "integer", "minimum": 1, "maximum": 100, "default": 10}
    leaf = fields["of"]["anyOf"][-1 if fields["of"]["anyOf"][0] == {"type": "null"} else 0]
    assert set(leaf["properties"]) == {"title", "leaves"}
    assert leaf["properties"]["leaves"]["items"]["description"] == "Leaf, as above"
    assert tool.annotations is not None
    assert tool.annotations.read_only_hint is True


def test_a_writing_tool_does_not_say_that_it_only_reads(wood: None) -> None:
    tool = next(each for each in offered.tools(Role.trader) if each.name == "PlantTree")

    assert tool.annotations is not None
    assert tool.annotations.read_only_hint is False


@pytest.mark.parametrize("tool", offered.tools(Role.owner), ids=lambda tool: tool.name)
def test_a_schema_stands_by_itself(tool: Any) -> None:
    text = json.dumps(tool.input_schema)

    assert tool.input_schema["type"] == "object"
    assert "$ref" not in text
    assert "$defs" not in text
    assert tool.description


def test_flat_schemas_mean_what_the_words_mean() -> None:
    assert offered.flat(CountLeaves)["properties"].keys() == {"tree", "of", "timeframe", "limit"}
