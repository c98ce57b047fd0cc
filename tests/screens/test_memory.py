"""Settings of the screens stand over the file's."""

from tio.api.system import Setting
from tio.screens.memory import Memory


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
