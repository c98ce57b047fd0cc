"""Cards scored by bars: worked by hand, and what no bars may change."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from idea_cards import AT, bars, plan
from msgspec.structs import replace

from tio.api.ideas import IdeaPlan, Outcome
from tio.api.market import Side
from tio.api.orders import OrderType
from tio.api.series import instant
from tio.engine.ideas.scoring import Bar, scored


def told(plan: IdeaPlan, *rows: str) -> tuple[str, float | None]:
    verdict = scored(plan, bars(*rows))
    assert verdict.outcome is not None
    return verdict.outcome.value, verdict.r


def test_a_pull_back_that_reaches_its_target_brings_two_r() -> None:
    verdict = scored(plan(), bars("104 105 101 102", "102 103 99 101", "101 111 100 109"))
    assert verdict.outcome is Outcome.target
    assert verdict.entry == 100
    assert verdict.exit == 110
    assert (verdict.r, verdict.mae, verdict.mfe) == (2.0, -0.2, 2.0)
    assert verdict.entered_at == AT + timedelta(minutes=1)
    assert verdict.ended_at == AT + timedelta(minutes=2)
    assert verdict.bars == 3
    assert not verdict.ambiguous


def test_a_card_whose_entry_no_bar_reaches_has_no_result() -> None:
    verdict = scored(plan(), bars("104 105 101 102", "110 115 109 112"))
    assert (verdict.outcome, verdict.r, verdict.mae) == (Outcome.never_entered, None, None)


def test_a_stop_after_the_entry_costs_one_r() -> None:
    assert told(plan(), "101 101 99 99", "98 99 94 96", "96 120 96 119") == ("stopped", -1.0)


def test_a_gap_through_the_stop_costs_what_it_costs() -> None:
    assert told(plan(), "101 101 99 99", "90 92 88 91") == ("stopped", -2.0)


def test_a_gap_through_the_entry_is_entered_at_the_open() -> None:
    verdict = scored(plan(), bars("98 99 97 98", "98 111 98 110"))
    assert verdict.entry == 98
    assert verdict.r == 2.4


def test_a_gap_beyond_the_target_is_left_at_the_open() -> None:
    assert told(plan(), "101 101 99 99", "115 116 114 115") == ("target", 3.0)


def test_a_bar_with_both_ends_is_taken_as_the_stop_and_says_so() -> None:
    verdict = scored(plan(), bars("101 101 99 99", "100 112 94 111"))
    assert (verdict.outcome, verdict.r, verdict.ambiguous) == (Outcome.stopped, -1.0, True)
    assert verdict.said == (
        "the stop came first; the bar also holds its target, the loss was taken"
    )


def test_the_high_before_a_pull_back_is_no_target() -> None:
    assert told(plan(), "109 112 99 101", "101 102 100 101")[0] == "horizon"


def test_the_close_beyond_the_target_in_the_entrys_own_bar_is_one() -> None:
    assert told(plan(), "109 112 99 111") == ("target", 2.0)


def test_a_fall_through_entry_and_stop_in_one_bar_is_a_sure_loss() -> None:
    verdict = scored(plan(), bars("104 105 94 96"))
    assert (verdict.outcome, verdict.r, verdict.ambiguous) == (Outcome.stopped, -1.0, False)


def test_at_the_horizon_it_is_marked_to_the_last_close() -> None:
    verdict = scored(plan(), bars("101 101 99 99", "99 104 98 103"))
    assert (verdict.outcome, verdict.r) == (Outcome.horizon, 0.6)
    assert verdict.exit == 103
    assert (verdict.mae, verdict.mfe) == (-0.4, 0.8)


def test_an_invalidation_nearer_than_the_stop_comes_first() -> None:
    early = plan(invalidation="98")
    assert told(early, "101 101 99 99", "99 99 94 95") == ("invalidated", -0.4)
    assert told(plan(invalidation="94"), "101 101 99 99", "99 99 93 95") == ("stopped", -1.0)


def test_an_invalidation_before_the_entry_keeps_it_out() -> None:
    rows = "97 98 92 93", "93 120 93 119"
    breakout = plan(entry_type=OrderType.stop, invalidation="93")
    verdict = scored(breakout, bars(*rows))
    assert verdict.outcome is Outcome.never_entered
    assert verdict.said == "its invalidation came before its entry"
    assert told(plan(entry_type=OrderType.stop), *rows)[0] == "target"


def test_a_break_out_reaches_entry_and_target_in_one_bar() -> None:
    assert told(plan(entry_type=OrderType.stop), "97 111 96 109") == ("target", 2.0)


def test_a_break_out_whose_bar_also_holds_the_stop_is_taken_as_stopped() -> None:
    verdict = scored(plan(entry_type=OrderType.stop), bars("97 101 94 101"))
    assert (verdict.outcome, verdict.ambiguous) == (Outcome.stopped, True)
    assert "also holds its entry" in verdict.said
    verdict = scored(plan(entry_type=OrderType.stop), bars("97 101 94 94"))
    assert (verdict.outcome, verdict.ambiguous) == (Outcome.stopped, False)


def test_a_break_out_from_below_the_stop_is_not_stopped_by_where_it_came_from() -> None:
    breakout = plan(entry_type=OrderType.stop)
    assert told(breakout, "94 101 93 101", "101 102 100 102") == ("horizon", 0.4)


def test_a_short_sale_is_the_mirror() -> None:
    short = plan("sell", "100", "105", "90")
    assert told(short, "96 101 95 99", "99 99 89 90") == ("target", 2.0)
    assert told(short, "96 101 95 99", "99 106 98 99") == ("stopped", -1.0)
    assert told(
        plan("sell", "100", "105", "90", invalidation="102"), "99 100 98 99", "99 103 98 99"
    )[0] == ("invalidated")


def test_the_nearest_of_several_targets_ends_it() -> None:
    both = plan(targets=(Decimal(120), Decimal(105)))
    assert told(both, "101 101 99 99", "99 121 99 120") == ("target", 1.0)


def test_bars_from_before_the_card_was_made_do_not_count() -> None:
    past = bars("101 101 90 99", "99 130 99 120", begin=AT - timedelta(minutes=2))
    assert scored(plan(), past).outcome is Outcome.never_entered
    assert scored(plan(), past).bars == 0


def test_where_no_price_was_known_the_first_open_tells_the_way_to_the_entry() -> None:
    unknown = plan(entry_type=None)
    assert scored(unknown, bars("104 105 99 104")).entry == 100
    assert scored(unknown, bars("97 101 96.5 100.5")).entry == 100


prices = st.integers(60, 140).map(Decimal)


@st.composite
def some_bars(draw: st.DrawFn) -> list[Bar]:
    made = []
    for number in range(draw(st.integers(1, 12))):
        first, second, third, fourth = sorted(draw(st.lists(prices, min_size=4, max_size=4)))
        opened, closed = draw(st.permutations((second, third)))
        made.append(Bar(instant(AT) + number * 60_000_000, opened, fourth, first, closed))
    return made


@st.composite
def some_plan(draw: st.DrawFn) -> IdeaPlan:
    side = draw(st.sampled_from(("buy", "sell")))
    sign = 1 if side == "buy" else -1
    away = draw(st.integers(1, 15))
    return plan(
        side,
        "100",
        str(100 - sign * away),
        draw(st.sampled_from(("", str(100 + sign * away), str(100 + sign * 3 * away)))),
        invalidation=draw(st.sampled_from((None, str(100 - sign * 3), str(100 - sign * 20)))),
        entry_type=draw(st.sampled_from((OrderType.limit, OrderType.stop, None))),
    )


@given(some_plan(), some_bars())
def test_what_is_decided_no_later_bar_changes(card: IdeaPlan, found: list[Bar]) -> None:
    whole = scored(card, found, final=False)
    for count in range(len(found)):
        part = scored(card, found[:count], final=False)
        if part.outcome is not None:
            assert part == whole
        if part.entered_at is not None:
            assert (part.entered_at, part.entry) == (whole.entered_at, whole.entry)


@given(some_plan(), some_bars())
def test_a_result_lies_between_its_excursions(card: IdeaPlan, found: list[Bar]) -> None:
    verdict = scored(card, found)
    assert verdict.outcome is not None
    if verdict.r is None:
        assert verdict.outcome is Outcome.never_entered
        return
    assert verdict.mae is not None
    assert verdict.mfe is not None
    assert verdict.mae <= 0 <= verdict.mfe
    assert verdict.mae - 1e-6 <= verdict.r <= verdict.mfe + 1e-6


@given(some_plan(), some_bars())
def test_a_mirrored_card_on_mirrored_bars_has_the_same_result(
    card: IdeaPlan, found: list[Bar]
) -> None:
    def turned(price: Decimal) -> Decimal:
        return 200 - price

    other = replace(
        card,
        side=Side.sell if card.side is Side.buy else Side.buy,
        stop=turned(card.stop),
        targets=tuple(map(turned, card.targets)),
        invalidation=None if card.invalidation is None else turned(card.invalidation),
    )
    mirrored = [
        Bar(b.time, turned(b.open), turned(b.low), turned(b.high), turned(b.close)) for b in found
    ]
    here, there = scored(card, found), scored(other, mirrored)
    assert (here.outcome, here.r, here.mae, here.mfe) == (
        there.outcome,
        there.r,
        there.mae,
        there.mfe,
    )


@given(some_plan(), some_bars())
def test_the_best_a_loss_can_be_is_less_than_nothing(card: IdeaPlan, found: list[Bar]) -> None:
    verdict = scored(card, found)
    if verdict.outcome is Outcome.stopped:
        assert verdict.r is not None
        assert verdict.r <= 0
