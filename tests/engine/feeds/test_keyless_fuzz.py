"""Whatever a server answers is read, refused in words, or Garbage; nothing else comes of it."""

import contextlib
import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.clean import clean
from tio.api.errors import TioError
from tio.engine.feeds import cboe, ecb, edgar, frankfurter, fred, nasdaq, stooq
from tio.engine.feeds.frames import Garbage

READERS: dict[str, tuple[Callable[[str | bytes], object], str]] = {
    "cboe": (cboe.parse, '{"data":{"current_price":1,"bid":2,"volume":3},"symbol":"_SPX"}'),
    "nasdaq bars": (
        nasdaq.read_bars,
        (
            '{"data":{"tradesTable":{"rows":[{"date":"11/20/2026","close":"$1.5","open":"1",'
            '"high":"2","low":"1","volume":"5"}]}}}'
        ),
    ),
    "nasdaq dividends": (
        lambda body: nasdaq.read_dividends(body, "A"),
        '{"data":{"dividends":{"rows":[{"exOrEffDate":"11/20/2026","amount":"$0.26"}]}}}',
    ),
    "nasdaq earnings": (
        nasdaq.read_earnings,
        '{"data":{"rows":[{"symbol":"A","epsForecast":"($0.12)"}]}}',
    ),
    "frankfurter": (
        frankfurter.parse,
        '{"amount":1.0,"base":"EUR","date":"2026-11-20","rates":{"USD":1.15}}',
    ),
    "frankfurter days": (
        lambda body: frankfurter.read_fixes(body, "USD"),
        '{"amount":1.0,"base":"EUR","rates":{"2026-11-20":{"USD":1.15}}}',
    ),
    "frankfurter list": (frankfurter.read_listing, '{"EUR":"Euro","USD":"Dollar"}'),
    "ecb": (
        ecb.parse,
        "<E><Cube><Cube time='2026-11-20'><Cube currency='USD' rate='1.1'/></Cube></Cube></E>",
    ),
    "ecb series": (ecb.read_series, "CURRENCY,TIME_PERIOD,OBS_VALUE\nUSD,2026-11-20,1.1\n"),
    "fred": (fred.read_observations, "observation_date,A\n2026-11-20,1.5\n2026-11-21,.\n"),
    "fred json": (
        fred.read_observations,
        '{"observations":[{"date":"2026-11-20","value":"1.5"}]}',
    ),
    "fred search": (fred.read_search, '{"seriess":[{"id":"GDP","title":"x"}]}'),
    "stooq": (stooq.read_bars, "Date,Open,High,Low,Close,Volume\n2026-11-20,1,2,1,1,5\n"),
    "edgar tickers": (edgar.read_tickers, '{"0":{"cik_str":1,"ticker":"A","title":"B"}}'),
    "edgar": (
        edgar.read_submissions,
        json.dumps({"cik": "1", "name": "A", "filings": {"recent": {}}}),
    ),
}
REFUSALS = (
    cboe.refusal,
    nasdaq.refusal,
    frankfurter.refusal,
    ecb.refusal,
    fred.refusal,
    stooq.refusal,
    edgar.refusal,
)

EDITS = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 12), st.binary(max_size=8)), max_size=5
)


@pytest.mark.parametrize("name", READERS)
def test_the_example_itself_is_read(name: str) -> None:
    read, example = READERS[name]
    assert read(example)
    assert read(example.encode()) == read(example)


@pytest.mark.parametrize("name", READERS)
@given(edits=EDITS)
def test_a_damaged_answer_is_read_or_garbage(
    name: str, edits: list[tuple[int, int, bytes]]
) -> None:
    read, example = READERS[name]
    body = example.encode()
    for at, gone, put in edits:
        body = body[:at] + put + body[at + gone :]
    try:
        read(body)
    except Garbage as garbage:
        assert garbage.sentence == clean(garbage.sentence)


@given(body=st.one_of(st.binary(max_size=300), st.text(max_size=200)), status=st.integers(200, 599))
def test_a_refusal_is_words_or_nothing(body: str | bytes, status: int) -> None:
    for refusal in REFUSALS:
        # What cannot even be read as a refusal is Garbage, which its host tells as a failure.
        with contextlib.suppress(Garbage):
            error = refusal(body, status)
            if error is not None:
                assert isinstance(error, TioError)
                assert error.message == clean(error.message)


@pytest.mark.parametrize("name", READERS)
def test_nesting_without_end_is_garbage(name: str) -> None:
    read, _ = READERS[name]
    for body in ("[" * 100_000, '{"data":' * 50_000, "<a>" * 50_000):
        with pytest.raises(Garbage):
            read(body)
