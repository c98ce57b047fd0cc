import json
from datetime import UTC, date, datetime

import pytest

from tio.api.errors import SourceUnavailable
from tio.api.series import instant
from tio.engine.feeds.ecb import (
    EuroRate,
    days_of,
    newest,
    parse,
    read_rates,
    read_series,
    refusal,
    spelled,
    ticks_of,
)
from tio.engine.feeds.frames import Garbage

import recorded

FILE = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
 xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
 <gesmes:subject>Reference rates</gesmes:subject>
 <gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
 <Cube>
  <Cube time='2026-07-17'><Cube currency='USD' rate='1.1512'/><Cube currency='JPY' rate='181.20'/>
  </Cube>
  <Cube time='2026-07-16'><Cube currency='USD' rate='1.1498'/></Cube>
 </Cube>
</gesmes:Envelope>"""


def test_a_file_tells_rates_by_date() -> None:
    rates = read_rates(FILE)
    assert rates == (
        EuroRate(date(2026, 7, 17), "USD", 1.1512),
        EuroRate(date(2026, 7, 17), "JPY", 181.2),
        EuroRate(date(2026, 7, 16), "USD", 1.1498),
    )
    assert [row.close for row in days_of(rates, "USD")] == [1.1512, 1.1498]
    assert len(newest(rates)) == 2


def test_quotes_are_of_the_newest_date_at_the_summers_hour() -> None:
    dollar, yen = parse(FILE)
    assert (dollar.symbol, dollar.last) == ("EURUSD", 1.1512)
    assert (yen.symbol, yen.last) == ("EURJPY", 181.2)
    assert dollar.at == instant(datetime(2026, 7, 17, 12, 10, tzinfo=UTC))


def test_only_what_the_euro_is_worth_is_told() -> None:
    assert spelled("EURUSD") == "USD"
    for symbol in ("USDEUR", "GBPJPY", "EURXAU", "EUREUR", "EUR-USD", "AAPL"):
        assert spelled(symbol) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "<Envelope/>",
        "<Cube><Cube currency='USD' rate='1.1'/></Cube>",
        "<Cube time='soon'/>",
        "<Cube time='2026-11-20'><Cube currency='USD' rate='N/A'/></Cube>",
        "<Cube time='2026-11-20'><Cube currency='USD' rate='-1'/></Cube>",
        "<Cube time='2026-11-20'><Cube currency='USD' rate='nan'/></Cube>",
        FILE[:300],
        FILE.replace("<gesmes:Envelope", "<!DOCTYPE x><gesmes:Envelope", 1),
    ],
)
def test_what_is_no_file_of_rates_is_garbage(text: str) -> None:
    with pytest.raises(Garbage):
        read_rates(text)


def test_a_page_is_told_as_such() -> None:
    assert isinstance(refusal("<!DOCTYPE html><html></html>"), SourceUnavailable)
    assert refusal(FILE) is None


def test_series_are_read_by_their_columns() -> None:
    body = (
        "KEY,FREQ,CURRENCY,TIME_PERIOD,OBS_VALUE,TITLE\n"
        'EXR.D.USD.EUR.SP00.A,D,USD,2026-11-19,1.1498,"US dollar, euro"\n'
        'EXR.D.USD.EUR.SP00.A,D,USD,2026-11-20,NaN,"US dollar, euro"\n'
    )
    assert read_series(body) == (EuroRate(date(2026, 11, 19), "USD", 1.1498),)
    assert read_series("") == ()
    with pytest.raises(Garbage, match="columns"):
        read_series("A,B\n1,2\n")


def test_every_recorded_rate_is_read() -> None:
    (answer,) = json.loads(recorded.read_text("3_providers/fx_rates/ecb_recent.json.gz"))
    rates = read_series(answer["body"])
    assert len(rates) == len(answer["body"].strip().splitlines()) - 1
    assert len(ticks_of(newest(rates))) == len(newest(rates))
    assert newest(rates)[0].on == date(2026, 3, 18)
    assert days_of(rates, "AUD")[-1].close == 1.6305


@pytest.mark.parametrize("bank", ["boc", "nbp"])
def test_what_other_banks_tell_is_refused_in_words(bank: str) -> None:
    answers = json.loads(recorded.read_text(f"3_providers/fx_rates/{bank}.json.gz"))
    refused = 0
    for answer in answers:
        with pytest.raises(Garbage, match="the ECB"):
            read_series(answer["body"])
        with pytest.raises(Garbage, match="the ECB"):
            read_rates(answer["body"])
        refused += 1
    assert refused == len(answers) > 0
