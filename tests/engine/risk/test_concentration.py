from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.portfolio_risk import ExposureLine
from tio.engine.risk.concentration import concentration, exposure_by

VALUES = st.lists(st.decimals("-1e9", "1e9", places=4), min_size=1, max_size=30)
HELD = st.lists(st.tuples(st.sampled_from("ABC"), st.decimals("-1e9", "1e9", places=4)))


def test_four_equal_positions_are_as_many_as_they_seem() -> None:
    found = concentration([Decimal(25), Decimal(25), Decimal(-25), Decimal(25)])
    assert found is not None
    assert (found.positions, found.herfindahl, found.effective) == (4, 0.25, 4.0)
    assert found.top == ((1, 0.25), (3, 0.75), (5, 1.0), (10, 1.0))


def test_one_large_position_is_nearly_all() -> None:
    found = concentration([Decimal(90), Decimal(5), Decimal(5)])
    assert found is not None
    assert found.herfindahl == pytest.approx(0.815)
    assert found.effective == pytest.approx(1.2269938650306749)


@pytest.mark.parametrize("values", [[], [Decimal(0)]])
def test_nothing_held_has_no_concentration(values: list[Decimal]) -> None:
    assert concentration(values) is None


@given(VALUES)
def test_the_effective_number_lies_between_one_and_all(values: list[Decimal]) -> None:
    found = concentration(values)
    if found is None:
        assert not any(values)
        return
    assert 1 - 1e-9 <= found.effective <= found.positions + 1e-9
    shares = [share for _, share in found.top]
    assert shares == sorted(shares)
    assert found == concentration(values[::-1])


def test_long_and_short_of_a_key_stand_apart() -> None:
    held = [
        ("USD", Decimal("100.10")),
        ("EUR", Decimal(-300)),
        ("USD", Decimal("-40.05")),
        ("EUR", Decimal(20)),
    ]
    assert exposure_by(held, lambda each: each[0], lambda each: each[1]) == (
        ExposureLine(
            key="EUR", long=Decimal(20), short=Decimal(-300), gross=Decimal(320), net=Decimal(-280)
        ),
        ExposureLine(
            key="USD",
            long=Decimal("100.10"),
            short=Decimal("-40.05"),
            gross=Decimal("140.15"),
            net=Decimal("60.05"),
        ),
    )


@given(HELD)
def test_the_keys_add_up_to_all(held: list[tuple[str, Decimal]]) -> None:
    lines = exposure_by(held, lambda each: each[0], lambda each: each[1])
    assert sum(line.net for line in lines) == sum(value for _, value in held)
    assert sum(line.gross for line in lines) == sum(abs(value) for _, value in held)
    assert all(line.short <= 0 <= line.long for line in lines)
