"""ASK: a chat at every size, what keys ask of the engine, what streams in, what is opened."""

from typing import Any

import pytest
from msgspec.structs import replace
from talk_scene import (
    ANSWER,
    ASKED_MORE,
    BRIEF,
    CITED,
    MESSAGES,
    OTHER,
    QUESTION,
    REPORT,
    WRITING,
)
from talking import SOURCE, app, asked, engine, see, there
from textual.pilot import Pilot
from waiting import at_rest, seen, until

from tio.api.chat_events import ChatEvents, MessageWritten, TextAdded
from tio.api.chats import (
    Ask,
    BranchChat,
    Chip,
    ChipKind,
    ConfirmProposal,
    DeleteChat,
    DismissProposal,
    GetChat,
    GetSource,
    ListChats,
    RenameChat,
    StartChat,
    StopAnswer,
    ToolUse,
)
from tio.api.errors import Conflict
from tio.screens.analyst import AnalystScreen, AskLine
from tio.screens.chat_source import SourceScreen
from tio.screens.talk import TalkPane
from tio.screens.widgets.talk_lines import Fold

SIZES = [(60, 20), (80, 24), (120, 40), (200, 60)]


async def test_the_newest_chat_stands_with_what_its_figures_stand_on() -> None:
    fake = engine(QUESTION, ANSWER)
    async with app(fake).run_test(size=(140, 50)) as pilot:
        await there(pilot)
        for words in (
            "How does AAPL stand?",
            "AI small",
            "▸ GetQuotes AAPL · 1 item · 12 ms",
            "no source knows APPL",
            "187.20¹, above its average",
            "231.37 unverified",
            "2 of 3 figures verified",
            "33% of its figures are unverified",
            "proposes SaveWatchlist: name tech, symbols AAPL",
            "1,204 tokens read, 88 written",
            "▸ what the rules said meanwhile",
            "↳ Risk of main",
        ):
            await see(pilot, words)


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_shows_the_end_of_the_talk_and_the_line_to_ask_in(
    size: tuple[int, int],
) -> None:
    async with app(engine(*MESSAGES, ASKED_MORE, WRITING)).run_test(size=size) as pilot:
        await there(pilot)
        await see(pilot, "And now?")
        await see(pilot, "Ask, or / for commands")


async def test_an_answer_streams_in_and_stays_in_sight() -> None:
    fake = engine(*MESSAGES, ASKED_MORE, WRITING)
    async with app(fake).run_test(size=(100, 24)) as pilot:
        talk = await there(pilot)
        await see(pilot, "AI qwen3")
        for word in ("One ", "two ", "three."):
            fake.push(ChatEvents, (TextAdded(message=WRITING.id, text=word),))
        await see(pilot, "One two three.")
        assert talk.writing is not None
        done = replace(ANSWER, id=WRITING.id, text="Done.", grounded=None)
        fake.push(ChatEvents, (MessageWritten(message=done),))
        await see(pilot, "Done.")
        assert talk.writing is None
        assert len(asked(fake, ListChats)) >= 2


async def test_a_question_is_asked_with_the_symbol_one_looks_at() -> None:
    fake = engine()
    async with app(fake).run_test(size=(120, 40)) as pilot:
        await there(pilot)
        await see(pilot, "Levels")
        await pilot.press("a", *"why?", "enter")
        await until(pilot, lambda: bool(asked(fake, Ask)))
        (ask,) = asked(fake, Ask)
        assert (ask.question, ask.chat) == ("why?", "c7")
        assert ask.context == (Chip(kind=ChipKind.symbol, about="AAPL"),)
        await pilot.press("up")
        assert pilot.app.screen.query_one(AskLine).value == "why?"


async def test_the_first_question_begins_a_chat() -> None:
    fake = engine(QUESTION, chats=())
    async with app(fake).run_test(size=(120, 40)) as pilot:
        await there(pilot)
        await see(pilot, "why did AAPL move today?")
        await pilot.press("a", *"hello there", "enter")
        await until(pilot, lambda: bool(asked(fake, Ask)))
        assert asked(fake, StartChat) == [StartChat("hello there")]
        assert asked(fake, Ask)[0].chat == "c8"


async def test_a_question_that_is_refused_is_not_lost() -> None:
    fake = engine()
    fake.answers[Ask] = Conflict("c7 is being answered", "wait for it")
    async with app(fake).run_test(size=(120, 40)) as pilot:
        await there(pilot)
        await see(pilot, "Levels")
        await pilot.press("a", *"why?", "enter")
        await see(pilot, "C7 is being answered")
        assert pilot.app.screen.query_one(AskLine).value == "why?"


async def test_a_question_of_the_command_line_is_asked_here() -> None:
    fake = engine()
    async with app(fake).run_test(size=(120, 40)) as pilot:
        await there(pilot)
        await pilot.press("1", "colon", *"how is it?", "enter")
        await until(pilot, lambda: bool(asked(fake, Ask)))
        assert isinstance(pilot.app.screen, AnalystScreen)
        assert asked(fake, Ask)[0].question == "how is it?"


async def test_what_one_stands_on_is_taken_along_from_another_screen() -> None:
    fake = engine()
    async with app(fake).run_test(size=(120, 40)) as pilot:
        await there(pilot)
        await pilot.press("1")
        await at_rest(pilot)
        await pilot.press("at")
        await see(pilot, "goes with your next question")
        await pilot.press("8")
        await see(pilot, " with AAPL")
        await pilot.press("a", *"so?", "enter")
        await until(pilot, lambda: bool(asked(fake, Ask)))
        assert asked(fake, Ask)[0].context[0].about == "AAPL"
        assert pilot.app.chips == ()  # type: ignore[attr-defined]


async def line_with(pilot: Pilot[None], talk: TalkPane, kind: Any) -> None:
    """The cursor to the first line that has such a thing."""
    await pilot.press("home")
    for _ in range(200):
        if any(isinstance(each, kind) for each in talk.things):
            return
        await pilot.press("down")
    raise AssertionError(f"no line with {kind}")


async def test_a_figure_opens_its_source_at_the_value_cited() -> None:
    fake = engine(QUESTION, ANSWER)
    async with app(fake).run_test(size=(120, 40)) as pilot:
        talk = await there(pilot)
        await see(pilot, "figures verified")
        await line_with(pilot, talk, type(CITED[0]))
        await pilot.press("y")
        await see(pilot, "[AAPL].last 187.2 · cboe as of 2026-11-20T14:02:00+00:00")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, SourceScreen))
        assert asked(fake, GetSource) == [GetSource("c7", "r1")]
        await see(pilot, "› [AAPL].last  187.2")
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, AnalystScreen)


async def test_a_figure_of_a_report_opens_the_report() -> None:
    fake = engine(BRIEF)
    fake.answers[GetSource] = replace(SOURCE, result="r2", word="Brief", answer='{"a": "188.9"}')
    async with app(fake).run_test(size=(120, 40)) as pilot:
        talk = await there(pilot)
        await see(pilot, "Prior day high 188.90.")
        await see(pilot, REPORT.advice)
        await pilot.press("end", "up", "up", "up")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, SourceScreen))
        await see(pilot, "› a  188.9")
        assert talk.message == BRIEF


async def test_a_proposal_is_done_only_when_the_person_says_yes() -> None:
    fake = engine(QUESTION, ANSWER)
    async with app(fake).run_test(size=(120, 40)) as pilot:
        talk = await there(pilot)
        await see(pilot, "proposes SaveWatchlist")
        await line_with(pilot, talk, type(ANSWER.proposals[0]))
        await pilot.press("enter")
        await see(pilot, "Do it? y or n")
        await pilot.press("n", "enter")
        assert not asked(fake, ConfirmProposal)
        await pilot.press("enter")
        await pilot.press("y", "enter")
        await until(pilot, lambda: bool(asked(fake, ConfirmProposal)))
        assert asked(fake, ConfirmProposal) == [ConfirmProposal("c7", "m2", "p1")]
        await pilot.press("x")
        await until(pilot, lambda: bool(asked(fake, DismissProposal)))


async def test_what_is_folded_unfolds() -> None:
    async with app(engine(QUESTION, ANSWER)).run_test(size=(120, 50)) as pilot:
        talk = await there(pilot)
        await see(pilot, "thought, 20 characters")
        await line_with(pilot, talk, ToolUse)
        while talk.thing != Fold("m2", "thinking"):
            await pilot.press("down")
        await pilot.press("enter")
        await see(pilot, "Let me look that up.")


async def test_a_model_is_named_in_short_and_whole_when_opened() -> None:
    note = "openai:http://127.0.0.1:8080/v1#small answers: ollama:qwen3:4b: busy."
    fake = engine(QUESTION, replace(ANSWER, notes=(note,)))
    async with app(fake).run_test(size=(120, 50)) as pilot:
        talk = await there(pilot)
        await see(pilot, "small answers: qwen3:4b: busy.")
        assert "127.0.0.1" not in seen(pilot)
        await line_with(pilot, talk, Fold)
        await pilot.press("enter")
        await see(pilot, "AI openai:http://127.0.0.1:8080/v1#small")
        await see(pilot, note)


async def test_escape_stops_the_answer_being_written() -> None:
    fake = engine(*MESSAGES, ASKED_MORE, WRITING)
    async with app(fake).run_test(size=(120, 40)) as pilot:
        await there(pilot)
        await see(pilot, "esc stops")
        await pilot.press("escape")
        await until(pilot, lambda: asked(fake, StopAnswer) == [StopAnswer("c7")])
        await pilot.press("a", "escape")
        await until(pilot, lambda: len(asked(fake, StopAnswer)) == 2)


async def test_chats_are_found_renamed_deleted_and_branched() -> None:
    fake = engine(QUESTION, ANSWER)
    async with app(fake).run_test(size=(140, 40)) as pilot:
        talk = await there(pilot)
        await see(pilot, "figures verified")
        await pilot.press("b")
        await until(pilot, lambda: asked(fake, BranchChat) == [BranchChat("c7", "m2")])
        await see(pilot, "A new chat that begins as c7 up to m2.")
        assert talk.chat == OTHER
        await pilot.press("escape", "f", *"risk", "enter")
        await see(pilot, "the «risk» of it")
        await pilot.press("enter")
        await until(pilot, lambda: bool(asked(fake, GetChat)))
        await pilot.press("a", *"/search risk", "enter")
        await pilot.press("escape")
        await see(pilot, "How does AAPL")
        await pilot.press("t")
        await pilot.press("!", "enter")
        await until(pilot, lambda: bool(asked(fake, RenameChat)))
        await pilot.press("delete", *"y", "enter")
        await until(pilot, lambda: bool(asked(fake, DeleteChat)))


async def test_a_chat_is_written_to_a_file(tmp_path: Any) -> None:
    fake = engine()
    async with app(fake).run_test(size=(120, 40)) as pilot:
        await there(pilot)
        await see(pilot, "Levels")
        await pilot.press("w")
        await at_rest(pilot)
        await pilot.press(*("backspace",) * 5)
        for letter in str(tmp_path / "talk.md"):
            await pilot.press(
                "slash" if letter == "/" else "full_stop" if letter == "." else letter
            )
        await pilot.press("enter")
        await until(pilot, lambda: (tmp_path / "talk.md").exists())
        assert (tmp_path / "talk.md").read_text() == "# talk"


async def test_commands_are_told_while_they_are_typed() -> None:
    async with app(engine()).run_test(size=(120, 40)) as pilot:
        await there(pilot)
        await pilot.press("a", *"/comp")
        await see(pilot, "/compare SYMBOL SYMBOL …: two to eight symbols side by side")
        await pilot.press("right")
        assert pilot.app.screen.query_one(AskLine).value == "/compare"


async def test_narrow_terminals_show_the_list_in_place_of_the_talk() -> None:
    async with app(engine()).run_test(size=(80, 24)) as pilot:
        await there(pilot)
        await see(pilot, "Levels")
        await pilot.press("c")
        await see(pilot, "Risk of main")
        await pilot.press("enter")
        await see(pilot, "Levels")
