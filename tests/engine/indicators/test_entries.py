"""The catalogue as it is listed."""

from tio.api.indicators import IndicatorSpec, Param
from tio.api.market import Timeframe
from tio.engine.indicators.catalogue import CATALOGUE, indicator
from tio.engine.indicators.entries import GUIDES, drawn, entries, entry, label


def test_every_indicator_is_listed_once_in_the_order_of_its_group() -> None:
    listed = entries()
    assert {each.name for each in listed} == CATALOGUE.keys()
    groups = list(dict.fromkeys(each.group for each in listed))
    assert len(groups) == len({each.group for each in listed})


def test_every_word_of_a_query_must_be_found() -> None:
    assert "bbands" in {each.name for each in entries("bollinger band")}
    assert entries("bollinger nonsense") == ()


def test_guides_are_of_indicators_there_are() -> None:
    assert GUIDES.keys() <= CATALOGUE.keys()


def test_who_computes_it_is_told() -> None:
    assert entry(indicator("rsi")).origin == "talib"
    assert entry(indicator("session_profile")).origin == "tio"


def test_an_output_is_drawn_ahead_by_its_parameters() -> None:
    found = indicator("ichimoku")
    settings = found.settings({"base": 30})
    assert drawn(found, settings)["lead_a"] == 30
    assert entry(found).drawn["lead_a"] == 26


def test_a_label_tells_what_was_chosen() -> None:
    params: dict[str, Param] = {"length": 20, "width": 2.5, "price": "close"}
    assert label(IndicatorSpec("bbands"), params, "") == "BBANDS 20 2.5"
    assert label(IndicatorSpec("ema"), {"length": 5, "price": "hl2"}, "") == "EMA 5 hl2"
    daily = IndicatorSpec("beta", timeframe=Timeframe.d1)
    assert label(daily, {"length": 60}, "SPY") == "BETA 60 / SPY · 1d"
