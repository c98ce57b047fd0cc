"""Actions are declared once; their keys never clash."""

from itertools import combinations

import pytest

from tio.api.errors import Misconfigured
from tio.screens.actions import ACTIONS, BY_ID, CODES, keymap, keys_of


def test_no_two_actions_that_meet_share_a_key() -> None:
    for one, other in combinations(ACTIONS, 2):
        if one.scope == other.scope or "app" in (one.scope, other.scope):
            shared = set(one.keys.split(",")) & set(other.keys.split(",")) - {""}
            assert not shared, f"{one.id} and {other.id} share {shared}"


def test_h_j_k_l_only_ever_move() -> None:
    for action in ACTIONS:
        for key, arrow in zip("hjkl", ("left", "down", "up", "right"), strict=True):
            if key in action.keys.split(","):
                assert arrow in action.keys.split(",")


def test_capital_letters_stay_free_for_the_command_line() -> None:
    for action in ACTIONS:
        assert not any(len(key) == 1 and key.isupper() for key in action.keys.split(","))


def test_every_action_has_an_id_of_its_own_and_every_code_one_action() -> None:
    assert len(BY_ID) == len(ACTIONS)
    assert set(CODES) == {
        "W",
        "GP",
        "LOG",
        "HOURS",
        "FEED",
        "DES",
        "TA",
        "CFG",
        "HELP",
        "PORT",
        "RISK",
        "CORR",
        "ORDERS",
        "BUY",
        "SELL",
        "IDEA",
        "JRNL",
        "ASK",
        "BRIEF",
        "WHY",
        "CMP",
        "MORN",
        "REVIEW",
        "AS-OF",
        "NOW",
        "BLIND",
        "REVEAL",
    }


def test_a_key_can_be_rebound() -> None:
    changed = keymap({"chart.zoom_in": ["z", "plus"]})
    assert changed == {"chart.zoom_in": "z,plus"}
    assert keys_of(BY_ID["chart.zoom_in"], changed) == ("z", "+")


def test_a_clash_names_both_actions_and_the_key() -> None:
    with pytest.raises(Misconfigured) as refused:
        keymap({"chart.zoom_in": "q"})
    for word in ("chart.zoom_in", "app.quit", "'q'"):
        assert word in refused.value.message


def test_two_panes_may_use_the_same_key() -> None:
    assert keymap({"log.filter": "plus"}) == {"log.filter": "plus"}


def test_a_key_given_away_is_free_again() -> None:
    assert keymap({"app.quit": "ctrl+q", "chart.volume.turn": "q"})


def test_an_unknown_action_is_told_with_the_nearest() -> None:
    with pytest.raises(Misconfigured, match=r"did you mean 'chart\.zoom_in'"):
        keymap({"chart.zoomin": "z"})
