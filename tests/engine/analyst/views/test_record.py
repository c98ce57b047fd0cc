"""What views prove: rates beside what saying the same always would have reached."""

from datetime import timedelta

import pytest
from given_views import AT, done, view
from msgspec.structs import replace

from tio.api.views import GivenView, ViewBy, ViewOutcome
from tio.engine.analyst.views.record import records

WEEK = timedelta(days=7)


def apart(count: int, hits: int, **rest: object) -> list[GivenView]:
    """So many views of one symbol one after another, the first ones held."""
    return [
        done(
            n < hits,
            given=AT + 2 * n * WEEK,
            due=AT + (2 * n + 1) * WEEK,
            **rest,
        )
        for n in range(count)
    ]


def test_a_rate_has_its_exact_interval_and_what_would_have_held_anyway() -> None:
    (whole, rules) = records([*apart(12, 9, base=0.5), view(base=0.9)], ViewBy.author)
    assert (whole.name, whole.views, whole.n, whole.apart, whole.hits) == ("", 13, 12, 12, 9)
    # Clopper and Pearson for 9 of 12.
    assert whole.rate == 0.75
    assert whole.low == pytest.approx(0.4281, abs=1e-4)
    assert whole.high == pytest.approx(0.9451, abs=1e-4)
    assert whole.baseline == 0.5
    assert whole.mean_move == pytest.approx((9 - 3) / 12)
    assert whole.note == "not to be told from its base"
    assert (rules.name, rules.n) == ("rules", 12)


@pytest.mark.parametrize(
    ("base", "told"),
    [
        (0.42, "above its base"),
        (0.43, "not to be told from its base"),
        (0.94, "not to be told from its base"),
        (0.95, "below its base"),
        (None, ""),
    ],
)
def test_a_rate_says_nothing_while_its_base_lies_within_its_interval(
    base: float | None, told: str
) -> None:
    # The interval of 9 of 12 is 0.428 to 0.945.
    assert records(apart(12, 9, base=base), ViewBy.author)[0].note == told


def test_few_views_are_too_few_to_tell() -> None:
    (whole, _) = records(apart(6, 6), ViewBy.author)
    assert (whole.rate, whole.note) == (1, "n 6: too few to tell")


def test_views_of_the_same_days_are_not_as_many_as_they_are() -> None:
    crowd = [done(True, given=AT + timedelta(minutes=n)) for n in range(40)]
    (whole, _) = records(crowd, ViewBy.author)
    assert (whole.n, whole.apart) == (40, 1)
    assert whole.note == "only 1 of 40 do not overlap: too few to tell"
    other = [done(True, symbol="MSFT", given=each.given) for each in crowd]
    assert records([*crowd, *other], ViewBy.author)[0].apart == 2
    mixed = [*apart(10, 5), done(True, given=AT + timedelta(hours=1), due=AT + WEEK)]
    assert records(mixed, ViewBy.author)[0].note == ("1 of 11 overlap another")
    based = [replace(each, base=0.5) for each in mixed]
    assert records(based, ViewBy.author)[0].note == (
        "not to be told from its base; 1 of 11 overlap another"
    )


def test_a_fall_that_was_foretold_counts_as_gained_and_neutral_views_not_at_all() -> None:
    told = [done(True, bias=-2, move_atr=-3.0), done(True, bias=0, move_atr=0.4)]
    assert records(told, ViewBy.author)[0].mean_move == 3


def test_views_are_told_apart_by_what_was_asked_in_a_sensible_order() -> None:
    told = [
        done(True, bias=2, symbol="MSFT", by="b", days=10),
        done(True, bias=-1, by="a", stated=0.9),
        done(False, bias=0, by="a", stated=0.7, days=1),
    ]
    names = {by: [each.name for each in records(told, by)] for by in ViewBy}
    assert names == {
        ViewBy.author: ["", "a", "b"],
        ViewBy.symbol: ["", "AAPL", "MSFT"],
        ViewBy.bias: ["", "-1", "0", "+2"],
        ViewBy.horizon: ["", "1 session", "5 sessions", "10 sessions"],
    }
    assert records(told, ViewBy.author)[1].stated == pytest.approx(0.8)


def test_what_waits_or_was_never_scored_proves_nothing() -> None:
    told = [view(), view(outcome=ViewOutcome.unscored)]
    (whole, rules) = records(told, ViewBy.author)
    assert (whole.views, whole.n, whole.rate, whole.note) == (2, 0, None, "none is scored yet")
    assert rules.views == 2
    assert [each.views for each in records([], ViewBy.bias)] == [0]
