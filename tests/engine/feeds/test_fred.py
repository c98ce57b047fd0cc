import json
from datetime import UTC, date, datetime

import pytest

from tio.api.errors import Busy, Invalid, NotFound, SourceUnavailable, TioError
from tio.api.market import AssetClass
from tio.api.series import instant
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.fred import (
    KNOWN,
    Observation,
    days_of,
    figures,
    instrument,
    read_observations,
    read_search,
    refusal,
    spelled,
    symbol_of,
    traits_of,
)
from tio.engine.feeds.http import BadKey

import recorded

CSV = "observation_date,DGS10\n2026-11-17,4.12\n2026-11-18,.\n2026-11-19,\n2026-11-20,4.06\n"
VALUES = (Observation(date(2026, 11, 17), 4.12), Observation(date(2026, 11, 20), 4.06))


@pytest.mark.parametrize(
    "body",
    [
        CSV,
        CSV.replace("observation_date", "DATE").replace("\n", "\r\n"),
        json.dumps(
            {
                "count": 3,
                "observations": [
                    {"realtime_start": "2026-11-22", "date": "2026-11-20", "value": "4.06"},
                    {"realtime_start": "2026-11-22", "date": "2026-11-18", "value": "."},
                    {"realtime_start": "2026-11-22", "date": "2026-11-17", "value": "4.12"},
                ],
            }
        ),
        (
            "<observations><observation date='2026-11-17' value='4.12'/>"
            "<observation date='2026-11-18' value='.'/>"
            "<observation date='2026-11-20' value='4.06'/></observations>"
        ),
    ],
)
def test_a_dot_or_nothing_is_a_missing_value_in_every_language(body: str) -> None:
    assert read_observations(body) == VALUES
    assert [row.close for row in days_of(VALUES)] == [4.12, 4.06]


def test_a_series_without_values_is_an_answer() -> None:
    assert read_observations("observation_date,DGS10\n") == ()
    assert read_observations('{"observations": []}') == ()
    assert figures("FRED:DGS10", ()) is None


def test_a_quote_is_as_of_its_days_close_with_the_value_before() -> None:
    told = figures("FRED:DGS10", VALUES)
    assert told is not None
    assert (told.last, told.previous_close) == (4.06, 4.12)
    assert told.at == instant(datetime(2026, 11, 20, 21, 0, tzinfo=UTC))


def test_a_series_is_a_rate_and_an_index_an_index_and_stale_by_its_own_period() -> None:
    assert traits_of("FRED:DGS10", VALUES).asset_class is AssetClass.rate
    assert traits_of("^GSPC", VALUES).asset_class is AssetClass.equity_index
    assert traits_of("FRED:DGS10", VALUES).stale_after == 7.5 * 86_400
    assert traits_of("FRED:DGS10", ()).stale_after == 6 * 86_400
    monthly = (Observation(date(2026, 9, 1), 1.0), Observation(date(2026, 10, 1), 1.0))
    assert traits_of("FRED:UNRATE", monthly).stale_after == 75 * 86_400


def test_series_have_a_prefix_and_indices_their_own_names() -> None:
    assert spelled("FRED:DGS10") == "DGS10"
    assert spelled("^GSPC") == "SP500"
    assert symbol_of("SP500") == "^GSPC"
    assert symbol_of("dgs10") == "FRED:DGS10"
    for symbol in ("DGS10", "FRED:", "FRED:DGS 10", "FRED:../x", "^FTSE", "AAPL"):
        assert spelled(symbol) is None
    with pytest.raises(Garbage):
        symbol_of("a b")
    assert instrument("DGS10").name == KNOWN["DGS10"]
    assert instrument("DGS10").spellings == {"fred": "DGS10"}


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (('{"error_code":400,"error_message":"Bad Request.  The value for variable api_key is not '
         'registered."}'), 400, BadKey),
        ('{"error_code":400,"error_message":"Bad Request.  The series does not exist."}', 400,
         NotFound),
        ('{"error_code":400,"error_message":"Bad Request.  Variable limit is wrong."}', 400,
         Invalid),
        ('{"error_code":429,"error_message":"Too Many Requests."}', 429, Busy),
        ('{"error_code":500,"error_message":"Internal"}', 200, SourceUnavailable),
        ("<!DOCTYPE html><html>Not found</html>", 404, NotFound),
        ("<!DOCTYPE html><html>Checking your browser</html>", 200, SourceUnavailable),
    ],
)  # fmt: skip
def test_a_refusal_is_told_in_its_words(body: str, status: int, kind: type[TioError]) -> None:
    assert type(refusal(body, status)) is kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Service Unavailable",
        "Date,Open,High\n2026-11-20,1,2\n",
        "observation_date,A\nsoon,1\n",
        "observation_date,A\n2026-11-20,much\n",
        "observation_date,A\n2026-11-20,nan\n",
        "observation_date,A\n2026-11-20\n",
        '{"observations": 5}',
        "<nothing/>",
        "<!DOCTYPE x><observations/>",
    ],
)
def test_what_is_no_series_is_garbage(text: str) -> None:
    with pytest.raises(Garbage):
        read_observations(text)


def test_found_series_are_named_and_odd_names_left() -> None:
    body = json.dumps({"seriess": [{"id": "GDPC1", "title": "Real GDP"}, {"id": "A B"}]})
    (found,) = read_search(body)
    assert (found.symbol, found.name) == ("FRED:GDPC1", "Real GDP")
    assert found.asset_class is AssetClass.rate


def test_every_recorded_answer_is_read_or_refused_in_words() -> None:
    answers = json.loads(recorded.read_text("3_providers/fred/fred.shared.json.gz"))
    read, refused = [], []
    for answer in answers:
        error = refusal(answer["body"])
        if error is None:
            read.append(read_observations(answer["body"]))
        else:
            refused.append(error)
    assert len(read) + len(refused) == len(answers) == 2
    assert read[0][-1] == Observation(date(2014, 9, 5), 2007.71)
    assert isinstance(refused[0], NotFound)
    assert "series does not exist" in refused[0].message
