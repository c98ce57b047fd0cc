"""Every recorded Yahoo answer is read, or refused with words; none is passed over in silence."""

import json
from collections import Counter
from typing import Any

import pytest

from tio.api.errors import NotFound, TioError
from tio.api.market import Timeframe
from tio.api.ticks import DayFigures, SourceBar
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.yahoo import parse_rest, symbol_of
from tio.engine.feeds.yahoo_bars import bars
from tio.engine.feeds.yahoo_chart import events, quoted, read_chart
from tio.engine.feeds.yahoo_profile import read_profile
from tio.engine.feeds.yahoo_quotes import read_quotes
from tio.engine.feeds.yahoo_search import read_search

import recorded

FOLDER = "3_providers/yahoo"
NOW = 1_790_000_000_000_000


def answers(name: str) -> dict[str, dict[str, Any]]:
    """The recorded answers of one kind by their name: request and response."""
    found: dict[str, dict[str, Any]] = json.loads(
        recorded.read_text(f"{FOLDER}/{name}.shared.json.gz")
    )
    return found


def body_of(answer: dict[str, Any]) -> tuple[str, int]:
    response = answer["response"]
    body = json.dumps(response["bodyJson"]) if "bodyJson" in response else response["bodyText"]
    return body, response["status"]


def test_recorded_charts_are_bars_events_and_a_quote() -> None:
    read: Counter[str] = Counter()
    for kind in ("chart", "historical-via-chart"):
        for name, answer in answers(kind).items():
            told = read_chart(*body_of(answer))
            figures = quoted(told)
            assert figures is not None, name
            assert figures.last is not None
            series = bars(told, Timeframe.d1, NOW)
            read["charts"] += 1
            read["bars"] += len(series)
            read["empty"] += len(series) == 0
            read["events"] += len(events(told))
            ticks = parse_rest(answer["request"]["url"], body_of(answer)[0])
            assert sum(isinstance(tick, SourceBar) for tick in ticks) == len(series)
    assert read == {"charts": 22, "bars": 319, "empty": 2, "events": 6}


def test_recorded_split_is_in_prices_and_volume() -> None:
    told = read_chart(*body_of(answers("chart")["chart-AAPL-2020-08-31-to-2020-11-07.json"]))
    series = bars(told, Timeframe.d1, NOW)
    assert (series.close[0], series.volume[0]) == (129.04, 225_702_700)
    assert [(event.kind.value, str(event.ex_date)) for event in events(told)] == [
        ("split", "2020-08-31"),
        ("dividend", "2020-11-06"),
    ]


def test_recorded_quotes_are_told_or_missing() -> None:
    read: Counter[str] = Counter()
    for kind in ("quote", "options", "screener", "daily"):
        for answer in answers(kind).values():
            told = read_quotes(*body_of(answer))
            read["answers"] += 1
            read["quotes"] += len(told)
            read["priced"] += sum(bool(each.ticks) for each in told)
            read["none"] += not told
            assert parse_rest(answer["request"]["url"], body_of(answer)[0]) == tuple(
                tick for each in told for tick in each.ticks
            )
    assert read == {"answers": 34, "quotes": 40, "priced": 38, "none": 3}


def test_recorded_quotes_of_another_client_are_told() -> None:
    told = read_quotes(recorded.read_text(f"{FOLDER}/v7_quote_android.json"))
    assert [each.instrument.symbol for each in told] == ["SPY", "GOOG", "MSFT", "DIA", "AAPL"]
    assert all(isinstance(each.ticks[-1], DayFigures) for each in told)


SUMMARIES = (
    "assetProfile calendarEvents defaultKeyStatistics earnings earningsHistory earningsTrend "
    "financialData price recommendationTrend secFilings summaryDetail upgradeDowngradeHistory"
).split()


def test_recorded_summaries_of_every_module_are_profiles_or_not_found() -> None:
    read: Counter[str] = Counter()
    for module in SUMMARIES:
        for name, answer in answers(f"quoteSummary-{module}").items():
            body, status = body_of(answer)
            spelling = name.removeprefix(f"quoteSummary-{module}-").removesuffix(".json")
            try:
                profile = read_profile(body, status, spelling)
            except NotFound as missing:
                assert status == 404
                assert missing.message.startswith("Yahoo says: ")
                read["not found"] += 1
            else:
                assert profile.symbol == symbol_of(spelling)
                read["profiles"] += 1
                read[module] += bool(profile.told_by)
    assert (read["profiles"], read["not found"]) == (142, 74)
    assert [module for module in SUMMARIES if read[module]] == [
        "assetProfile",
        "calendarEvents",
        "defaultKeyStatistics",
        "financialData",
        "price",
        "summaryDetail",
    ]


def test_recorded_searches_find_instruments() -> None:
    found = [read_search(*body_of(answer)) for answer in answers("search").values()]
    assert len(found) == 19
    assert sum(map(len, found)) == 55
    assert sum(not each for each in found) == 3


@pytest.mark.parametrize(
    ("kind", "count"), [("insights", 17), ("recommendationsBySymbol", 11), ("trendingSymbols", 2)]
)
def test_recorded_answers_without_prices_say_nothing_of_prices(kind: str, count: int) -> None:
    found = answers(kind)
    assert len(found) == count
    for answer in found.values():
        assert parse_rest(answer["request"]["url"], body_of(answer)[0]) == ()


def test_every_recorded_file_is_read_by_a_test_above() -> None:
    kinds = {
        "chart", "historical-via-chart", "quote", "options", "screener", "daily", "search",
        "insights", "recommendationsBySymbol", "trendingSymbols", "getCrumb",
        *(f"quoteSummary-{module}" for module in SUMMARIES),
    }  # fmt: skip
    files = {path.name for path in recorded.path(FOLDER).iterdir()}
    assert files == {f"{kind}.shared.json.gz" for kind in kinds} | {"v7_quote_android.json"}


def test_bars_another_program_wrote_from_yahoo_are_no_answer_of_yahoos() -> None:
    folder = "2_ohlcv/ta4j"
    (name,) = [each.name for each in recorded.path(folder).glob("YahooFinance-*.json.gz")]
    body = recorded.read_text(f"{folder}/{name}")
    with pytest.raises(Garbage, match="not a Yahoo chart"):
        parse_rest("https://query1.finance.yahoo.com/v8/finance/chart/%5EGSPC?interval=1wk", body)


@pytest.mark.parametrize(
    ("url", "body"),
    [
        ("https://query1.finance.yahoo.com/v8/finance/chart/AAPL?interval=1d", "<html>"),
        ("https://query1.finance.yahoo.com/v8/finance/chart/AAPL?interval=1d", "{}"),
        ("https://query1.finance.yahoo.com/v7/finance/quote?symbols=AAPL", "Too Many Requests"),
        (
            "https://query2.finance.yahoo.com/v7/finance/quote?symbols=AAPL",
            '{"finance":{"error":{"code":"Unauthorized","description":"Invalid Crumb"}}}',
        ),
    ],
)
def test_refused_answers_in_a_recording_are_garbage_with_words(url: str, body: str) -> None:
    with pytest.raises(Garbage) as caught:
        parse_rest(url, body)
    assert caught.value.sentence
    assert not isinstance(caught.value, TioError)
