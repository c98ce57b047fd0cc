import json

import pytest

from tio.api.errors import Invalid, NotFound, SourceUnavailable
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.http import Throttled
from tio.engine.feeds.okx_answers import (
    Ended,
    is_farewell,
    read_answer,
    read_bars,
    read_instruments,
    refusal,
    requesting,
)
from tio.engine.feeds.rows import Row

import recorded

UNKNOWN = (
    '{"event":"error","code":"60018","msg":"Wrong URL or channel:trades,instId:FOO-USDT '
    "doesn't exist. Please use the correct URL, channel and parameters referring to API "
    'document.","connId":"a4d3ae55"}'
)


def test_answers_say_how_requests_ended() -> None:
    said = '{"event":"unsubscribe","arg":{"channel":"books","instId":"BTC-USDT"},"connId":"a4"}'
    assert read_answer(said) == Ended("unsubscribe", "books", "BTC-USDT")
    unknown = read_answer(UNKNOWN)
    assert (unknown.channel, unknown.spelling, unknown.refuses) == ("trades", "FOO-USDT", True)
    assert unknown.error.startswith("Wrong URL or channel:trades")
    other = read_answer('{"event":"error","code":"60014","msg":"Requests too frequent"}')
    assert (other.error, other.refuses) == ("Requests too frequent", False)


def test_an_upgrade_announces_itself() -> None:
    notice = '{"event":"notice","code":"64008","msg":"The connection will soon be closed"}'
    assert is_farewell(notice)
    assert is_farewell(notice.encode())
    assert not is_farewell(UNKNOWN)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("50011", Throttled),
        ("51001", NotFound),
        ("51000", Invalid),
        ("50001", SourceUnavailable),
        ("99999", SourceUnavailable),
    ],
)
def test_a_code_that_is_not_0_is_the_error_it_is(code: str, kind: type[Exception]) -> None:
    error = refusal(json.dumps({"code": code, "msg": "no\u001b[2J", "data": []}))
    assert type(error) is kind
    assert str(error) == f"no[2J ({code})"


def test_an_answer_is_none_and_what_is_neither_is_garbage() -> None:
    assert refusal('{"code":"0","msg":"","data":[]}') is None
    with pytest.raises(Garbage):
        refusal("<html>")
    with pytest.raises(Garbage):
        read_bars('{"code":"0"}')


def test_bars_are_rows() -> None:
    body = '{"code":"0","data":[["1597026383085","3","5","2","4","7.5","30","30","1"]]}'
    assert read_bars(body) == (Row(1_597_026_383_085_000, 3, 5, 2, 4, 7.5),)


def test_one_request_holds_all_its_channels() -> None:
    assert json.loads(
        requesting("subscribe", {"books": ["BTC-USDT"], "trades": ["A-B", "C-D"]})
    ) == {
        "op": "subscribe",
        "args": [
            {"channel": "books", "instId": "BTC-USDT"},
            {"channel": "trades", "instId": "A-B"},
            {"channel": "trades", "instId": "C-D"},
        ],
    }


def test_pairs_that_trade_are_listed_but_not_those_of_two_currencies() -> None:
    def told(base: str, quote: str, state: str = "live") -> dict[str, str]:
        return {
            "instId": f"{base}-{quote}", "baseCcy": base, "quoteCcy": quote, "state": state,
            "tickSz": "0.01", "lotSz": "0.00000001",
        }  # fmt: skip

    body = {
        "code": "0",
        "data": [told("BTC", "USDT"), told("EUR", "USD"), told("X", "Y", "suspend")],
    }
    (listed,) = read_instruments(json.dumps(body))
    assert (listed.symbol, listed.currency) == ("BTC-USDT", "USDT")
    assert listed.spellings == {"okx": "BTC-USDT"}
    assert (listed.price_decimals, listed.size_decimals) == (2, 8)


def test_the_recorded_list_is_read() -> None:
    line = next(recorded.lines("1_exchange_captures/cryptofeed/OKCOIN.0.txt.gz"))
    body = line.partition(" -> ")[2].partition(": ")[2]
    plain = [each["instId"] for each in json.loads(body)["data"] if each["state"] == "live"]
    assert refusal(body) is None
    assert [each.symbol for each in read_instruments(body)] == plain
    assert "BTC-USD" in plain
