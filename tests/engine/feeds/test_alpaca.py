import gzip
import json
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tio.api.companies import EventKind
from tio.api.errors import Busy, Invalid, NotAllowed, SourceUnavailable, TioError
from tio.api.market import Timeframe
from tio.api.series import instant
from tio.api.ticks import DayFigures, SourceBar, TopOfBook, Trade
from tio.engine.feeds.alpaca import parse, parse_rest, read_words, symbol_of
from tio.engine.feeds.alpaca_answers import (
    events,
    read_actions,
    read_bars,
    read_snapshots,
    read_trades,
    spelled,
)
from tio.engine.feeds.alpaca_refusals import (
    TooRecent,
    UnknownSymbol,
    refusal,
    stream_error,
)
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.http import BadKey

import recorded

HOST = "https://data.alpaca.markets"
AT = "2026-11-20T15:00:00.123456789Z"
MICROS = instant(datetime(2026, 11, 20, 15, 0, 0, 123457, tzinfo=UTC))
DEAL = {"T": "t", "S": "AAPL", "i": 7, "x": "V", "p": 150.5, "s": 10, "t": AT, "c": ["@"], "z": "C"}
BEST = {"T": "q", "S": "AAPL", "bp": 150.4, "bs": 2, "ap": 150.6, "as": 1, "t": AT, "c": ["R"]}
BAR = {"t": "2026-11-19T05:00:00Z", "o": 10, "h": 12, "l": 9, "c": 11, "v": 100, "n": 1, "vw": 10.5}


def frame(*messages: dict[str, Any]) -> str:
    return json.dumps(messages)


def test_a_frame_holds_many_messages() -> None:
    later = DEAL | {"i": 8, "p": 150.6}
    assert parse(frame(DEAL, BEST, later)) == (
        Trade("AAPL", 150.5, 10, MICROS, None, "7", 0),
        TopOfBook("AAPL", 150.4, 150.6, at=MICROS),
        Trade("AAPL", 150.6, 10, MICROS, None, "8", 2),
    )


def test_a_price_of_nought_is_a_side_nobody_is_on() -> None:
    (top,) = parse(frame(BEST | {"ap": 0}))
    assert isinstance(top, TopOfBook)
    assert (top.bid, top.ask) == (150.4, None)
    assert parse(frame(BEST | {"ap": 0, "bp": 0})) == ()


@pytest.mark.parametrize("kind", ["s", "l", "c", "x", "n", "success", "subscription"])
def test_what_tells_of_no_price_is_known(kind: str) -> None:
    assert parse(frame({"T": kind, "S": "AAPL"})) == ()


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[3]", '[{"T": "zz"}]', frame(DEAL | {"p": 0}), frame(DEAL | {"t": "soon"}),
     frame(DEAL | {"S": "no symbol"}), frame(DEAL | {"p": "x"}), "[" * 5_000],
)  # fmt: skip
def test_what_is_no_frame_is_garbage(text: str) -> None:
    with pytest.raises(Garbage):
        parse(text)


def test_bars_of_the_stream_are_told_by_their_kind() -> None:
    minute, day = parse(frame(BAR | {"T": "b", "S": "AAPL"}, BAR | {"T": "d", "S": "AAPL"}))
    assert isinstance(minute, SourceBar)
    assert isinstance(day, SourceBar)
    assert (minute.timeframe, minute.closed) == (Timeframe.m1, True)
    assert (day.timeframe, day.closed) == (Timeframe.d1, False)
    assert day.at == instant(datetime(2026, 11, 19, tzinfo=UTC)), "a day opens with its date"


def test_words_of_the_connection_are_told() -> None:
    (word,) = read_words('[{"T":"error","code":406,"msg":"connection limit exceeded"}]')
    assert (word.kind, word.code, word.message) == ("error", 406, "connection limit exceeded")


@pytest.mark.parametrize(
    ("code", "kind"),
    [(401, BadKey), (402, BadKey), (404, BadKey), (405, Busy), (406, Busy), (409, NotAllowed),
     (400, Invalid), (407, SourceUnavailable), (500, SourceUnavailable)],
)  # fmt: skip
def test_error_codes_of_the_stream_are_errors(code: int, kind: type[TioError]) -> None:
    assert type(stream_error(code, "words")) is kind


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        (401, "unauthorized.", BadKey),
        (403, "forbidden.", BadKey),
        (403, "subscription does not permit querying recent SIP data", TooRecent),
        (403, "your subscription does not permit this", NotAllowed),
        (400, "invalid symbol: NOPE", UnknownSymbol),
        (422, "limit must be less than 10000", Invalid),
        (429, "too many requests.", Busy),
        (500, "internal server error", SourceUnavailable),
    ],
)
def test_answers_that_refuse_are_errors(status: int, words: str, kind: type[TioError]) -> None:
    error = refusal(json.dumps({"message": words}), status)
    assert type(error) is kind
    if isinstance(error, UnknownSymbol):
        assert error.spelling == "NOPE"
    assert isinstance(refusal("<html>", 200), SourceUnavailable)
    assert refusal("<html>", 502) is None


def test_preferred_shares_are_spelled_without_a_dot() -> None:
    assert (spelled("JPM.PR.C"), symbol_of("JPM.PRC")) == ("JPM.PRC", "JPM.PR.C")
    assert (spelled("BRK.B"), symbol_of("BRK.B")) == ("BRK.B", "BRK.B")
    assert spelled("BTC-USD") is None
    with pytest.raises(Garbage):
        symbol_of("BTC/USD")


def test_a_snapshot_is_of_its_day_and_the_day_before() -> None:
    told = {
        "latestTrade": {"t": AT, "p": 150.5, "s": 1, "i": 1},
        "latestQuote": {"t": AT, "bp": 150.4, "ap": 150.6},
        "dailyBar": BAR | {"t": "2026-11-20T05:00:00Z"},
        "prevDailyBar": BAR | {"c": 8},
    }
    figures, top = read_snapshots(json.dumps({"AAPL": told, "X": None}), {"AAPL": "AAPL", "X": "X"})
    assert isinstance(figures, DayFigures)
    assert (figures.last, figures.open, figures.volume, figures.previous_close) == (
        150.5,
        10,
        100,
        8,
    )
    assert isinstance(top, TopOfBook)


def test_before_the_first_bar_of_a_day_the_day_before_is_yesterday() -> None:
    told = {
        "latestTrade": {"t": AT, "p": 150.5, "s": 1},
        "dailyBar": BAR,
        "prevDailyBar": BAR | {"c": 8},
    }
    (figures,) = read_snapshots(json.dumps({"AAPL": told}), {"AAPL": "AAPL"})
    assert isinstance(figures, DayFigures)
    assert (figures.previous_close, figures.open, figures.volume) == (11, None, None)


def test_days_open_with_their_date_in_summer_and_winter() -> None:
    body = json.dumps({"bars": {"AAPL": [BAR, BAR | {"t": "2026-07-01T04:00:00Z"}]}})
    rows = [bar.row(daily=True) for bar in read_bars(body).bars["AAPL"]]
    assert [row[0] for row in rows] == [
        instant(datetime(2026, 11, 19, tzinfo=UTC)), instant(datetime(2026, 7, 1, tzinfo=UTC))
    ]  # fmt: skip


def test_splits_and_dividends_are_told_by_ratio_and_amount() -> None:
    body: dict[str, Any] = {
        "corporate_actions": {
            "forward_splits": [
                {"symbol": "A", "ex_date": "2024-03-13", "new_rate": 5, "old_rate": 1}
            ],
            "reverse_splits": [
                {"symbol": "A", "ex_date": "2023-08-24", "new_rate": 1, "old_rate": 50}
            ],
            "stock_dividends": [{"symbol": "A", "ex_date": "2023-05-19", "rate": 0.05}],
            "cash_dividends": [
                {
                    "symbol": "A",
                    "ex_date": "2023-05-04",
                    "rate": 0.125,
                    "payable_date": "2023-05-19",
                }
            ],
            "spin_offs": [{"source_symbol": "A"}],
        }
    }
    split, reverse, shares, cash = events(read_actions(json.dumps(body)))
    assert [split.ratio, reverse.ratio, shares.ratio] == [5, 0.02, 1.05]
    assert {split.kind, reverse.kind, shares.kind} == {EventKind.share_split}
    assert (cash.amount, cash.currency, cash.pay_date) == (0.125, "USD", date(2023, 5, 19))
    body["corporate_actions"]["forward_splits"][0]["old_rate"] = 0
    with pytest.raises(Garbage):
        list(events(read_actions(json.dumps(body))))


def _read(body: Any, test: str) -> str:
    """Which reader takes a recorded body; "refused" with words where it is nothing of ours."""
    text = json.dumps(body)
    symbols = "symbols=AAPL,SPY,TSLA"
    try:
        if isinstance(body, dict) and "corporate_actions" in body:
            return f"events {len(list(events(read_actions(text)))) > 0}"
        for path in ("bars?timeframe=1Day", "trades?", f"snapshots?{symbols}"):
            name = path.partition("?")[0]
            if isinstance(body, dict) and name in body:
                ticks = parse_rest(f"{HOST}/v2/stocks/{path}", text)
                return f"{name} {len(ticks) > 0}"
        parse_rest(f"{HOST}/v2/{test}", text)
    except Garbage as garbage:
        assert garbage.sentence
        return "refused"
    except TioError as error:
        assert error.message
        return "refused"
    raise AssertionError(f"silently dropped: {text[:80]}")


def test_every_recorded_answer_is_read_or_refused_with_words() -> None:
    counts: Counter[str] = Counter()
    for name in ("rest", "rest_v1", "go_tests"):
        raw = recorded.path(f"3_providers/alpaca/{name}.shared.json.gz").read_bytes()
        for each in json.loads(gzip.decompress(raw)):
            counts[_read(each["body"], each["test"])] += 1
    # The others are orders, accounts and assets, coins and options.
    assert counts == {
        "events True": 3,
        "bars True": 3,
        "trades True": 2,
        "trades False": 2,
        "snapshots False": 3,
        "refused": 62,
    }


def test_a_recorded_page_of_trades_has_ids() -> None:
    raw = recorded.path("3_providers/alpaca/rest.shared.json.gz").read_bytes()
    bodies = [
        each["body"]
        for each in json.loads(gzip.decompress(raw))
        if each["test"] == "test_get_trades" and "stock" in each["file"]
    ]
    for body in bodies:
        for deals in read_trades(json.dumps(body)).trades.values():
            assert all(deal.tick("AAPL").id for deal in deals)
    assert bodies
