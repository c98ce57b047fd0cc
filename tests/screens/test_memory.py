"""Settings of the screens stand over the file's."""

import pytest

from tio.api.system import Setting
from tio.screens.memory import ONLY, Memory
from tio.screens.widgets.chart_moves import TYPES
from tio.screens.widgets.chart_picture import SCALES


def test_what_the_screen_remembers_wins_over_the_file() -> None:
    memory = Memory({"ui.theme": "light"})
    assert (memory.now("ui.theme"), memory.origin("ui.theme")) == ("light", "file")
    memory.take([Setting("ui.theme", '"colour-blind"')])
    assert (memory.now("ui.theme"), memory.origin("ui.theme")) == ("colour-blind", "screen")
    memory.forget("ui.theme")
    assert memory.now("ui.theme") == "light"


def test_a_remembered_value_that_is_no_choice_counts_for_nothing() -> None:
    memory = Memory({"ui.theme": "dark"})
    memory.take([Setting("ui.theme", '"plaid"'), Setting("ui.flash", "{not json")])
    assert (memory.now("ui.theme"), memory.origin("ui.theme")) == ("dark", "default")
    assert memory.now("ui.flash") == "on"


@pytest.mark.parametrize(("key", "choices"), list(ONLY.items()))
def test_what_is_no_choice_is_not_recalled(key: str, choices: tuple[str, ...]) -> None:
    memory = Memory({})
    memory.take([Setting(key, '"\\u001b[2Jnope"')])
    assert memory.now(key, choices[0]) == choices[0]
    memory.take([Setting(key, f'"{choices[-1]}"')])
    assert memory.now(key, choices[0]) == choices[-1]


def test_the_chart_turns_through_what_can_be_recalled() -> None:
    assert (TYPES, tuple(SCALES)) == (ONLY["chart.type"], ONLY["chart.scale"])


def test_a_remembered_text_steers_nothing_and_keeps_its_lines() -> None:
    memory = Memory({})
    memory.take([Setting("command.history", '"GP\\u001b]0;x\\u0007\\nCFG"')])
    assert memory.now("command.history") == "GP]0;x\nCFG"
