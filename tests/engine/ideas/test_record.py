"""What scored cards prove, against figures worked by hand."""

import pytest
from idea_cards import idea, plan, score

from tio.api.ideas import RecordBy
from tio.engine.ideas.record import records


def test_the_record_counts_what_was_entered_and_tells_how_sure_it_is() -> None:
    cards = [idea(score=score(r)) for r in (2.0, -1.0, 1.0, None)] + [idea()]
    whole, mine = records(cards, RecordBy.author)
    assert (whole.name, mine.name) == ("", "owner")
    assert (whole.cards, whole.n) == (4, 3)
    assert whole.hit_rate == pytest.approx(2 / 3)
    # Clopper and Pearson of 2 in 3; Student's t of 2 degrees is 4.3027, the deviation 1.5275.
    assert whole.hit_low == pytest.approx(0.0943, abs=1e-4)
    assert whole.hit_high == pytest.approx(0.9916, abs=1e-4)
    assert whole.mean_r == pytest.approx(2 / 3)
    assert whole.low_r == pytest.approx(2 / 3 - 3.7945, abs=1e-3)
    assert whole.high_r == pytest.approx(2 / 3 + 3.7945, abs=1e-3)
    assert whole.edge is None
    assert whole.note == "3 results prove nothing yet, 10 at least"


def test_people_and_the_analyst_stand_on_one_table() -> None:
    cards = [idea(score=score(1.0)), idea(author="analyst", score=score(-1.0))]
    whole, analyst, owner = records(cards, RecordBy.author)
    assert [each.name for each in (analyst, owner)] == ["analyst", "owner"]
    assert (analyst.mean_r, owner.mean_r, whole.mean_r) == (-1.0, 1.0, 0.0)
    assert analyst.low_r is None


def test_cards_are_told_apart_by_setup_symbol_and_side() -> None:
    cards = [
        idea(score=score(1.0), plans=(plan(setup="pullback"),)),
        idea(score=score(0.5), symbol="ES=F"),
        idea(score=score(None), plans=(plan("sell", "100", "105", "90"),)),
    ]
    names = {by: [each.name for each in records(cards, by)[1:]] for by in RecordBy}
    assert names[RecordBy.setup] == ["no setup", "pullback"]
    assert names[RecordBy.symbol] == ["ACME", "ES=F"]
    assert names[RecordBy.side] == ["buy", "sell"]


def test_none_entered_is_said() -> None:
    (whole, _) = records([idea(score=score(None))], RecordBy.author)
    assert (whole.n, whole.mean_r, whole.note) == (0, None, "none was entered")
    assert records([], RecordBy.author)[0].cards == 0


def test_ten_results_have_an_edge() -> None:
    whole, _ = records([idea(score=score(r)) for r in [2.0, -1.0] * 5], RecordBy.author)
    assert whole.edge is not None
    assert whole.edge.mean == 0.5
    assert whole.note == ""


def test_mean_excursions_are_of_what_was_entered() -> None:
    cards = [idea(score=score(1.0, mae=-0.5, mfe=2.0)), idea(score=score(1.0, mae=-0.1, mfe=1.0))]
    whole, _ = records(cards, RecordBy.author)
    assert whole.mean_mae == pytest.approx(-0.3)
    assert whole.mean_mfe == 1.5
