"""Text held back where a call may be written in it."""

from hypothesis import given
from hypothesis import strategies as st

from tio.engine.analyst.conversation.withheld import LONGEST, Withheld, calls_in
from tio.engine.analyst.models.speech import ToolCall

CALL = '{"name": "GetQuotes", "arguments": {"symbols": ["AAPL"]}}'
pieces = st.lists(
    st.text(max_size=20)
    | st.sampled_from(["\n", "{", "[", "`", "```json\n", "<", "<tool_call>", "[TOOL_CALLS]", CALL])
)


def real(name: str) -> str:
    return name if name == "GetQuotes" else ""


@given(pieces)
def test_no_text_is_lost_or_told_twice(texts: list[str]) -> None:
    withheld = Withheld()
    shown = "".join(withheld.feed(each) for each in texts)
    assert shown + withheld.rest() == "".join(texts)


@given(st.text(alphabet="abc ., \n", max_size=60), st.integers(1, 7))
def test_a_call_on_a_line_of_its_own_is_never_shown(before: str, step: int) -> None:
    withheld, text = Withheld(), f"{before}\n{CALL}"
    shown = "".join(withheld.feed(text[i : i + step]) for i in range(0, len(text), step))
    assert "{" not in shown
    assert [each.name for each in calls_in(withheld.held, real)] == ["GetQuotes"]


def test_prose_is_shown_as_it_comes() -> None:
    withheld = Withheld()
    assert [withheld.feed(each) for each in ("It ", "costs ", "{1} ", "a < b")] == [
        "It ", "costs ", "{1} ", "a < b",
    ]  # fmt: skip


def test_what_is_too_long_for_a_call_is_shown() -> None:
    withheld = Withheld()
    assert withheld.feed("{") == ""
    assert withheld.feed("x" * LONGEST) == "{" + "x" * LONGEST


def test_calls_are_found_among_other_words() -> None:
    text = f"<tool_call>{CALL}</tool_call>\n<tool_call>{CALL}</tool_call>"
    made = ToolCall("", "GetQuotes", '{"symbols": ["AAPL"]}')
    assert calls_in(text, real) == (made, made)
    assert calls_in('{"name": "DeleteAll", "arguments": {}}', real) == ()
    assert calls_in("[" * LONGEST, real) == ()
