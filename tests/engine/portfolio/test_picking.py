"""Lots picked for a sale, and sums shared out among them."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tio.api.sales import LotPick, SaleLot
from tio.engine.portfolio.picking import picked, shared

D = Decimal
AT = datetime(2026, 11, 2, tzinfo=UTC)
amounts = st.decimals(0, 10**6, places=2)
quantities = st.lists(st.decimals("0.00000001", 10**6, places=8), min_size=1, max_size=12)


def lot(id: str, quantity: str, gain: str, long: bool = False) -> SaleLot:
    return SaleLot(
        id=id,
        opened_at=AT,
        held_days=400 if long else 3,
        long_term=long,
        quantity=D(quantity),
        cost=D(100),
        gain=D(gain),
    )


LOTS = (
    lot("a", "10", "50", True),
    lot("b", "5", "-20"),
    lot("c", "5", "-30", True),
    lot("d", "1", "9"),
)


def order(pick: LotPick) -> str:
    return "".join(part.lot for part in picked(LOTS, D(1000), pick))


def test_each_pick_has_its_order() -> None:
    assert order(LotPick.fifo) == "abcd"
    assert order(LotPick.lifo) == "dcba"
    assert order(LotPick.hifo) == "cbad"
    assert order(LotPick.long_term) == "cabd"
    assert order(LotPick.harvest) == "cb"


def test_only_as_much_is_taken_as_is_asked() -> None:
    parts = picked(LOTS, D(12), LotPick.fifo)
    assert [(part.lot, part.quantity) for part in parts] == [("a", D(10)), ("b", D(2))]


@given(amounts, quantities)
def test_what_is_shared_out_adds_up_and_no_share_is_below_zero(
    whole: Decimal, parts: list[Decimal]
) -> None:
    told = shared(whole, parts)
    assert sum(told) == whole
    assert all(each >= 0 for each in told)
    assert len(told) == len(parts)


@given(quantities, st.decimals("0.00000001", 10**7, places=8), st.sampled_from(LotPick))
def test_no_lot_gives_more_than_it_holds_nor_all_more_than_is_asked(
    held: list[Decimal], wanted: Decimal, pick: LotPick
) -> None:
    lots = [lot(str(at), str(each), str(at - 3)) for at, each in enumerate(held)]
    parts = picked(lots, wanted, pick)
    there = {each.id: each.quantity for each in lots}
    assert all(0 < part.quantity <= there[part.lot] for part in parts)
    assert sum(part.quantity for part in parts) <= wanted
    if pick is not LotPick.harvest:
        assert sum(part.quantity for part in parts) == min(wanted, sum(held))
