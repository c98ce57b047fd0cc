"""How an indicator is written in a line, and read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.errors import Invalid, NotFound
from tio.api.indicators import IndicatorEntry, IndicatorParameter, IndicatorSpec, Param
from tio.api.market import Timeframe
from tio.api.spec_text import name_in, parameters_of, parse_spec, parse_specs, spec_text

KNOWN = {
    "rsi": ("length", "price"),
    "macd": ("fast", "slow", "signal", "price"),
    "bbands": ("length", "width", "price"),
    "beta": ("length", "price"),
    "avwap": ("anchor", "width"),
    "obv": (),
    "pta.ao": ("fast", "slow"),
}


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("rsi", IndicatorSpec("rsi")),
        ("RSI", IndicatorSpec("rsi")),
        ("rsi:21", IndicatorSpec("rsi", {"length": 21})),
        ("macd:12,26,9", IndicatorSpec("macd", {"fast": 12, "slow": 26, "signal": 9})),
        ("macd:12,signal=5", IndicatorSpec("macd", {"fast": 12, "signal": 5})),
        ("bbands:length=20,width=2.5", IndicatorSpec("bbands", {"length": 20, "width": 2.5})),
        ("rsi:14,hl2", IndicatorSpec("rsi", {"length": 14, "price": "hl2"})),
        ("rsi:50@1d", IndicatorSpec("rsi", {"length": 50}, Timeframe.d1)),
        ("beta:60/SPY", IndicatorSpec("beta", {"length": 60}, None, "SPY")),
        ("beta/SIM:ACME", IndicatorSpec("beta", {}, None, "SIM:ACME")),
        ("beta/BTC/USD", IndicatorSpec("beta", {}, None, "BTC/USD")),
        ("beta:60@1w/SPY", IndicatorSpec("beta", {"length": 60}, Timeframe.w1, "SPY")),
        ("beta:60/SPY@1w", IndicatorSpec("beta", {"length": 60}, Timeframe.w1, "SPY")),
        ("avwap:2024-01-02T14:30Z", IndicatorSpec("avwap", {"anchor": "2024-01-02T14:30Z"})),
        ("pta.ao:5", IndicatorSpec("pta.ao", {"fast": 5})),
        ("obv:", IndicatorSpec("obv")),
    ],
)
def test_a_text_means_an_indicator(text: str, spec: IndicatorSpec) -> None:
    assert parse_spec(text, KNOWN) == spec


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is no indicator"),
        ("14", "is no indicator"),
        ("rsi 14", "is no indicator"),
        ("rsi:1,2,3", "has not so many parameters"),
        ("obv:3", "has none"),
        ("rsi:factor=3", "no parameter 'factor' (it has: length, price)"),
        ("rsi:length=", "no value for 'length'"),
        ("rsi:14,", "no value for 'price'"),
        ("rsi:length=3,4", "stands after a parameter by name"),
        ("rsi:3,length=4", "length is given twice"),
        ("rsi@7x", "no timeframe '7x'"),
        ("rsi@", "no timeframe and no symbol"),
        ("beta/SPY@1d@1w", "no timeframe and no symbol"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_spec(text, KNOWN)

    assert sentence in caught.value.message


def test_an_unknown_indicator_names_the_nearest() -> None:
    with pytest.raises(NotFound) as caught:
        parse_spec("mcad:12", KNOWN)

    assert "macd" in caught.value.next


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("rsi,obv", ["rsi", "obv"]),
        ("macd:12,26,9,rsi:14", ["macd:fast=12,slow=26,signal=9", "rsi:length=14"]),
        ("bbands:length=20,width=2,obv", ["bbands:length=20,width=2", "obv"]),
        ("rsi:21 obv", ["rsi:length=21", "obv"]),
        ("beta:60/SPY,rsi", ["beta:length=60/SPY", "rsi"]),
        ("macd:12,26@1d, rsi", ["macd:fast=12,slow=26@1d", "rsi"]),
        ("avwap:2024-01-02,2.5,rsi", ["avwap:anchor=2024-01-02,width=2.5", "rsi"]),
        ("", []),
        (" , ", []),
    ],
)
def test_several_stand_in_one_text(text: str, texts: list[str]) -> None:
    assert [spec_text(spec) for spec in parse_specs(text, KNOWN)] == texts


def test_a_number_alone_begins_no_indicator() -> None:
    with pytest.raises(Invalid):
        parse_specs("rsi 14", KNOWN)


def test_the_name_is_told_whether_it_is_known_or_not() -> None:
    assert [name_in(text) for text in ("PTA.kst:3", " nosuch", "14")] == ["pta.kst", "nosuch", ""]


def test_the_catalogue_tells_the_order_of_parameters() -> None:
    entry = IndicatorEntry(
        name="macd",
        title="MACD",
        group="momentum",
        parameters=(
            IndicatorParameter(name="fast", kind="int", default=12),
            IndicatorParameter(name="slow", kind="int", default=26),
        ),
    )

    assert parameters_of([entry]) == {"macd": ("fast", "slow")}


def test_a_text_that_would_be_read_otherwise_is_not_written() -> None:
    with pytest.raises(Invalid):
        spec_text(IndicatorSpec("avwap", {"anchor": "a,b"}))


Values = st.one_of(
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["close", "hl2", "2024-01-02T14:30Z"]),
)


@st.composite
def specs(draw: st.DrawFn) -> IndicatorSpec:
    name = draw(st.sampled_from(sorted(KNOWN)))
    params: dict[str, Param] = {each: draw(Values) for each in KNOWN[name] if draw(st.booleans())}
    timeframe = draw(st.none() | st.sampled_from(Timeframe))
    return IndicatorSpec(name, params, timeframe, draw(st.sampled_from(["", "SPY", "BTC/USD"])))


@given(spec=specs(), placed=st.booleans())
def test_what_was_written_is_read_again(spec: IndicatorSpec, placed: bool) -> None:
    assert parse_spec(spec_text(spec, KNOWN[spec.name] if placed else ()), KNOWN) == spec


@given(several=st.lists(specs(), max_size=4), between=st.sampled_from([" ", ","]))
def test_several_written_are_read_again(several: list[IndicatorSpec], between: str) -> None:
    text = between.join(spec_text(spec) for spec in several)

    assert parse_specs(text, KNOWN) == tuple(several)
