"""ASK: which model is asked, what a click opens, what goes on while an answer streams in."""

import pytest
from msgspec.structs import replace
from talk_scene import ANSWER, ASKED_MORE, MESSAGES, QUESTION, WRITING
from talking import app, asked, engine, see, there
from textual.pilot import Pilot
from waiting import at_rest, seen, until

from tio.api.chat_events import ChatEvents, MessageWritten, TextAdded
from tio.api.chats import Ask, GetSource
from tio.api.models import RULES, ModelKind, ModelStanding, ModelState, ModelStates
from tio.continued import ContinuedWatch
from tio.screens.analyst import AskLine
from tio.screens.chat_source import SourceScreen
from tio.screens.talk import TalkPane
from tio.screens.widgets.talk_lines import Fold
from tio.wire.gone import EngineGone

from fakes import FakeEngine

SMALL = "openai:http://127.0.0.1:8080/v1#small"


def model(name: str, state: ModelStanding, reason: str = "") -> ModelState:
    kind = ModelKind(name.partition(":")[0])
    return ModelState(name=name, kind=kind, model=name, state=state, reason=reason)


RULES_ALONE = (model(RULES, ModelStanding.ready),)
MODELS = (
    model(SMALL, ModelStanding.unreachable, f"{SMALL}: no connection"),
    model("ollama:qwen3", ModelStanding.ready),
    *RULES_ALONE,
)


def with_models(*models: ModelState, fake: FakeEngine | None = None) -> FakeEngine:
    fake = fake or engine(chats=())
    fake.topics[ModelStates] = models
    return fake


async def test_an_empty_talk_says_who_answers_and_why_nobody_before() -> None:
    async with app(with_models(*MODELS)).run_test(size=(120, 40)) as pilot:
        await there(pilot)
        await see(pilot, "small cannot answer · unreachable: no connection")
        await see(pilot, "qwen3 answers · ready")


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_without_a_model_rules_answer_and_the_way_to_one_is_told(
    size: tuple[int, int],
) -> None:
    async with app(with_models(*RULES_ALONE)).run_test(size=size) as pilot:
        await there(pilot)
        await see(pilot, "rules answer: no model is set")
        await see(pilot, "tio config edit")


async def test_a_question_goes_to_the_model_chosen_until_it_is_auto_again() -> None:
    fake = with_models(*MODELS, fake=engine())
    async with app(fake).run_test(size=(140, 40)) as pilot:
        talk = await there(pilot)
        await see(pilot, "Levels")
        await until(pilot, lambda: talk.models)
        await pilot.press("m", *"sm")
        await pilot.press("right")
        assert pilot.app.screen.query_one(AskLine).value == "/model small"
        await pilot.press("enter")
        await see(pilot, "asks small alone")
        await pilot.press(*"why?", "enter")
        await until(pilot, lambda: bool(asked(fake, Ask)))
        assert asked(fake, Ask)[-1].model == SMALL
        await pilot.press(*"/model nobody", "enter")
        await see(pilot, "No model is named 'nobody'; there is auto, small, qwen3, rules.")
        await pilot.press(*"/model auto", "enter")
        await see(pilot, "Models are asked in order")
        assert "asks small alone" not in seen(pilot)
        await pilot.press(*"and now?", "enter")
        await until(pilot, lambda: len(asked(fake, Ask)) == 2)
        assert asked(fake, Ask)[-1].model == ""


async def clicked(pilot: Pilot[None], talk: TalkPane, words: str) -> None:
    """Click the middle of these words in the talk."""
    await see(pilot, words)
    lines = seen(pilot).split("\n")
    y = next(y for y, line in enumerate(lines) if words in line[talk.region.x :])
    x = lines[y].index(words, talk.region.x) + len(words) // 2
    assert await pilot.click(offset=(x, y))


async def test_a_click_opens_a_figures_source_and_unfolds_what_is_folded() -> None:
    fake = engine(QUESTION, ANSWER)
    async with app(fake).run_test(size=(130, 50)) as pilot:
        talk = await there(pilot)
        await clicked(pilot, talk, "thought, 20 characters")
        await see(pilot, "Let me look that up.")
        assert talk.thing == Fold("m2", "thinking")
        await clicked(pilot, talk, "above its average")
        await at_rest(pilot)
        assert not asked(fake, GetSource)
        await clicked(pilot, talk, "187.20¹")
        await until(pilot, lambda: isinstance(pilot.app.screen, SourceScreen))
        assert asked(fake, GetSource) == [GetSource("c7", "r1")]


def added(text: str) -> tuple[TextAdded, ...]:
    return (TextAdded(message=WRITING.id, text=text),)


async def test_other_sizes_and_themes_keep_an_answer_that_streams_in_sight() -> None:
    fake = engine(*MESSAGES, ASKED_MORE, WRITING)
    async with app(fake).run_test(size=(120, 40)) as pilot:
        talk = await there(pilot)
        await until(pilot, lambda: talk.writing is not None)
        for number, size in enumerate([(60, 20), (200, 60), (80, 24)]):
            fake.push(ChatEvents, added(f"Part {number} goes on and on. " * 20))
            await pilot.resize_terminal(*size)
            await see(pilot, f"Part {number} goes on")
            assert talk.max_scroll_y - talk.scroll_offset.y <= 1
        for theme in ("light", "16-colours", "dark"):
            pilot.app.memory.kept["ui.theme"] = theme  # type: ignore[attr-defined]
            pilot.app.dress()  # type: ignore[attr-defined]
            fake.push(ChatEvents, added(f"\n\nIn {theme}."))
            await see(pilot, f"In {theme}.")


async def test_a_place_one_reads_stays_while_an_answer_streams_below() -> None:
    fake = engine(*MESSAGES, ASKED_MORE, WRITING)
    async with app(fake).run_test(size=(120, 24)) as pilot:
        talk = await there(pilot)
        await until(pilot, lambda: talk.writing is not None)
        await pilot.press("home", "right_square_bracket", "down")
        before = await at_rest(pilot)
        fake.push(ChatEvents, added("More and more. " * 200))
        await until(pilot, lambda: talk.virtual_size.height > 60)
        await at_rest(pilot)
        assert talk.scroll_offset.y == 0
        # The scrollbar alone moves.
        now = seen(pilot)
        for line, was in zip(now.split("\n")[2:8], before.split("\n")[2:8], strict=True):
            assert line[:-3] == was[:-3]
        await pilot.resize_terminal(90, 24)
        await at_rest(pilot)
        assert talk.message is not None
        assert talk.message.id == "m2"


async def test_an_answer_is_there_in_whole_when_one_comes_back_to_the_tab() -> None:
    fake = engine(*MESSAGES, ASKED_MORE, WRITING)
    async with app(fake).run_test(size=(120, 40)) as pilot:
        await there(pilot)
        await see(pilot, "AI qwen3")
        fake.push(ChatEvents, added("It was said before. "))
        await see(pilot, "It was said before.")
        await pilot.press("1")
        await until(pilot, lambda: not any(isinstance(t, ChatEvents) for t in fake.watching))
        told = (*MESSAGES, ASKED_MORE, replace(WRITING, text="It was said before. And since."))
        fake.topics[ChatEvents] = tuple(MessageWritten(message=each) for each in told)
        await pilot.press("8")
        await see(pilot, "It was said before. And since.")
        fake.push(ChatEvents, added(" And now."))
        await see(pilot, "And since. And now.")


class Moving(FakeEngine):
    """An engine whose watches go on at the next one, as those of a connection do."""

    def __init__(self, first: FakeEngine, second: FakeEngine) -> None:
        super().__init__(first.answers)
        self.engines = [first, second]

    async def present(self) -> FakeEngine:
        return self.engines[0]

    def missing(self, engine: object, /) -> None:
        self.engines = [each for each in self.engines if each is not engine]

    def watch(self, topic: object, /, *, after: object = None) -> ContinuedWatch:  # type: ignore[override, type-arg]
        return ContinuedWatch(self, topic, after, set())  # type: ignore[arg-type]


async def test_an_engine_that_hands_over_leaves_one_answer_on_the_screen() -> None:
    first, second = (engine(*MESSAGES, ASKED_MORE, WRITING) for _ in range(2))
    over = replace(ANSWER, id=WRITING.id, text="It was interrupted in the middle.", grounded=None)
    told = (*MESSAGES, ASKED_MORE, over)
    second.topics[ChatEvents] = tuple(MessageWritten(message=each) for each in told)
    async with app(Moving(first, second)).run_test(size=(120, 40)) as pilot:
        talk = await there(pilot)
        await see(pilot, "AI qwen3")
        first.push(ChatEvents, added("Half of an answer"))
        await see(pilot, "Half of an answer")
        for topic in {type(each) for each in first.watching}:
            first.push(topic, EngineGone("it left"))
        await see(pilot, "It was interrupted in the middle.")
        assert "Half of an answer" not in seen(pilot)
        assert talk.writing is None
        assert len(talk.heard.messages) == len(told)
