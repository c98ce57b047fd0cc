"""Whatever a model, a tool or a chat says, the talk stays within its borders and steers nothing."""

import json

import pytest
from hostile_texts import HOSTILE
from injected_texts import INJECTED
from msgspec.structs import replace
from spoken_screen import PAYLOADS, heard, hearing, judge
from talk_scene import ANSWER, AT, BRIEF, CHAT, CITED, LOST, QUESTION, REPORT, WRITING
from talking import app, engine, see, there
from textual.pilot import Pilot
from waiting import at_rest, until

from tio.api.chat_events import Answers, ChatEvents, Noted, TextAdded, ThinkingAdded, ToolUsed
from tio.api.chats import (
    Chat,
    ChatHit,
    ChatMessage,
    Chip,
    ChipKind,
    GetSource,
    ListChats,
    SearchChats,
    Source,
    Speaker,
    ToolProposal,
    ToolUse,
)
from tio.api.grounding import Confidence, Grounded, Level
from tio.screens.chat_source import SourceScreen
from tio.screens.talk import TalkPane
from tio.screens.widgets.talk_lines import FOLDS, Fold

WIDE = (
    "漢字仮名交じり文" * 40,
    "🙂👩‍👩‍👧🏳️‍🌈" * 60,
    "e\u0301\u0302\u0303" * 90,
    "\u200b" * 5_000,
    "\ud83d half \udc00",
    "tab\tand \u2028 separators",
    "ｆｕｌｌ　ｗｉｄｔｈ " * 20,
    "العربية ثم English ثم עברית " * 12,
)
BROKEN = (
    "| a | b\n||||\n|---|---|\n| 1 |\n|\n| 漢 | \x1b[7771m | | x |\n|:-:|",
    "```\nnever closed " + "x" * 400,
    "**open *and `never\n# \n- \n1. \n>\n******\n__ __",
    "|" * 300,
    "- " * 400,
    "[@click=app.quit]quit[/] [link=https://evil.example]here[/] \\[b] [[[[ ]]]]",
)
LONG = ("x" * 1_000_000, "漢" * 300_000, "word " * 200_000, "\n" * 100_000, "`*_|" * 100_000)
RESULTS = ("no JSON \x1b[7771m", "\ud800", "[" * 5_000, "[]", "null")
TEXTS = (*PAYLOADS, *HOSTILE, *(each.text for each in INJECTED), *WIDE, *BROKEN)


def poisoned(text: str, number: int) -> tuple[ChatMessage, ChatMessage, ChatMessage]:
    """A question, an answer and a brief that say this wherever something is said."""
    short, one = text[:200] or "x", Grounded(text=text, judged=len(text))
    begins = replace(CITED[0], start=0, end=3, text=short)
    ends = replace(LOST, start=max(len(text) - 2, 0), end=len(text) + 50, text=short, why=short)
    question = replace(
        QUESTION,
        id=f"m{3 * number + 1}",
        text=text,
        chips=(Chip(kind=ChipKind.story, about=short[:120], portfolio=short[:120], text=short),),
    )
    answer = replace(
        ANSWER,
        id=f"m{3 * number + 2}",
        text=text,
        made_by=short,
        grounded=replace(one, citations=(begins,), unverified=(ends,), share=0.5),
        confidence=Confidence(level=Level.low, score=0.1, reason=short),
        calls=(
            ToolUse(id="c1", word=short, asked=text, told=text, ok=False, result="r1"),
            ToolUse(id="c2", word="GetBars", asked=text),
        ),
        proposals=(
            ToolProposal(id="p1", word=short, fields=json.dumps({short: [text, {text: None}]})),
            ToolProposal(id="p2", word=short, fields=text, outcome=text),
        ),
        notes=(text, f"openai:http://{short}#{short} answers: {short}"),
        thinking=text,
        meanwhile=one,
    )
    (section,) = REPORT.sections
    lines = (replace(section.lines[0], text=text),)
    report = replace(
        REPORT,
        headline=text,
        marks=(text,),
        advice=short,
        sections=(replace(section, title=short, lines=lines),),
    )
    return question, answer, replace(BRIEF, id=f"m{3 * number + 3}", text=short, report=report)


def framed(pilot: Pilot[None]) -> None:
    """Every line is as wide as the screen, and each border stands where it belongs."""
    width, height = pilot.app.size
    lines = pilot.app.screen._compositor.render_strips()
    assert [line.cell_length for line in lines] == [width] * height
    for pane in pilot.app.screen.query(TalkPane):
        where = pane.region
        for y in range(where.y + 1, where.bottom - 1):
            for x in (where.x, where.right - 1):
                assert lines[y].crop(x, x + 1).text == "│", lines[y].text


def unfold(talk: TalkPane) -> None:
    for message in talk.heard.messages.values():
        talk.unfold(*(Fold(message.id, part) for part in FOLDS))


async def all_of_it(pilot: Pilot[None], talk: TalkPane) -> None:
    """Read a chat from its begin to its end."""
    await pilot.press("home")
    for _ in range(3_000):
        framed(pilot)
        before = talk.scroll_offset.y
        await pilot.press("pagedown")
        if talk.scroll_offset.y == before:
            break
    framed(pilot)


@pytest.mark.parametrize("size", [(60, 20), (130, 200)])
async def test_no_text_leaves_its_place_nor_steers_the_terminal(size: tuple[int, int]) -> None:
    told = [each for number, text in enumerate(TEXTS) for each in poisoned(text, number)]
    shown = told if size[1] > 100 else told[-3 * len(BROKEN) - 3 * len(WIDE) :]
    terminal = hearing(app(engine(*shown)))
    async with terminal.run_test(size=size) as pilot:
        talk = await there(pilot)
        await until(pilot, lambda: len(talk.heard.messages) == len(shown))
        unfold(talk)
        await all_of_it(pilot, talk)
        judge(heard(terminal))
        heard(terminal).encode()


@pytest.mark.parametrize("text", LONG, ids=lambda text: f"{text[:5]!r}")
async def test_a_text_without_end_is_shown_as_far_as_it_goes(text: str) -> None:
    answer = replace(ANSWER, text=text, thinking=text, grounded=None)
    fake = engine(QUESTION, answer, replace(WRITING, id="m3"))
    async with app(fake).run_test(size=(80, 24)) as pilot:
        talk = await there(pilot)
        await until(pilot, lambda: talk.writing is not None)
        unfold(talk)
        for _ in range(3):
            fake.push(ChatEvents, (TextAdded(message="m3", text=text),))
            await at_rest(pilot)
            framed(pilot)
        await pilot.press("home", "pagedown", "end", "pageup")
        framed(pilot)


async def test_thousands_of_calls_are_folded_but_for_the_last() -> None:
    calls = tuple(replace(ANSWER.calls[0], id=f"c{n}") for n in range(5_000))
    async with app(engine(QUESTION, replace(ANSWER, calls=calls))).run_test(size=(90, 40)) as pilot:
        talk = await there(pilot)
        await see(pilot, "▸ 4,994 calls before")
        unfold(talk)
        await pilot.press("end", "home", "pagedown")
        framed(pilot)


async def test_what_streams_in_is_as_harmless_as_what_stands() -> None:
    fake = engine(QUESTION, replace(WRITING, id="m2"))
    terminal = hearing(app(fake))
    async with terminal.run_test(size=(100, 30)) as pilot:
        talk = await there(pilot)
        await until(pilot, lambda: talk.writing is not None)
        for number, text in enumerate((*PAYLOADS, *WIDE, *BROKEN)):
            call = ToolUse(id=f"c{number}", word=text[:80], asked=text, told=text, ok=True)
            fake.push(
                ChatEvents,
                (
                    Answers(message="m2", made_by=text[:80], why=text),
                    ThinkingAdded(message="m2", text=text),
                    ToolUsed(message="m2", call=call),
                    TextAdded(message="m2", text=text),
                    Noted(message="m2", text=text),
                ),
            )
            await pilot.pause(0.02)
            framed(pilot)
        await at_rest(pilot)
        judge(heard(terminal))


async def test_titles_hits_and_chips_are_text_alone() -> None:
    text = "".join(PAYLOADS)
    fake = engine()
    fake.answers[ListChats] = tuple(
        Chat(id=f"c{n}", title=each[:120], started=AT, changed=AT, as_of=AT)
        for n, each in enumerate((*PAYLOADS, *WIDE))
    )
    hit = ChatHit(chat="c3", title=text, message="m2", speaker=Speaker.analyst, at=AT, snippet=text)
    fake.answers[SearchChats] = (hit, replace(hit, title=CHAT.title, snippet=WIDE[4]))
    terminal = hearing(app(fake))
    async with terminal.run_test(size=(120, 40)) as pilot:
        await there(pilot)
        await see(pilot, "Levels")
        terminal.chips = tuple(Chip(kind=ChipKind.story, about=each[:120]) for each in PAYLOADS)
        framed(pilot)
        await pilot.press("f", *"owned", "enter")
        await see(pilot, "found: owned")
        framed(pilot)
        await pilot.press("escape", "delete")
        await see(pilot, "for good? y or n")
        await pilot.press("escape")
        judge(heard(terminal))


@pytest.mark.parametrize("answer", RESULTS, ids=lambda text: f"{text[:5]!r}")
async def test_a_result_is_shown_whatever_it_is(answer: str) -> None:
    fake = engine(QUESTION, ANSWER)
    names = {each: {each: [each, {"symbol": each, "at": 1}]} for each in PAYLOADS}
    for told in (answer, json.dumps(names)):
        fake.answers[GetSource] = Source(
            result="r1", word=PAYLOADS[0], asked=told, answer=told, at=AT
        )
        terminal = hearing(app(fake))
        async with terminal.run_test(size=(120, 40)) as pilot:
            talk = await there(pilot)
            await see(pilot, "figures verified")
            await pilot.press("home")
            while not isinstance(talk.thing, ToolUse):
                await pilot.press("down")
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, SourceScreen))
            await at_rest(pilot)
            judge(heard(terminal))
