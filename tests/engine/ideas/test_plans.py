"""Plans as they are told: horizons, the way to the entry, what a change keeps."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from idea_cards import AT, plan

from tio.api.errors import Invalid
from tio.api.ideas import Evidence, SaveIdea
from tio.api.market import Side
from tio.api.orders import OrderType
from tio.engine.ideas.plans import changed_plan, due_of, entry_type, plan_of

D = Decimal


@pytest.mark.parametrize(
    ("told", "span"),
    [
        ("30min", timedelta(minutes=30)),
        ("8h", timedelta(hours=8)),
        (" 10D ", timedelta(days=10)),
        ("3 w", timedelta(days=21)),
        ("2mo", timedelta(days=60)),
    ],
)
def test_a_horizon_is_a_time_from_now(told: str, span: timedelta) -> None:
    assert due_of(told, AT) == AT + span


def test_a_date_ends_at_its_midnight() -> None:
    assert due_of("2027-01-15", AT) == datetime(2027, 1, 15, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("told", ["", "soon", "10", "-3d", "5min", "40mo", "2026-11-19", "1.5d"])
def test_what_is_no_horizon_is_refused(told: str) -> None:
    with pytest.raises(Invalid, match="horizon"):
        due_of(told, AT)


@pytest.mark.parametrize(
    ("side", "entry", "price", "kind"),
    [
        (Side.buy, "100", "104", OrderType.limit),
        (Side.buy, "100", "100", OrderType.limit),
        (Side.buy, "100", "97", OrderType.stop),
        (Side.sell, "100", "97", OrderType.limit),
        (Side.sell, "100", "104", OrderType.stop),
    ],
)
def test_the_price_of_now_tells_the_way_to_the_entry(
    side: Side, entry: str, price: str, kind: OrderType
) -> None:
    assert entry_type(side, D(entry), D(price)) is kind
    assert entry_type(side, D(entry), None) is None


def test_a_change_keeps_the_end_of_a_horizon_told_the_same_way() -> None:
    was = plan()
    later = plan(at=AT + timedelta(days=1), due=was.due + timedelta(days=1))
    assert changed_plan(was, later).due == was.due
    other = plan(at=AT + timedelta(days=1), due=was.due + timedelta(days=5), horizon="14d")
    assert changed_plan(was, other).due == other.due


def test_texts_are_cleaned_and_times_carry_a_zone() -> None:
    def card(**rest: object) -> SaveIdea:
        told: dict[str, object] = {
            "portfolio": "main",
            "symbol": "ACME",
            "side": Side.buy,
            "thesis": " it\x1b[31m holds ",
            "entry": D(100),
            "stop": D(95),
        }
        return SaveIdea(**told | rest)  # type: ignore[arg-type]

    made = plan_of(card(setup=" dip "), D(104), AT)
    assert "\x1b" not in made.thesis
    assert made.setup == "dip"
    with pytest.raises(Invalid, match="as_of must carry a zone"):
        plan_of(card(evidence=(Evidence(text="a", as_of=AT.replace(tzinfo=None)),)), None, AT)
    with pytest.raises(Invalid, match="the entry is a price above zero"):
        plan_of(card(entry=D("NaN")), None, AT)
