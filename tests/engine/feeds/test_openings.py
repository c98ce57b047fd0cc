from tio.engine.feeds.decoding import decoder
from tio.engine.feeds.openings import no_data, opening_of, said_in

NUMBERS = decoder(list[int])


def test_an_opening_has_no_mark_of_byte_order_and_no_white_space() -> None:
    assert opening_of("\ufeff \r\n{}".encode()) == "{}"
    assert opening_of("\ufeff\t[1]") == "[1]"


def test_an_opening_is_as_short_as_asked_for_and_of_any_bytes() -> None:
    assert opening_of("x" * 300) == "x" * 200
    assert opening_of(b"\xff{}", 1) == "\ufffd"


def test_nothing_is_told_apart_from_words() -> None:
    assert no_data("Somebody", "").message == "Somebody answered with nothing"
    assert "words or a page" in no_data("Somebody", "<html>").message


def test_what_cannot_be_read_says_nothing() -> None:
    assert said_in("[1, 2]", NUMBERS) == [1, 2]
    for body in (b"\xff", "[", '["x"]', "[" * 100_000):
        assert said_in(body, NUMBERS) is None
