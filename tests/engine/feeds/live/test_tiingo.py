import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from faulty_server import Asked, Says, page, status
from keyed_sources import KEY, NOW, Scene, staged

from tio.api.companies import EventKind
from tio.api.errors import Busy, NotAllowed, SourceUnavailable
from tio.api.market import Adjustment, Coverage, Delay, Timeframe
from tio.api.series import instant, moment
from tio.engine.feeds.live.catalogue import CATALOGUE
from tio.engine.feeds.live.tiingo import ASSETS, NEEDS_KEY, Tiingo, open_source
from tio.plugin import Happenings, Polls, Spells

Stage = Scene[Tiingo]
DAYS = "/tiingo/daily/aapl/prices"


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with staged(Tiingo) as found:
        yield found


def days(asked: Asked) -> Says:
    """Weekdays of the span, at 400 before the split of Wednesday 2026-11-18 and 100 after."""
    first = max(date.fromisoformat(asked.query["startDate"]), date(2020, 1, 1))
    last = min(date.fromisoformat(asked.query["endDate"]), NOW.date() - timedelta(days=1))
    told = []
    for number in range((last - first).days + 1):
        on = first + timedelta(days=number)
        if on.weekday() < 5:
            price = 400.0 if on < date(2026, 11, 18) else 100.0
            names = ("open", "high", "low", "close")
            told.append(
                {"date": f"{on}T00:00:00.000Z", "volume": 10, "adjVolume": 40, "divCash": 0.5
                 if on == date(2026, 11, 17) else 0.0,
                 "splitFactor": 4.0 if on == date(2026, 11, 18) else 1.0}
                | dict.fromkeys(names, price)
                | {f"adj{name.capitalize()}": 100.0 for name in names}
            )  # fmt: skip
    return Says(200, json.dumps(told).encode())


def quotes(asked: Asked) -> Says:
    told: list[dict[str, Any]] = [
        {"ticker": name, "timestamp": "2026-11-20T10:00:00-05:00", "tngoLast": 10.5}
        for name in asked.query["tickers"].split(",")
        if name != "nope"
    ]
    return Says(200, json.dumps(told).encode())


async def test_it_is_what_the_catalogue_says_and_opens_without_asking(scene: Stage) -> None:
    known = CATALOGUE["tiingo"]
    assert (known.assets, known.needs_key) == (ASSETS, NEEDS_KEY)
    assert open_source.__module__.endswith("tiingo")
    for capability in (Spells, Polls, Happenings):
        assert isinstance(scene.source, capability)
    assert scene.source.instruments() == ()
    assert scene.server.count() == 0


async def test_days_are_raw_and_of_all_venues_and_end_with_the_day(scene: Stage) -> None:
    scene.server.answer(DAYS, days)
    told = await scene.told(scene.source.history("AAPL", Timeframe.d1, None, NOW, 5))
    assert told is not None
    assert list(told.close) == [400.0, 400.0, 400.0, 100.0, 100.0]
    assert moment(int(told.time[-1])) == datetime(2026, 11, 19, tzinfo=UTC)
    assert (told.adjusted, told.coverage) == (Adjustment.raw, Coverage.consolidated)
    assert (told.delay, told.source, told.forming) == (Delay.end_of_day, "tiingo", False)
    assert scene.server.asked[0].headers["Authorization"] == f"Token {KEY}"


async def test_weeks_are_adjusted_so_that_a_split_within_one_does_no_harm(scene: Stage) -> None:
    scene.server.answer(DAYS, days)
    told = await scene.told(scene.source.history("AAPL", Timeframe.w1, None, NOW, 2))
    assert told is not None
    assert told.adjusted is Adjustment.total
    assert list(told.close) == [100.0, 100.0]
    assert list(told.volume) == [200.0, 160.0]
    assert told.forming, "its Friday is still traded"


async def test_bars_within_a_day_are_of_iex_alone(scene: Stage) -> None:
    opened = datetime(2026, 11, 19, 14, 30, tzinfo=UTC)
    rows = [
        {"date": (opened + timedelta(minutes=30 * n)).isoformat(), "open": 1.0 + n, "high": 9.0,
         "low": 0.5, "close": 2.0 + n, "volume": 10}
        for n in range(13)
    ]  # fmt: skip
    scene.server.answer("/iex/aapl/prices", json=rows)
    told = await scene.told(scene.source.history("AAPL", Timeframe.h1, None, NOW, 10))
    assert told is not None
    assert int(told.time[0]) == instant(opened), "hours begin with the session"
    assert [len(told), told.volume[0], told.volume[-1]] == [7, 20.0, 10.0]
    assert (told.coverage, told.delay) == (Coverage.single_venue, Delay.realtime)
    query = scene.server.asked[0].query
    assert (query["resampleFreq"], query["columns"]) == ("30min", "open,high,low,close,volume")


async def test_events_come_from_the_days_and_are_asked_once_an_hour(scene: Stage) -> None:
    scene.server.answer(DAYS, days)
    ages = datetime(1900, 1, 1, tzinfo=UTC), NOW + timedelta(days=60)
    told = await scene.told(scene.source.events("AAPL", *ages))
    assert told is not None
    assert [(each.kind, each.ex_date) for each in told] == [
        (EventKind.dividend, date(2026, 11, 17)),
        (EventKind.share_split, date(2026, 11, 18)),
    ]
    assert await scene.told(scene.source.events("AAPL", *ages)) == told
    assert scene.server.count() == 1
    split = await scene.told(scene.source.events("AAPL", NOW - timedelta(days=3), NOW))
    assert split is not None
    assert [each.kind for each in split] == [EventKind.share_split]


async def test_all_quotes_cost_one_request_and_unknown_ones_are_refused(scene: Stage) -> None:
    scene.server.answer("/iex/", quotes)
    names = [f"{a}{b}" for a in "ABCDEFGHIJ" for b in "KLMNOPQRST"]
    scene.demand.add([*names, "NOPE"])
    async with scene.running():
        await scene.passes(2)
        assert len(scene.out.ticks) == 100
        assert scene.server.count() == 1
        assert scene.out.refusals == {"NOPE": "Tiingo tells no price of it"}
        await scene.passes(3_600, step=10.0)
    assert scene.server.count() <= 25, "half of the hour's requests are left for the rest"


async def test_never_one_request_over_the_hour(scene: Stage) -> None:
    scene.server.answer("/iex/", quotes)
    refused = 0
    for number in range(70):
        try:
            await scene.told(scene.source.quotes([f"A{number}"]))
        except Busy:
            refused += 1
    assert scene.server.count() == 50
    assert refused == 20
    await scene.passes(3_600, step=60.0)
    assert len(await scene.told(scene.source.quotes(["AAPL"]))) == 1


@pytest.mark.parametrize("code", [200, 429])
async def test_the_hour_is_over_when_it_says_so_whatever_we_counted(
    scene: Stage, code: int
) -> None:
    words = b"Error: You have run over your hourly request allocation. Contact us."
    scene.server.answer("/iex/", Says(code, words))
    with pytest.raises(Busy):
        await scene.told(scene.source.quotes(["AAPL"]), step=1.0)
    asked = scene.server.count()
    await scene.passes(600, step=10.0)
    with pytest.raises(Busy, match=r"50 \(hour\) used up"):
        await scene.told(scene.source.quotes(["AAPL"]))
    assert scene.server.count() == asked


async def test_a_month_without_further_symbols_is_told_as_that(scene: Stage) -> None:
    words = b"You have run over your 500 symbol look up for this month. Please upgrade."
    scene.server.answer(DAYS, Says(200, words))
    with pytest.raises(NotAllowed, match="500 symbol look up"):
        await scene.told(scene.source.history("AAPL", Timeframe.d1, None, NOW, 5))


async def test_a_bad_key_is_asked_with_once(scene: Stage) -> None:
    scene.server.answer("/iex/", Says(403, b'{"detail":"Invalid token."}'))
    for _ in range(3):
        with pytest.raises((NotAllowed, SourceUnavailable)):
            await scene.told(scene.source.quotes(["AAPL"]))
    assert scene.server.count() == 1


@pytest.mark.parametrize("said", [page(), Says(200, b"[{}]"), Says(200, b"[{"), Says(200, b"")])
async def test_what_is_no_answer_is_told_in_words(scene: Stage, said: Says) -> None:
    scene.server.answer(DAYS, said)
    with pytest.raises(SourceUnavailable):
        await scene.told(scene.source.history("AAPL", Timeframe.d1, None, NOW, 5))


async def test_what_it_does_not_serve_is_not_asked(scene: Stage) -> None:
    for symbol in ("BTC-USD", "EURUSD=X", "VOD.LSE"):
        assert await scene.source.history(symbol, Timeframe.d1, None, NOW, 10) is None
        assert await scene.source.events(symbol, NOW, NOW) is None
    assert await scene.source.history("AAPL", Timeframe.s1, None, NOW, 10) is None
    assert await scene.source.quotes(["BTC-USD"]) == ()
    assert scene.server.count() == 0


async def test_an_unknown_ticker_has_no_bars_and_no_events(scene: Stage) -> None:
    said = Says(404, b'{"detail":"Error: Ticker \'AAPL\' not found"}')
    scene.server.answer(DAYS, said)
    assert await scene.told(scene.source.history("AAPL", Timeframe.d1, None, NOW, 5)) is None
    assert await scene.told(scene.source.events("AAPL", NOW, NOW)) is None


async def test_one_429_at_the_start_is_borne(scene: Stage) -> None:
    scene.server.then("/iex/", status(429, retry_after=2, body=b"[]"))
    scene.server.answer("/iex/", quotes)
    assert len(await scene.told(scene.source.quotes(["AAPL"]))) == 1


async def test_an_answer_that_cannot_be_read_is_not_kept(scene: Stage) -> None:
    scene.server.then(DAYS, Says(200, b"[{}]"))
    scene.server.answer(DAYS, days)
    with pytest.raises(SourceUnavailable):
        await scene.told(scene.source.history("AAPL", Timeframe.d1, None, NOW, 5))
    assert (
        await scene.told(scene.source.history("AAPL", Timeframe.d1, None, NOW, 5), step=1.0)
        is not None
    )
    assert scene.server.count() == 2
