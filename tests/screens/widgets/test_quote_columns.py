"""What stands in the cells of the watchlist."""

import pytest
import screen_market as market

from tio.api.market import AssetClass, Coverage, Delay, Flag, Quote
from tio.screens.widgets.quote_columns import (
    CHOICES,
    Row,
    change_title,
    columns,
    covered,
    delayed,
    header,
    mark,
    since,
    unknown_column,
)


def _row(symbol: str, **changed: object) -> Row:
    row = Row(symbol)
    row.take(market.quote(symbol, **changed), 0.0, 3)
    return row


@pytest.mark.parametrize(
    ("changed", "shown"),
    [
        ({"delay": Delay.simulated}, "SIM"),
        ({"delay": Delay.delayed, "delay_minutes": 15}, "D15"),
        ({"delay": Delay.end_of_day}, "EOD"),
        ({"delay": Delay.reference}, "REF"),
        ({"stale": True}, "STALE 42s"),
        ({"flags": (Flag.disagrees,)}, "≠"),
        ({"flags": (Flag.disagrees,), "delay": Delay.delayed, "delay_minutes": 15}, "D15≠"),
        ({}, ""),
    ],
)
def test_what_is_not_live_is_marked(changed: dict[str, object], shown: str) -> None:
    assert mark(market.quote("SPY", **changed), 42.0)[0] == shown


def test_a_price_has_its_instruments_own_precision() -> None:
    row = _row("EURUSD")
    shown = {column.name: column.cell(row, 0.0)[0] for column in columns(120, [row], 0.0)}
    assert shown["last"] == "1.08410"
    assert shown["change"] == "▲ +0.02"


@pytest.mark.parametrize("width", [30, 44, 58, 78, 120, 198])
def test_columns_fit_and_the_needed_ones_are_always_there(width: int) -> None:
    rows = [_row(symbol) for symbol in market.PRICES]
    chosen = columns(width, rows, 0.0)
    assert {"symbol", "last", "change"} <= {column.name for column in chosen}
    if width >= 44:
        assert len(header(chosen)) <= width


def test_the_header_says_what_the_change_is_since() -> None:
    assert change_title([_row("BTC-USD"), _row("ETH-USD")]) == "24H %"
    assert change_title([_row("AAPL")]) == "CLOSE %"
    assert change_title([_row("AAPL"), _row("BTC-USD")]) == "CHG %"


def test_what_the_change_is_since_follows_the_kind_and_not_the_spelling() -> None:
    share = market.quote("BRK-B", asset_class=AssetClass.equity)
    coin = market.quote("BTCUSD", asset_class=AssetClass.crypto, currency="USD")
    assert since(share) == "previous close"
    assert since(coin) == "24 h ago"
    assert since(market.quote("EURUSD")) == "17:00 New York"
    assert since(market.quote("EURUSD", delay=Delay.reference)) == "reference before"
    assert change_title([_row("EURUSD")]) == "17NY %"
    assert change_title([_row("SPY"), _row("^VIX")]) == "CLOSE %"


def test_delay_and_coverage_are_told_in_words_where_they_matter() -> None:
    late = market.quote("AAPL", coverage=Coverage.consolidated)
    assert (delayed(late), covered(late)) == ("15m delayed", "consolidated")
    iex = market.quote("SPY", source="alpaca")
    assert (delayed(iex), covered(iex)) == ("", "IEX only")
    assert covered(market.quote("BTC-USD")) == "one venue"
    fixing = market.quote("EURUSD", delay=Delay.reference, source="ecb")
    assert (delayed(fixing), covered(fixing)) == ("reference", "")
    assert delayed(market.quote("SPY", delay=Delay.end_of_day)) == "end of day"


def test_a_price_that_moved_flashes_in_its_direction_and_the_first_does_not() -> None:
    row = _row("SPY")
    assert row.flash == 0
    row.take(market.quote("SPY", last=350.57), 1.0, 3)
    assert (row.flash, row.rising) == (3, False)


def test_age_grows_with_the_clock_since_the_quote_came() -> None:
    row = _row("SPY", age=1.0)
    assert row.age(5.0) == 6.0


def test_a_symbol_without_quote_says_so() -> None:
    cells = {c.name: c.cell(Row("XYZ"), 0.0)[0] for c in columns(60, [Row("XYZ")], 0.0)}
    assert cells["last"] == "no source"


def test_a_quote_of_which_no_source_said_anything_has_no_figures() -> None:
    row = Row("XYZ")
    row.take(Quote(symbol="XYZ", currency="USD"), 0.0, 3)
    cells = {c.name: c.cell(row, 0.0)[0].strip() for c in columns(200, [row], 0.0, tuple(CHOICES))}
    assert cells.pop("symbol") == "XYZ"
    assert cells.pop("last") == "no quote"
    assert set(cells.values()) == {""}


def test_a_list_shows_the_columns_it_chose_in_their_order() -> None:
    rows = [_row("SPY"), _row("BTC-USD")]
    wanted = ("high", "low", "last", "spark", "points")
    assert [c.name for c in columns(120, rows, 0.0, wanted)] == ["symbol", *wanted]
    chosen = columns(30, rows, 0.0, wanted)
    assert [c.name for c in chosen] == ["symbol", "high", "low"]
    assert len(header(chosen)) <= 30


def test_a_name_takes_the_room_that_is_left() -> None:
    shown = columns(60, [_row("SPY")], 0.0, ("last", "change", "bid", "name"))
    assert (shown[-1].name, len(header(shown))) == ("name", 59)


def test_a_name_nobody_knows_leaves_a_list_with_the_others_and_none_with_its_own() -> None:
    rows = [_row("SPY")]
    assert [c.name for c in columns(120, rows, 0.0, ("nope", "bid"))] == ["symbol", "bid"]
    assert columns(120, rows, 0.0, ("nope",)) == columns(120, rows, 0.0)
    assert unknown_column(("bid", "volumee")) == "There is no column volumee; did you mean volume?"
    assert unknown_column(tuple(CHOICES)) == ""


@pytest.mark.parametrize("width", [24, 40, 58, 120])
def test_stale_is_told_whatever_columns_are_chosen(width: int) -> None:
    row = _row("TSLA", age=42.0)
    for wanted in ((), ("last", "bid"), ("name", "spark"), ("spark",)):
        shown = [column.cell(row, 0.0)[0] for column in columns(width, [row], 0.0, wanted)]
        assert "STALE 42s" in shown, wanted


@pytest.mark.parametrize("name", sorted(CHOICES))
def test_each_column_can_be_chosen_alone_and_says_something_of_a_full_quote(name: str) -> None:
    row = _row("SPY", note="yahoo and cboe 1.8 % apart")
    row.spark = "▁▂▃"
    column = next(c for c in columns(60, [row], 0.0, (name,)) if c.name == name)
    assert column.cell(row, 0.0)[0].strip()
