import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tio.api.errors import NotFound, SourceUnavailable
from tio.engine.feeds.edgar import (
    Filer,
    agent,
    filings,
    is_contact,
    profile,
    read_submissions,
    read_tickers,
    refusal,
    spelled,
)
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.http import BadKey, Throttled

import recorded

TICKERS = '{"0":{"cik_str":320193,"ticker":"AAPL","title":"Apple Inc."}}'


def company(**more: object) -> dict[str, Any]:
    return {
        "cik": "0001067983",
        "name": "BERKSHIRE HATHAWAY INC",
        "sicDescription": "Fire, Marine & Casualty Insurance",
        "tickers": ["BRK-B", "BRK-A"],
        "exchanges": ["NYSE", None],
        "website": "None",
        "description": "",
        "addresses": {
            "business": {"stateOrCountry": "NE", "stateOrCountryDescription": "NE"},
        },
        "filings": {
            "recent": {
                "accessionNumber": ["0001193125-26-000001"],
                "filingDate": ["2026-11-20"],
                "acceptanceDateTime": ["2026-11-20T21:05:01.000Z"],
                "form": ["8-K"],
                "items": ["2.02,9.01"],
                "primaryDocument": ["d1.htm"],
                "primaryDocDescription": ["8-K"],
                "size": [100],
            },
            "files": [],
        },
        **more,
    }


def test_a_company_is_told_as_the_sec_knows_it() -> None:
    told = profile(read_submissions(json.dumps(company())), "BRK.B")
    assert (told.name, told.cik) == ("BERKSHIRE HATHAWAY INC", "0001067983")
    assert (told.exchange, told.mic) == ("NYSE", "XNYS")
    assert told.industry == "Fire, Marine & Casualty Insurance"
    assert (told.country, told.website, told.summary) == ("United States", "", "")
    assert profile(read_submissions(json.dumps(company())), "BRK.A").exchange == ""


def test_elsewhere_the_countrys_name_is_told() -> None:
    place = {"business": {"stateOrCountry": "L3", "stateOrCountryDescription": "Israel"}}
    body = json.dumps(company(addresses=place))
    assert profile(read_submissions(body), "X").country == "Israel"
    assert profile(read_submissions(json.dumps(company(addresses={}))), "X").country == ""


def test_filings_have_the_address_of_their_document() -> None:
    (found,) = filings(read_submissions(json.dumps(company())))
    assert (found.form, found.on, found.items) == ("8-K", date(2026, 11, 20), "2.02,9.01")
    assert found.at == datetime(2026, 11, 20, 21, 5, 1, tzinfo=UTC)
    assert found.url == (
        "https://www.sec.gov/Archives/edgar/data/1067983/000119312526000001/d1.htm"
    )


def test_columns_of_other_lengths_are_garbage() -> None:
    odd = company()
    odd["filings"]["recent"]["form"] = []
    with pytest.raises(Garbage, match="one length"):
        read_submissions(json.dumps(odd))
    with pytest.raises(Garbage, match="CIK"):
        read_submissions(json.dumps(company(cik="../x")))


def test_tickers_are_read_of_either_file() -> None:
    assert read_tickers(TICKERS) == {"AAPL": Filer(320193, "Apple Inc.")}
    table = {
        "fields": ["cik", "name", "ticker", "exchange"],
        "data": [[320193, "Apple Inc.", "AAPL", "Nasdaq"], [5, "Nobody", "NB", None]],
    }
    assert read_tickers(json.dumps(table)) == {
        "AAPL": Filer(320193, "Apple Inc.", "Nasdaq"),
        "NB": Filer(5, "Nobody"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"0":{"ticker":"AAPL"}}',
        '{"0":{"cik_str":-1,"ticker":"AAPL","title":"x"}}',
        '{"fields":["cik"],"data":[[1]]}',
        '{"fields":["cik","name","ticker","exchange"],"data":[[1]]}',
        '{"fields":["cik","name","ticker","exchange"],"data":[["1","a","b","c"]]}',
    ],
)
def test_what_is_no_list_of_tickers_is_garbage(text: str) -> None:
    with pytest.raises(Garbage):
        read_tickers(text)


def test_refusals_come_as_pages_and_are_told_apart() -> None:
    slow = refusal("<html><title>SEC.gov | Request Rate Threshold Exceeded</title></html>", 403)
    assert isinstance(slow, Throttled)
    assert slow.seconds == 600
    bare = "<html>Your Request Originates from an Undeclared Automated Tool</html>"
    assert isinstance(refusal(bare, 403), BadKey)
    assert isinstance(refusal("<html>maintenance</html>"), SourceUnavailable)
    assert isinstance(refusal("<?xml version='1.0'?><Error><Code>NoSuchKey</Code>", 404), NotFound)
    assert refusal(TICKERS) is None


def test_the_sec_is_told_who_asks() -> None:
    assert agent("me@example.org", "1.2") == "tio/1.2 (me@example.org)"
    assert agent("me@example.org\r\nX-Evil: 1", "1") == "tio/1 (me@example.org X-Evil: 1)"
    assert is_contact(" me@example.org ")
    for wrong in ("", "me", "me@", "@example.org", "me@host", "me @example.org"):
        assert not is_contact(wrong)


def test_classes_have_a_dash() -> None:
    assert spelled("BRK.B") == "BRK-B"
    assert spelled("JPM.PR.C") == "JPM-PC"
    for symbol in ("VOD.LSE", "BTC-USD", "^GSPC"):
        assert spelled(symbol) is None


def test_every_recorded_answer_is_read() -> None:
    filers = read_tickers(recorded.read_text("3_providers/sec_edgar/company_tickers.json.gz"))
    assert len(filers) == 9_610
    assert filers["BRK-B"] == Filer(1_067_983, "BERKSHIRE HATHAWAY INC")
    text = recorded.read_text("3_providers/sec_edgar/company_submission.json.gz")
    told = read_submissions(text)
    tesla = profile(told, "TSLA")
    assert (tesla.name, tesla.mic, tesla.cik) == ("Tesla, Inc.", "XNAS", "0001318605")
    assert tesla.industry == "Motor Vehicles & Passenger Car Bodies"
    assert tesla.country == "United States"
    found = filings(told)
    assert len(found) == 1_001
    assert found[0].on == date(2022, 11, 30)
