import json

import pytest

from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.kraken_answers import (
    Ended,
    System,
    TooFast,
    is_too_fast,
    read_answer,
    subscribing,
)

import recorded

ACK = (
    '{"method":"subscribe","result":{"channel":"ticker","symbol":"BTC/USD","snapshot":true},'
    '"success":true,"time_in":"2023-09-25T09:04:31.742599Z","req_id":1}'
)
REFUSED = (
    '{"error":"Currency pair not supported FOO/USD","method":"subscribe","success":false,'
    '"symbol":"FOO/USD","time_in":"2023-09-25T09:04:31.742599Z"}'
)


def test_an_answer_says_how_a_request_ended() -> None:
    assert read_answer(ACK) == Ended("subscribe", "ticker", "BTC/USD")
    refused = read_answer(REFUSED)
    assert refused == Ended("subscribe", "", "FOO/USD", "Currency pair not supported FOO/USD")
    assert isinstance(refused, Ended)
    assert refused.refuses
    again = read_answer(REFUSED.replace("Currency pair not supported", "Already subscribed"))
    assert isinstance(again, Ended)
    assert again.error
    assert not again.refuses


def test_the_engine_says_how_it_does() -> None:
    said = '{"channel":"status","type":"update","data":[{"system":"maintenance","version":"2.0"}]}'
    assert read_answer(said) == System("maintenance")


def test_too_many_messages_are_told_from_prices() -> None:
    said = '{"Error":"Exceeded msg rate"}'
    assert read_answer(said) == TooFast("Exceeded msg rate")
    assert is_too_fast(said)
    assert is_too_fast(said.encode())
    assert not is_too_fast(ACK)


@pytest.mark.parametrize("frame", ['{"channel":"heartbeat"}', '{"method":"pong","req_id":42}'])
def test_other_frames_answer_nothing(frame: str) -> None:
    assert read_answer(frame) is None


def test_no_frame_is_garbage() -> None:
    with pytest.raises(Garbage):
        read_answer("[]")


def test_what_is_said_has_what_each_channel_needs() -> None:
    assert json.loads(subscribing("subscribe", "book", ["BTC/USD", "ETH/USD"], 10)) == {
        "method": "subscribe",
        "params": {
            "channel": "book",
            "symbol": ["BTC/USD", "ETH/USD"],
            "depth": 10,
            "snapshot": True,
        },
    }
    assert json.loads(subscribing("unsubscribe", "ticker", ["BTC/USD"], 10)) == {
        "method": "unsubscribe",
        "params": {"channel": "ticker", "symbol": ["BTC/USD"], "event_trigger": "bbo"},
    }


def test_the_recorded_acknowledgement_is_one() -> None:
    said = json.loads(recorded.read_text("1_exchange_captures/nautilus/kraken.json.gz"))
    assert read_answer(json.dumps(said["ws_subscribe_response.json"])) == Ended(
        "subscribe", "ticker", "BTC/USD"
    )
    assert read_answer(json.dumps(said["ws_pong.json"])) is None
