"""A card's form: its lines, presets, and the card it comes to."""

import pytest
from idea_cards import D, idea, plan
from paper_orders import TICKET

from tio.api.errors import Invalid
from tio.api.ideas import Evidence
from tio.api.market import Side
from tio.screens.idea_form import IdeaForm, card_asked, evidence_in, form_of


def test_a_form_of_a_card_says_what_the_card_does() -> None:
    facts = (Evidence(text="a", figure="1"), Evidence(text="b"))
    card = idea(plans=(plan(invalidation="97", quantity=D(5), evidence=facts, setup="dip"),))
    form = form_of(card)
    assert form.text("entry") == "100"
    assert form.text("target") == "110"
    assert form.text("quantity") == "5"
    assert form.text("invalidation") == "97"
    asked = card_asked(form, "main", "ACME", TICKET)
    assert (asked.id, asked.quantity, asked.risk_percent) == ("i1", D(5), None)
    assert (asked.evidence, asked.setup) == (facts, "dip")
    # Prices are those the engine sized it by.
    assert (asked.entry, asked.stop) == (D("187.20"), D(181))


@pytest.mark.parametrize(
    ("risk", "money", "percent"), [("500", D(500), None), ("0.5%", None, D("0.5"))]
)
def test_a_risk_is_money_or_percent(risk: str, money: object, percent: object) -> None:
    asked = card_asked(IdeaForm().written("risk", risk), "main", "ACME", TICKET)
    assert asked.risk == money
    assert asked.risk_percent == percent
    assert asked.quantity is None


def test_a_card_always_has_a_stop() -> None:
    form = IdeaForm()
    seen = set()
    for _ in range(10):
        form = form.stepped("stop", 1)
        seen.add(form.text("stop"))
    assert "none" not in seen
    assert len(seen) > 3
    with pytest.raises(Invalid, match="an idea has a stop"):
        form.written("stop", "none")
    with pytest.raises(Invalid, match="is no price"):
        form.written("invalidation", "low")


def test_presets_go_round_and_texts_have_none() -> None:
    form = IdeaForm()
    assert form.stepped("horizon", 1).horizon == "3w"
    assert form.stepped("horizon", -1).horizon == "5d"
    assert form.stepped("thesis", 1) is form
    assert form.turned().ticket.side is Side.sell


def test_evidence_is_read_piece_by_piece() -> None:
    assert evidence_in(" a | 1 | b ; c ;; ") == (
        Evidence(text="a", figure="1", source="b"),
        Evidence(text="c"),
    )
    assert evidence_in("") == ()


def test_without_prices_there_is_no_card_yet() -> None:
    with pytest.raises(Invalid, match="is not known yet"):
        card_asked(IdeaForm(), "main", "ACME", None)
