"""A conversation in the window of a model."""

from hypothesis import given
from hypothesis import strategies as st

from tio.engine.analyst.conversation.window import Reckoning, fitted, size
from tio.engine.analyst.models.speech import Message, Part, ToolCall

SYSTEM = Message(part=Part.system, text="Be brief.")


def user(text: str) -> Message:
    return Message(part=Part.user, text=text)


def said(text: str) -> Message:
    return Message(part=Part.assistant, text=text)


def called(handle: str, symbol: str, length: int = 3_000) -> list[Message]:
    call = ToolCall(f"c{handle}", "GetQuotes", f'{{"symbols": ["{symbol}"]}}')
    text = f"Result {handle} of GetQuotes. {symbol} {'7' * length}"
    return [
        Message(part=Part.assistant, calls=(call,)),
        Message(part=Part.tool, text=text, call=call.id, tool=call.name),
    ]


def test_what_fits_goes_whole() -> None:
    messages = [user("AAPL?"), *called("r1", "AAPL"), said("7"), user("Sure?")]
    fit = fitted(SYSTEM, messages, "Sure?", 10_000)
    assert fit.messages == (SYSTEM, *messages)
    assert fit.left == ""
    assert fit.characters == size(fit.messages)


def test_the_newest_stays_and_the_oldest_goes() -> None:
    messages = [each for i in range(50) for each in (user(f"question {i}"), said("x" * 200))]
    fit = fitted(SYSTEM, [*messages, user("now")], "now", 2_000)
    assert fit.messages[0] == SYSTEM
    assert fit.messages[1:] == (*messages[-len(fit.messages) + 2 :], user("now"))
    assert fit.left == f"{len(messages) - len(fit.messages) + 2} earlier messages left out for room"


def test_results_about_something_else_give_way_first() -> None:
    messages = [
        user("AAPL?"), *called("r1", "AAPL"), said("a"), user("MSFT?"), *called("r2", "MSFT"),
        said("b"), user("ok"), said("c"), user("And AAPL again?"),
    ]  # fmt: skip
    fit = fitted(SYSTEM, messages, "And AAPL again?", 10_000)
    tools = [each.text for each in fit.messages if each.part is Part.tool]
    assert "7777" in tools[0]
    assert tools[1] == (
        "Result r2 of GetQuotes. Left out for room; read_more with handle r2 tells it."
    )
    assert fit.left == "1 result of tools left out for room"


def test_in_the_turn_that_goes_on_the_oldest_results_give_way() -> None:
    messages = [user("All?"), *called("r1", "A"), *called("r2", "B"), *called("r3", "C")]
    fit = fitted(SYSTEM, messages, "All?", 7_000)
    tools = [each.text for each in fit.messages if each.part is Part.tool]
    assert ["Left out" in each for each in tools] == [True, False, False]


turns = st.lists(
    st.one_of(
        st.text(max_size=400).map(lambda text: [user(text)]),
        st.text(max_size=400).map(lambda text: [said(text)]),
        st.integers(1, 3_000).map(lambda length: called("r1", "AAPL", length)),
    ),
    max_size=30,
)


@given(turns, st.integers(1_000, 20_000))
def test_no_result_goes_without_its_call(made: list[list[Message]], room: int) -> None:
    messages = [each for turn in made for each in turn]
    messages = [*messages, user("AAPL?"), *called("r9", "AAPL")]
    fit = fitted(SYSTEM, messages, "AAPL?", room)
    assert fit.messages[0] == SYSTEM
    assert size(fit.messages) <= room
    open_calls: set[str] = set()
    for each in fit.messages:
        if each.part is Part.tool:
            assert each.call in open_calls
        open_calls |= {call.id for call in each.calls}


def test_a_loss_is_seen_by_what_the_server_read() -> None:
    reckoning = Reckoning()
    assert reckoning.lost(30_000, 4_096)
    assert not reckoning.lost(30_000, 7_000)
    assert not reckoning.lost(30_000, 0)
    reckoning.learn(30_000, 10_000)
    assert not reckoning.lost(33_000, 11_000)
    assert reckoning.lost(33_000, 8_000)
    assert reckoning.lost(31_000, 4_096)
    assert reckoning.densest == 3.0
    reckoning.learn(30_000, 15_000)
    assert reckoning.densest == 2.0
