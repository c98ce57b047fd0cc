"""JSON as models write it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.clean import clean
from tio.engine.analyst.tools.loose import loose

plain = st.text().map(lambda text: clean(text, prose=True))
keys = st.text().map(clean)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | plain,
    lambda each: st.lists(each, max_size=4) | st.dictionaries(keys, each, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(values)
def test_what_is_json_is_read_as_it_is(value: Any) -> None:
    assert loose(json.dumps(value)) == value


@given(st.dictionaries(keys, values, min_size=1, max_size=3), st.integers(1, 200))
def test_what_breaks_off_is_closed_or_refused(value: dict[str, Any], cut: int) -> None:
    text = json.dumps(value)
    try:
        assert isinstance(loose(text[:cut]), dict)
    except ValueError:
        assert cut < len(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{'a': 'it', 'b': None}", {"a": "it", "b": None}),
        ('{"a": [1, 2,],}', {"a": [1, 2]}),
        ('```json\n{"a": 1}\n```', {"a": 1}),
        ('{"a": {"b": [1', {"a": {"b": [1]}}),
        ('{"a": "\\u001b[2J\\u202e"}', {"a": "[2J"}),
        ('{"a": True}', {"a": True}),
    ],
)
def test_what_can_mean_one_thing_alone_is_mended(text: str, value: Any) -> None:
    assert loose(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "no", "{a}", "[" * 100_000, '{"a":' * 50_000, "{]", "NaN"],
    ids=lambda text: text[:6] or "nothing",
)
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 — whatever json says of it
        loose(text)
