"""The measure of grounding: made-up answers over recorded and made-up data, figure by figure."""

import pytest
from answer_scenes import Scene, made_scene, recorded_scene
from answer_scenes_other import other_scene
from answer_slots_other import more_slots
from answer_templates import SEEN
from answer_templates_fifth import FIFTH
from answer_templates_fourth import FOURTH
from answer_templates_held import HELD
from answer_templates_more import MORE
from answer_templates_once_held import ONCE_HELD
from answer_templates_sixth import SIXTH
from answer_templates_third import THIRD
from grounding_measure import measure
from spoiled_figures import LATER

pytestmark = pytest.mark.slow

TUNED = SEEN + MORE + ONCE_HELD


@pytest.fixture(scope="module")
def recorded() -> Scene:
    return recorded_scene()


@pytest.fixture(scope="module")
def made() -> Scene:
    return made_scene()


@pytest.fixture(scope="module")
def other() -> Scene:
    return other_scene()


def test_wrong_figures_over_recorded_data_are_caught(recorded: Scene) -> None:
    found = measure(TUNED, recorded, 1, "tuned")

    print(found.table())
    assert found.answers >= 300
    assert found.caught >= 0.993
    assert found.flagged <= 0.01


def test_wrong_figures_over_made_up_data_are_caught(made: Scene) -> None:
    found = measure(TUNED, made, 1, "tuned")

    print(found.table())
    assert found.answers >= 300
    assert found.caught >= 0.993
    assert found.flagged <= 0.01


# Wordings held back until their misses were looked at, by class, and the recognisers made wider.


def test_wrong_figures_in_wordings_once_held_back_are_caught(recorded: Scene) -> None:
    found = measure(HELD, recorded, 3, "held")

    print(found.table())
    assert found.answers >= 200
    assert found.caught >= 0.99
    assert found.flagged <= 0.02


def test_wrong_figures_in_wordings_once_held_back_over_made_up_data_are_caught(
    made: Scene,
) -> None:
    found = measure(HELD, made, 3, "held")

    print(found.table())
    assert found.answers >= 200
    assert found.caught >= 0.99
    assert found.flagged <= 0.02


def test_wrong_figures_in_the_third_wordings_are_caught(other: Scene) -> None:
    """Before it was tuned on: 96.5 % caught, 14.8 % flagged."""
    found = measure(THIRD, other, 2, "third", LATER, more_slots)

    print(found.table())
    assert found.answers >= 1_000
    assert found.caught >= 0.99
    assert found.flagged <= 0.03


def test_wrong_figures_in_the_fourth_wordings_are_caught(other: Scene) -> None:
    """Before it was tuned on: 99.5 % caught, 6.8 % flagged."""
    found = measure(FOURTH, other, 3, "fourth", LATER, more_slots)

    print(found.table())
    assert found.answers >= 800
    assert found.caught >= 0.99
    assert found.flagged <= 0.02


def test_wrong_figures_in_the_fifth_wordings_are_caught(other: Scene) -> None:
    """Before it was tuned on: 99.9 % caught, 8.3 % flagged."""
    found = measure(FIFTH, other, 3, "fifth", LATER, more_slots)

    print(found.table())
    assert found.answers >= 600
    assert found.caught >= 0.99
    assert found.flagged <= 0.03


# Wordings nobody tuned on: 99.5 % caught, none flagged. Odder ones may fare as the fifth did once.


def test_wrong_figures_in_unknown_wordings_are_caught(other: Scene) -> None:
    found = measure(SIXTH, other, 3, "sixth", LATER, more_slots)

    print(found.table())
    assert found.answers >= 400
    assert found.caught >= 0.99
    assert found.flagged <= 0.03
