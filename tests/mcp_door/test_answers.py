import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.errors import Invalid, NotFound
from tio.mcp.answers import KEPT, Answers
from tio.mcp.telling import Draft, drafted, told


def handle_in(note: str) -> str:
    found = re.search(r'handle="(\w+)"', note)
    assert found, note
    return found[1]


def test_a_short_answer_is_told_whole() -> None:
    assert Answers().page(drafted({"price": "1.50"})) == ('{"price":"1.50"}', "")


@given(st.integers(20, 3_000), st.integers(100, 5_000))
def test_a_long_answer_is_short_and_read_whole_by_its_handle(items: int, most: int) -> None:
    value = {"rows": [{"n": n, "text": "ü 0"} for n in range(items)]}
    answers = Answers(most)
    first = answers.page(drafted(value, most))
    if not first.note:
        assert json.loads(first.text) == told(value)
        return

    assert len(first.text) <= most
    handle, whole, offset = handle_in(first.note), "", 0
    while page := answers.read(handle, offset):
        assert len(page.text) <= most
        whole += page.text
        offset += len(page.text)
        if "goes on" not in page.note:
            break
        assert f"offset={offset}" in page.note

    assert json.loads(whole) == told(value)


def test_one_long_text_is_told_from_its_beginning() -> None:
    page = Answers(100).page(drafted({"text": "x" * 1_000}, 100))

    assert page.text == '{"text":"' + "«" + "x" * 90
    assert "offset=100" in page.note


def test_the_oldest_answers_go_and_say_so() -> None:
    answers = Answers(50)
    handles = [
        handle_in(answers.page(drafted(list(range(n, n + 100)), 50)).note) for n in range(KEPT + 1)
    ]

    assert answers.read(handles[-1], 0).text.startswith("[32,")
    with pytest.raises(NotFound, match="no answer is kept"):
        answers.read(handles[0], 0)


def test_much_text_is_not_kept_for_ever() -> None:
    answers = Answers(50)
    first = handle_in(answers.page(Draft("x" * 20_000_000)).note)
    second = handle_in(answers.page(Draft("y" * 20_000_000)).note)

    assert answers.read(second, 1).text == "y" * 50
    with pytest.raises(NotFound):
        answers.read(first, 0)


@pytest.mark.parametrize("offset", [-1, 10_000])
def test_an_offset_outside_is_refused(offset: int) -> None:
    answers = Answers(50)
    handle = handle_in(answers.page(drafted(list(range(100)), 50)).note)

    with pytest.raises(Invalid, match="ends at"):
        answers.read(handle, offset)
