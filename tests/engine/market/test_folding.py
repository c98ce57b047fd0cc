import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.market import Timeframe
from tio.engine.market.bars import BASE, InstrumentBars
from tio.engine.market.folding import fold
from tio.engine.market.ladder import Room
from tio.engine.market.sessions import rules_of
from tio.engine.market.symbols import classify
from tio.engine.store.columns import Columns

# 2026-02-25 to 2026-04-05 holds New York's, London's and Sydney's changes of clock.
FIRST, LAST = 1_771_977_600, 1_775_347_200


@given(
    st.sampled_from(("BTC-USD", "AAPL", "EURUSD", "GC=F", "VOD.LSE", "7203.TSE", "CBA.ASX")),
    st.lists(
        st.tuples(st.integers(FIRST, LAST), st.floats(1.0, 9.0), st.integers(0, 9)),
        min_size=1,
        max_size=60,
    ),
)
def test_folding_stored_bars_gives_what_folding_the_trades_gave(
    symbol: str, trades: list[tuple[int, float, int]]
) -> None:
    rules = rules_of(classify(symbol))
    live = InstrumentBars(rules, Room())
    for number, (second, price, size) in enumerate(trades):
        assert live.fold(second * 1_000_000, price, float(size), number)
    for finer in BASE:
        kept = live.ladder(finer).columns(10_000)
        for timeframe in Timeframe:
            if timeframe.step > finer.step:
                folded = fold(kept, finer, timeframe, rules)
                assert folded == live.ladder(timeframe).columns(10_000)


def test_a_bar_without_volume_makes_the_coarser_one_without() -> None:
    rules = rules_of(classify("EURUSD"))
    nan = float("nan")
    bars = Columns.of_rows([(0, 1.0, 1.0, 1.0, 1.0, nan), (60_000_000, 2.0, 2.0, 2.0, 2.0, 1.0)])
    folded = fold(bars, Timeframe.m1, Timeframe.m5, rules)
    assert list(folded.volume) == pytest.approx([nan], nan_ok=True)
    assert list(folded.close) == [2.0]


def test_nothing_folds_to_nothing() -> None:
    rules = rules_of(classify("BTC-USD"))
    assert len(fold(Columns.empty(), Timeframe.m1, Timeframe.h1, rules)) == 0
