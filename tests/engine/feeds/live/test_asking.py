import pytest

from tio.api.errors import NotFound, SourceUnavailable, TioError
from tio.engine.feeds.http import Answer
from tio.engine.feeds.live.asking import refusing


def answer(status: int, body: bytes) -> Answer:
    return Answer(status=status, headers={}, body=body, url="", received_at=0)


def refusal(body: bytes) -> TioError | None:
    return NotFound("no such pair") if body == b"no" else None


def test_what_an_answer_refuses_with_is_raised() -> None:
    check = refusing(refusal)
    with pytest.raises(NotFound):
        check(answer(200, b"no"))
    check(answer(200, b"yes"))


def test_a_page_in_place_of_data_is_no_answer() -> None:
    with pytest.raises(SourceUnavailable):
        refusing(refusal)(answer(200, b"<html>"))


def test_another_status_is_known_without_its_words() -> None:
    refusing(refusal)(answer(404, b"no"))
