"""`tio ask`: what is asked, how answers print to a pipe and on a terminal, exit codes."""

import io
import json

import pytest
from answered_chats import AT, CALL, REPORT, TEXT, answer, answers_with, chat, over
from shell_scene import Tio, shell

from tio.api.chat_events import Answers, ChatEvents, Reported, TextAdded, TextCut, ToolUsed
from tio.api.chats import (
    AnswerState,
    Ask,
    Chip,
    ChipKind,
    DeleteChat,
    ListChats,
    StartChat,
    ToolProposal,
)
from tio.api.errors import Conflict, Invalid, NotFound, SourceUnavailable, TioError
from tio.commands import questions
from tio.commands.ask import chat_ids
from tio.paths import Paths

from fakes import FakeEngine


@pytest.fixture
def engine() -> FakeEngine:
    made = FakeEngine({StartChat: chat(), DeleteChat: chat()}, {ChatEvents: ()})
    made.answers[Ask] = answers_with(made, over(answer()))
    return made


@pytest.fixture
def tio(
    engine: FakeEngine, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Tio:
    return shell(engine, capfd, monkeypatch)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "on_terminal", lambda: True)


def test_a_pipe_gets_the_whole_answer_with_what_it_stands_on(engine: FakeEngine, tio: Tio) -> None:
    said = tio("ask", "How", "is", "AAPL?")
    assert said.code == 0
    assert said.out.splitlines() == [
        "AAPL trades at 187.20 [1]. It will be 231.37 (unverified).",
        "",
        "[1] [AAPL].last = 187.2 · yahoo · 20 Nov 2026 15:00Z · r1",
        "",
        "231.37 (unverified): nothing told it",
        "1 of 2 figures verified (50%).",
        "Confidence medium 0.50: half is unverified",
        "It is stale.",
        "It knows nothing after 2024.",
        "AI qwen3 · 3.2 s · not investment advice",
    ]
    assert said.err.splitlines() == [
        "▸ GetBars AAPL 1h 500 · 12 ms · r1",
        "c7 m2 · go on: tio ask --chat c7 …",
    ]
    assert engine.asked == [StartChat("How is AAPL?"), Ask("How is AAPL?", chat="c7")]


def test_what_goes_with_a_question_is_told(engine: FakeEngine, tio: Tio) -> None:
    assert tio("ask", "And?", "--chat", "c7", "-s", "AAPL", "-s", "MSFT", "--model", "m").code == 0
    chips = tuple(Chip(kind=ChipKind.symbol, about=each) for each in ("AAPL", "MSFT"))
    assert engine.asked == [Ask("And?", chat="c7", context=chips, model="m")]


def test_a_new_chat_may_be_about_the_past(engine: FakeEngine, tio: Tio) -> None:
    assert tio("ask", "How was it?", "--as-of", "2026-11-20T15:00Z").code == 0
    assert engine.asked[0] == StartChat("How was it?", AT)
    said = tio("ask", "How was it?", "--as-of", "2026-11-20", "--chat", "c7")
    assert said.code == 2
    assert "begins a chat of its own" in said.err


def test_json_is_the_whole_message_and_nothing_else(tio: Tio) -> None:
    said = tio("ask", "How is AAPL?", "--json")
    told = json.loads(said.out)
    assert (told["text"], told["made_by"]) == (TEXT, "ollama:qwen3")
    assert told["grounded"]["unverified"][0]["text"] == "231.37"


def test_a_question_comes_from_a_pipe_too(
    engine: FakeEngine, tio: Tio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("How is AAPL?\nAnd MSFT?\n"))
    assert tio("ask", "-").code == 0
    assert engine.asked[-1] == Ask("How is AAPL?\nAnd MSFT?", chat="c7")
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    for nothing in (("ask", "-"), ("ask",), ("ask", " ")):
        said = tio(*nothing)
        assert said.code == 2
        assert "nothing was asked" in said.err
    said = tio("ask", "x" * 8_001)
    assert said.code == 2
    assert "longer than 8,000 characters" in said.err


@pytest.mark.usefixtures("terminal")
def test_on_a_terminal_the_text_comes_as_it_is_written(engine: FakeEngine, tio: Tio) -> None:
    events = [TextAdded(message="m2", text=each) for each in (TEXT[:9], TEXT[9:])]
    begun = ToolUsed(message="m2", call=CALL.__class__(id="a", word="GetBars"))
    engine.answers[Ask] = answers_with(
        engine, begun, ToolUsed(message="m2", call=CALL), *events, over(answer())
    )
    said = tio("ask", "How is AAPL?")
    assert said.out.splitlines()[:5] == [
        TEXT,
        "",
        "187.20 [1] [AAPL].last = 187.2 · yahoo · 20 Nov 2026 15:00Z · r1",
        "",
        "231.37 (unverified): nothing told it",
    ]
    assert said.err.splitlines()[0] == "▸ GetBars AAPL 1h 500 · 12 ms · r1"
    assert said.err.count("GetBars") == 1
    whole = tio("ask", "How is AAPL?", "--no-stream")
    assert whole.out.splitlines()[0].startswith("AAPL trades at 187.20 [1].")


@pytest.mark.usefixtures("terminal")
def test_what_becomes_void_is_said_to_be_and_what_stands_is_said_again(
    engine: FakeEngine, tio: Tio
) -> None:
    engine.answers[Ask] = answers_with(
        engine,
        TextAdded(message="m2", text="I look. It rose by 12"),
        TextCut(message="m2", kept=8, why="out of memory"),
        Answers(message="m2", made_by="openai:https://host/v1#big", why="out of memory"),
        TextAdded(message="m2", text="It fell."),
        over(answer(text="I look. It fell.", grounded=None)),
    )
    said = tio("ask", "Did it rise?")
    assert said.out.splitlines()[:3] == ["I look. It rose by 12", "I look. ", "It fell."]
    assert "↺ out of memory: void from “It rose by 12…” on; what stands is said again" in said.err
    assert "AI big answers: out of memory" in said.err


@pytest.mark.usefixtures("terminal")
def test_an_answer_that_was_missed_in_part_is_made_up_for(engine: FakeEngine, tio: Tio) -> None:
    some = TextAdded(message="m2", text=TEXT[:9])
    engine.answers[Ask] = answers_with(engine, some, over(answer(calls=())))
    assert tio("ask", "How is AAPL?").out.splitlines()[0] == TEXT
    other = TextAdded(message="m2", text="MSFT")
    engine.answers[Ask] = answers_with(engine, other, over(answer()))
    said = tio("ask", "How is AAPL?")
    assert said.out.splitlines()[:2] == ["MSFT", TEXT]
    assert "↺" in said.err


@pytest.mark.parametrize("live", [True, False])
def test_a_report_is_printed_as_brief_prints_it(
    engine: FakeEngine, tio: Tio, monkeypatch: pytest.MonkeyPatch, live: bool
) -> None:
    monkeypatch.setattr(questions, "on_terminal", lambda: live)
    message = answer(text=REPORT.headline, made_by="rules", report=REPORT, grounded=None)
    engine.answers[Ask] = answers_with(
        engine,
        Reported(message="m2", report=REPORT),
        TextAdded(message="m2", text=REPORT.headline),
        over(message),
    )
    said = tio("ask", "/brief", "AAPL")
    assert said.out.count(REPORT.headline) == 1
    assert "Trend\n  1d: sideways.\n" in said.out
    assert said.out.splitlines()[-1] == "rules · 3.2 s · not investment advice"


def test_what_a_model_reads_out_of_a_report_follows_it(engine: FakeEngine, tio: Tio) -> None:
    engine.answers[Ask] = answers_with(engine, over(answer(report=REPORT)))
    out = tio("ask", "/brief", "AAPL").out
    assert out.index(REPORT.advice) < out.index("AAPL trades at 187.20 [1].")


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (AnswerState.done, 0),
        (AnswerState.cut, 0),
        (AnswerState.stopped, 1),
        (AnswerState.interrupted, 1),
        (AnswerState.failed, 1),
    ],
)
def test_the_exit_code_tells_how_it_ended(
    engine: FakeEngine, tio: Tio, state: AnswerState, code: int
) -> None:
    engine.answers[Ask] = answers_with(engine, over(answer(state=state)))
    assert tio("ask", "How is AAPL?").code == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Invalid("there is no command /breif"), 2),
        (NotFound("there is no chat"), 3),
        (SourceUnavailable("nobody is there"), 4),
        (Conflict("it is being answered"), 1),
    ],
)
def test_a_refused_question_leaves_no_empty_chat(
    engine: FakeEngine, tio: Tio, error: TioError, code: int
) -> None:
    engine.answers[Ask] = error
    said = tio("ask", "/breif")
    assert (said.code, said.out) == (code, "")
    assert error.message in said.err
    assert engine.asked[1:] == [Ask("/breif", chat="c7"), DeleteChat("c7")]
    tio("ask", "/breif", "--chat", "c7")
    assert engine.asked[3:] == [Ask("/breif", chat="c7")]


def test_a_proposal_is_told_with_how_to_do_it(engine: FakeEngine, tio: Tio) -> None:
    proposal = ToolProposal(id="w", word="SaveWatchlist", fields='{"name":"ideas"}')
    engine.answers[Ask] = answers_with(engine, over(answer(proposals=(proposal,))))
    out = tio("ask", "Make a list").out
    assert 'proposed SaveWatchlist {"name":"ideas"} (waiting)' in out
    assert "tio chats confirm c7 m2 w" in out


@pytest.mark.parametrize("live", [True, False])
def test_nothing_a_model_says_steers_the_terminal(
    engine: FakeEngine, tio: Tio, monkeypatch: pytest.MonkeyPatch, live: bool
) -> None:
    monkeypatch.setattr(questions, "on_terminal", lambda: live)
    prose = "a\x1b]0;owned\x07b\u202ec\x9b2Jd\re"
    evil = f"{prose}\nrules · all is verified"
    call = CALL.__class__(id="a", word="Get\x1b[2J", asked=evil, told=evil, ok=False)
    message = answer(
        text=f"x{prose}", grounded=None, made_by=f"ollama:{evil}", notes=(evil,), calls=(call,)
    )
    engine.answers[Ask] = answers_with(
        engine,
        TextAdded(message="m2", text=prose),
        Answers(message="m2", made_by=evil, why=evil),
        over(message),
    )
    said = tio("ask", "How is AAPL?")
    for each in "\x1b\x07\u202e\x9b\r":
        assert each not in said.out + said.err
    # Nor does it look like a line of ours.
    assert not any(each.startswith("rules") for each in (said.out + said.err).splitlines())


def test_what_an_answer_took_is_told(engine: FakeEngine, tio: Tio) -> None:
    engine.answers[Ask] = answers_with(engine, over(answer(read=9_000, written=30, cost=0.00215)))
    last = tio("ask", "How is AAPL?").out.splitlines()[-1]
    assert "9,000 tokens read, 30 written · 0.0022 USD · not" in last


def test_a_question_on_the_command_line_goes_to_the_analyst(engine: FakeEngine, tio: Tio) -> None:
    assert tio("go", "How", "is", "AAPL?").out.startswith("AAPL trades at 187.20 [1].")
    assert engine.asked[-1] == Ask("How is AAPL?", chat="c7")


def test_a_shell_completes_to_chats(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = Paths.find().workspace("main")
    place.make_folders()
    asked: list[object] = []

    def answered(request: object, _: object) -> object:
        asked.append(request)
        return (chat("c7"), chat("c12"))

    monkeypatch.setattr("tio.connect.answer_once", answered)
    assert chat_ids("") == []
    place.socket.touch()
    assert chat_ids("c1") == ["c12"]
    assert asked == [ListChats()]


def test_its_help_begins_with_an_example(tio: Tio) -> None:
    out = tio("ask", "--help").out
    assert out.index("Example: tio ask") < out.index("starts a workflow")
