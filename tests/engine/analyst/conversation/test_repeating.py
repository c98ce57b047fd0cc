import pytest

from tio.engine.analyst.conversation.repeating import repeats

ROWS = "\n".join(f"| {day} Nov | {100 + day}.20 | +0.{day} % |" for day in range(1, 21))


@pytest.mark.parametrize(
    "text",
    [
        "The price is this. " * 8,
        "It rose.\n\n" + "The price of ACME: ACME.\n\n" * 6,
        "ha" * 80,
        "x" * 200,
    ],
)
def test_one_passage_said_over_and_over_is_noticed(text: str) -> None:
    assert repeats(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "It rose, it fell, it rose, it fell.",
        ROWS,
        "-" * 300,
        "| --- " * 40,
        "The price is this. " * 3
        + "Then it was another, and that is all there is to be said of it.",
    ],
)
def test_tables_rules_and_plain_words_are_left_alone(text: str) -> None:
    assert not repeats(text)
