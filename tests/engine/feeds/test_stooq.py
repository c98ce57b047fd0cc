from datetime import date

import pytest

from tio.api.errors import NotAllowed, NotFound, SourceUnavailable, TioError
from tio.api.market import Adjustment
from tio.engine.feeds.dated import Dated
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.http import BadKey, QuotaSpent
from tio.engine.feeds.stooq import adjusted, read_bars, refusal, spelled

import recorded

TABLE = (
    "Date,Open,High,Low,Close,Volume\r\n"
    "2026-11-19,270.83,275.43,265.92,266.25,45823568\r\n"
    "2026-11-20,265.95,273.33,265.67,271.49,59030832\r\n"
)
WORK = """<!DOCTYPE html><html><head><script>
async function solve(c){/* SHA-256 */ await fetch('/__verify', {method: 'POST'})}
</script></head></html>"""


def test_a_table_is_read_by_its_columns() -> None:
    _, newest = read_bars(TABLE)
    assert newest == Dated(date(2026, 11, 20), 265.95, 273.33, 265.67, 271.49, 59_030_832.0)
    (index,) = read_bars("Date,Open,High,Low,Close\n2026-11-20,1,2,0.5,1.5\n")
    assert index.volume != index.volume


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (WORK, NotAllowed, "proof of work"),
        ("<html>Maintenance</html>", SourceUnavailable, "page"),
        ("Get your apikey:\n1. Open https://…", BadKey, "another key"),
        ("No data", NotFound, "no data"),
        ("Exceeded the daily hits limit", QuotaSpent, "daily limit"),
        ("", SourceUnavailable, "instead of a table"),
        ("Hello\u001b[2J", SourceUnavailable, "Hello"),
    ],
)
def test_what_comes_with_status_200_and_is_no_table_is_refused_in_words(
    body: str, kind: type[TioError], words: str
) -> None:
    found = refusal(body.encode())
    assert type(found) is kind
    assert found is not None
    assert words in found.message
    assert "\u001b" not in found.message
    with pytest.raises(Garbage, match="header"):
        read_bars(body)


def test_a_table_is_refused_by_nobody() -> None:
    assert refusal("\ufeff" + TABLE) is None


@pytest.mark.parametrize(
    "text",
    [
        "Date,Open\n2026-11-20,1\n",
        TABLE.replace("271.49", "N/D"),
        TABLE.replace("271.49", "0"),
        TABLE.replace("271.49", "inf"),
        TABLE.replace("59030832", "-1"),
        TABLE.replace("2026-11-20", "today"),
        TABLE.replace(",59030832", ""),
    ],
)
def test_what_is_no_bar_is_garbage(text: str) -> None:
    with pytest.raises(Garbage):
        read_bars(text)


def test_symbols_are_small_and_shares_say_their_country() -> None:
    assert spelled("AAPL") == "aapl.us"
    assert spelled("BRK.B") == "brk-b.us"
    assert spelled("^GSPC") == "^spx"
    assert spelled("EURUSD") == "eurusd"
    for symbol in ("VOD.LSE", "BTC-USD", "^FTSE", "GC=F", "FRED:DGS10", "JPM.PR.C"):
        assert spelled(symbol) is None


def test_shares_are_adjusted_for_dividends_too_as_the_recorded_table_shows() -> None:
    assert adjusted("AAPL") is Adjustment.total
    assert adjusted("EURUSD") is adjusted("^GSPC") is Adjustment.raw
    told = next(
        line for line in recorded.lines("2_ohlcv/stooq/aapl.us.txt.gz") if ",20200102," in line
    )
    printed = 300.35
    assert float(told.split(",")[7]) < printed / 4


def test_every_recorded_bulk_table_is_refused_in_words() -> None:
    files = sorted(recorded.path("2_ohlcv/stooq").glob("*.txt.gz"))
    assert len(files) == 10
    for file in files:
        opening = "".join(recorded.lines(f"2_ohlcv/stooq/{file.name}"))[:2_000]
        found = refusal(opening)
        assert isinstance(found, SourceUnavailable)
