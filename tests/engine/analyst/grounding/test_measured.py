"""The measure of grounding: made-up answers over recorded and made-up data, figure by figure."""

import pytest
from answer_scenes import Scene, made_scene, recorded_scene
from answer_templates import SEEN
from answer_templates_held import HELD
from answer_templates_more import MORE
from grounding_measure import measure

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def recorded() -> Scene:
    return recorded_scene()


@pytest.fixture(scope="module")
def made() -> Scene:
    return made_scene()


def test_wrong_figures_over_recorded_data_are_caught(recorded: Scene) -> None:
    found = measure(SEEN + MORE, recorded, 1, "seen")

    print(found.table())
    assert found.answers >= 300
    assert found.caught >= 0.99
    assert found.flagged <= 0.03


def test_wrong_figures_over_made_up_data_are_caught(made: Scene) -> None:
    found = measure(SEEN + MORE, made, 1, "seen")

    print(found.table())
    assert found.caught >= 0.99
    assert found.flagged <= 0.03


def test_answers_held_back_from_tuning_are_judged_as_well(recorded: Scene) -> None:
    found = measure(HELD, recorded, 2, "held")

    print(found.table())
    assert found.answers >= 280
    assert found.caught >= 0.98
    assert found.flagged <= 0.075


def test_answers_held_back_are_judged_as_well_over_made_up_data(made: Scene) -> None:
    found = measure(HELD, made, 2, "held")

    print(found.table())
    assert found.caught >= 0.98
    assert found.flagged <= 0.075
