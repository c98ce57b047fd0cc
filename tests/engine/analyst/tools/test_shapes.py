"""Schemas small models and Ollama's client keep."""

import json
from typing import Any

import ollama
import pytest
from made_up_words import AskWeather

from tio.api import words
from tio.api.contract import WORDS, Role
from tio.engine.analyst.tools.shapes import schema_of
from tio.engine.analyst.tools.shelf import shelf

assert words
TOOLS = {each.name: each for each in shelf(Role.owner)}
PLAIN = {"type", "items", "enum", "description", "properties", "required"}


def keys(value: Any, under: str = "") -> set[str]:
    """Every key of a schema but the names of properties."""
    if isinstance(value, list):
        return set().union(*map(keys, value)) if value else set()
    if not isinstance(value, dict):
        return set()
    own = set() if under == "properties" else set(value)
    return own.union(*(keys(each, name) for name, each in value.items()))


def test_a_word_is_told_flat() -> None:
    schema = schema_of(AskWeather)
    assert schema["required"] == ["harbour"]
    fields = schema["properties"]
    assert fields["days"] == {
        "type": "integer",
        "description": "at least 1, at most 14; 3 if left out",
    }
    assert fields["sky"] == {"type": "string", "enum": ["clear", "cloud"]}
    assert fields["ships"] == {"type": "array", "items": {"type": "string"}}
    assert fields["tide"] == {
        "type": "string",
        "description": 'a decimal number as text, like "12.50"',
    }
    assert fields["places"]["items"]["required"] == ["name"]
    assert "2026-01-31T14:30:00Z" in fields["at"]["description"]


@pytest.mark.parametrize("name", sorted(TOOLS))
def test_nothing_a_small_model_stumbles_over_is_in_a_schema(name: str) -> None:
    schema = TOOLS[name].tool.schema
    assert keys(schema) <= PLAIN
    text = json.dumps(schema)
    assert "null" not in text
    assert "$" not in text
    assert len(text) < 5_000


@pytest.mark.parametrize("name", sorted(TOOLS))
def test_ollamas_client_keeps_every_field(name: str) -> None:
    tool = TOOLS[name].tool
    function = {"name": name, "description": "d", "parameters": dict(tool.schema)}
    kept = ollama.Tool.model_validate({"type": "function", "function": function}).model_dump()
    parameters = kept["function"]["parameters"]
    told = tool.schema.get("properties", {})
    assert set(parameters["properties"] or {}) == set(told)
    for field, shape in told.items():
        for key in ("type", "enum", "items", "description"):
            assert parameters["properties"][field][key] == shape.get(key)


def test_columns_of_numbers_are_not_asked_for() -> None:
    assert "bars" not in TOOLS["ComputeIndicators"].tool.schema["properties"]
    assert WORDS["ComputeIndicators"]
