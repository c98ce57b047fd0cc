import math

from tio.engine.feeds import sound


def test_a_price_is_above_zero_and_finite() -> None:
    assert sound.price(0.0001) == 0.0001
    for nonsense in (None, 0.0, -1.0, math.nan, math.inf):
        assert sound.price(nonsense) is None


def test_a_size_may_be_zero() -> None:
    assert sound.size(0.0) == 0.0
    for nonsense in (None, -1.0, math.nan, math.inf):
        assert sound.size(nonsense) is None
