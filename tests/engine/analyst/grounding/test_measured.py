"""The measure of grounding: made-up answers over recorded and made-up data, figure by figure."""

import pytest
from answer_scenes import Scene, made_scene, recorded_scene
from answer_templates import SEEN
from answer_templates_held import HELD
from answer_templates_more import MORE
from answer_templates_once_held import ONCE_HELD
from grounding_measure import measure

pytestmark = pytest.mark.slow

TUNED = SEEN + MORE + ONCE_HELD


@pytest.fixture(scope="module")
def recorded() -> Scene:
    return recorded_scene()


@pytest.fixture(scope="module")
def made() -> Scene:
    return made_scene()


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
