import pytest

from tio.api.errors import Busy, Invalid, NotAllowed, NotFound, SourceUnavailable, TioError
from tio.engine.feeds.yahoo_refusals import names_crumb, refusal


def body(envelope: str, code: str, words: str) -> str:
    return f'{{"{envelope}":{{"result":null,"error":{{"code":"{code}","description":"{words}"}}}}}}'


@pytest.mark.parametrize(
    ("said", "status", "kind"),
    [
        (body("chart", "Not Found", "No data found, symbol may be delisted"), 404, NotFound),
        (body("chart", "Not Found", "No data found, symbol may be delisted"), 200, NotFound),
        (body("quoteSummary", "Not Found", "No fundamentals data found for any"), 404, NotFound),
        (body("chart", "Unprocessable Entity", "1m data not available"), 422, Invalid),
        (body("finance", "Unauthorized", "Invalid Crumb"), 401, NotAllowed),
        (body("finance", "Unauthorized", "Invalid Cookie"), 401, NotAllowed),
        (body("finance", "Internal Server Error", "went wrong"), 500, SourceUnavailable),
        ('{"finance":{"error":"Bad Request"}}', 400, Invalid),
        ("Too Many Requests\r\n", 429, Busy),
        ("Edge: Too Many Requests", 200, Busy),
        ("<!DOCTYPE html><html>Will be right back...</html>", 200, SourceUnavailable),
        ("<html><body>captcha</body></html>", 200, SourceUnavailable),
        ("<html><form action='/v2/collectConsent'>consent</form></html>", 200, SourceUnavailable),
        ("", 200, SourceUnavailable),
        ("{}", 403, NotAllowed),
        ("{}", 502, SourceUnavailable),
    ],
)
def test_what_is_said_instead_of_an_answer_is_the_error_it_means(
    said: str, status: int, kind: type[TioError]
) -> None:
    error = refusal(said, status)
    assert type(error) is kind
    assert error.message.startswith("Yahoo")
    assert error.next
    assert type(refusal(said.encode(), status)) is kind


def test_only_a_crumb_or_cookie_asks_for_a_new_crumb() -> None:
    asked = [
        refusal(body("finance", "Unauthorized", words), 401)
        for words in ("Invalid Crumb", "Invalid Cookie", "User is unable to access this feature")
    ]
    assert [error is not None and names_crumb(error) for error in asked] == [True, True, False]


def test_words_of_yahoo_cannot_steer_the_terminal() -> None:
    error = refusal('{"chart":{"error":{"code":"x","description":"\\u001b[2J gone"}}}', 404)
    assert error is not None
    assert error.message.isprintable()


def test_an_answer_is_no_refusal() -> None:
    assert refusal('{"chart":{"result":[],"error":null}}') is None
    assert refusal("[1]") is None
