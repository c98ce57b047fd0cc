from datetime import date

import numpy as np
import pytest

from tio.engine.feeds.simulator.process import ORIGIN, Floats, Model
from tio.engine.feeds.simulator.sessions import day_number, trades_on
from tio.engine.feeds.simulator.universe import Listing, listings

LISTINGS = listings(60)


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(7, 2026)


def closes(model: Model, listing: Listing) -> Floats:
    """Log closes of all days on which the listing trades."""
    open_ = trades_on(listing.session, np.arange(model.count) + ORIGIN)
    return np.log(model.days(listing).close[open_])


def returns(model: Model, listing: Listing) -> Floats:
    return np.diff(closes(model, listing))


def test_same_seed_gives_the_same_days() -> None:
    first, second = Model(3, 2026).days(LISTINGS[0]), Model(3, 2026).days(LISTINGS[0])
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_another_seed_gives_other_days() -> None:
    assert not np.array_equal(
        Model(3, 2026).days(LISTINGS[0]).close, Model(4, 2026).days(LISTINGS[0]).close
    )


def test_later_horizon_only_appends(model: Model) -> None:
    longer = Model(7, 2031)
    for listing in LISTINGS[:4]:
        for short, long in zip(model.days(listing), longer.days(listing), strict=True):
            assert np.array_equal(short, long[: model.count])


def test_prices_are_near_the_listed_ones_at_the_reference(model: Model) -> None:
    at = day_number(date(2026, 1, 1)) - ORIGIN
    for listing in LISTINGS:
        start = model.days(listing).start[at] / 10**listing.decimals
        assert start == pytest.approx(listing.price, rel=0.01)


def test_high_and_low_hold_open_and_close_and_days_continue(model: Model) -> None:
    for listing in LISTINGS[:20]:
        days = model.days(listing)
        assert (days.high >= np.maximum(days.open, days.close)).all()
        assert (days.low <= np.minimum(days.open, days.close)).all()
        assert (days.low > 0).all()
        assert np.array_equal(days.start[1:], days.end[:-1])


def test_returns_have_fat_tails(model: Model) -> None:
    for listing in LISTINGS[:20]:
        moves = returns(model, listing)
        kurtosis = ((moves - moves.mean()) ** 4).mean() / moves.var() ** 2
        assert kurtosis > 3.5


def test_volatility_clusters(model: Model) -> None:
    lagged = []
    for listing in LISTINGS[:20]:
        size = np.abs(returns(model, listing))
        lagged.append(np.corrcoef(size[1:], size[:-1])[0, 1])
    assert min(lagged) > 0.04
    assert np.mean(lagged) > 0.1


def test_returns_themselves_do_not_persist(model: Model) -> None:
    lagged = []
    for listing in LISTINGS[:20]:
        moves = returns(model, listing)
        lagged.append(np.corrcoef(moves[1:], moves[:-1])[0, 1])
    assert abs(np.mean(lagged)) < 0.05


def test_members_of_a_sector_move_together_more_than_strangers(model: Model) -> None:
    stocks = [listing for listing in LISTINGS if listing.kind == "stock"]
    sectors = np.array([listing.sector for listing in stocks])
    matrix = np.asarray(np.corrcoef([returns(model, listing) for listing in stocks]))
    same = sectors[:, None] == sectors[None, :]
    apart = ~np.eye(len(stocks), dtype=bool)
    assert matrix[same & apart].mean() > matrix[~same].mean() + 0.1
    assert matrix[~same].mean() > 0.1


def test_stocks_gap_overnight_and_crypto_does_not(model: Model) -> None:
    acme, bitcoin = LISTINGS[0], LISTINGS[1]
    weekdays = trades_on("stock", np.arange(model.count) + ORIGIN)
    stock, coin = model.days(acme), model.days(bitcoin)
    assert (stock.open != stock.start)[weekdays].mean() > 0.95
    assert np.array_equal(coin.open[1:], coin.close[:-1])


def test_volume_grows_with_the_move(model: Model) -> None:
    days = model.days(LISTINGS[1])
    size = np.abs(np.log(days.close / days.open)) / days.sigma
    assert np.corrcoef(size, np.log(days.volume))[0, 1] > 0.3


def test_regimes_differ_in_volatility_and_last() -> None:
    sigma = Model(7, 2026).regime_sigma
    assert set(np.unique(sigma)) == {0.75, 1.0, 2.1}
    assert (sigma[1:] == sigma[:-1]).mean() > 0.95
