import numpy as np

from tio.engine.feeds.simulator.path import Corner, MinutePath, keys_of

BARS = Corner(
    *(np.array(column) for column in ([100, 50], [130, 50], [90, 50], [120, 50], [900, 4]))
)
KEYS = keys_of(7, ["SIM:A", "SIM:B"])
ROWS = np.repeat(np.arange(2), 60_000)
WITHIN = np.tile(np.arange(0, 60_000_000, 1_000), 2)


def test_path_stays_within_the_bar_and_meets_its_corners() -> None:
    path = MinutePath(KEYS, 29_000_000, BARS, 1_000_000)
    prices = path.at(ROWS, WITHIN)
    assert prices.min() >= 50
    assert prices[:60_000].max() <= 130
    assert prices[:60_000].min() >= 90
    for corner, price in zip(path.corners, path.prices, strict=True):
        assert np.allclose(path.at(np.arange(2), corner), price)


def test_corners_come_in_order_within_the_window() -> None:
    path = MinutePath(KEYS, 29_000_001, BARS, 1_000_000)
    assert (np.diff(path.corners, axis=0) > 0).all()
    assert (path.corners[0] < 1_000_000).all()
    assert (path.corners[3] >= 59_000_000 - 1).all()


def test_an_instrument_goes_its_way_in_any_universe() -> None:
    alone = MinutePath(
        keys_of(7, ["SIM:B"]), 5, Corner(*(column[1:] for column in BARS)), 1_000_000
    )
    among = MinutePath(KEYS, 5, BARS, 1_000_000)
    assert np.array_equal(alone.corners[:, 0], among.corners[:, 1])


def test_minutes_and_seeds_differ() -> None:
    paths = [
        MinutePath(keys_of(seed, ["SIM:A", "SIM:B"]), minute, BARS, 1_000_000).corners
        for seed, minute in ((7, 5), (7, 6), (8, 5), (-7, 5), (7 + 2**40, 5))
    ]
    assert len({corners.tobytes() for corners in paths}) == 5


def test_volume_so_far_only_grows_and_ends_whole() -> None:
    path = MinutePath(KEYS, 5, BARS, 1_000_000)
    lots = path.lots(ROWS, WITHIN)
    assert (np.diff(lots[:60_000]) >= 0).all()
    end = path.so_far(59_999_999).bar
    assert end.volume.tolist() == [900, 4]
    assert [int(column[0]) for column in end] == [100, 130, 90, 120, 900]


def test_minute_before_its_first_trade_has_not_begun() -> None:
    path = MinutePath(KEYS, 5, BARS, 1_000_000)
    assert not path.so_far(0).begun.any()
