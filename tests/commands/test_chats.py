"""`tio chats`: lists, answers kept, searches, what is decided, documents and sources."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from answered_chats import AT, answer, chat
from shell_scene import Tio, shell

from tio.api.chats import (
    BranchChat,
    ChatFormat,
    ChatHit,
    ChatMessage,
    Chip,
    ChipKind,
    ConfirmProposal,
    DeleteChat,
    DismissProposal,
    GetChat,
    GetSource,
    ListChats,
    ProposalState,
    RenameChat,
    SearchChats,
    Source,
    Speaker,
    StopAnswer,
    ToolProposal,
    WholeChat,
    WriteOutChat,
)

from fakes import FakeEngine

QUESTION = ChatMessage(
    id="m1",
    speaker=Speaker.person,
    at=AT,
    text="How is AAPL?",
    chips=(Chip(kind=ChipKind.chart, about="AAPL"),),
)
PROPOSAL = ToolProposal(
    id="w", word="SaveWatchlist", fields='{"name":"id\u202eeas","symbols":["AAPL"]}'
)
HIT = ChatHit(
    chat="c7", title="T", message="m1", speaker=Speaker.person, at=AT, snippet="How is «AAPL»?"
)


def whole(*proposals: ToolProposal, **fields: Any) -> WholeChat:
    return WholeChat(
        chat=chat(**fields), messages=(QUESTION, answer(proposals=proposals)), earlier=3
    )


@pytest.fixture
def engine() -> FakeEngine:
    made = chat("c8", title="Better")
    return FakeEngine(
        {
            ListChats: (chat(writing="m2"), chat("c3", title="=Old\x1b[2J", as_of=AT)),
            GetChat: whole(PROPOSAL),
            SearchChats: (HIT,),
            RenameChat: made,
            BranchChat: made,
            DeleteChat: chat(),
            StopAnswer: chat(),
            WriteOutChat: lambda asked: "{}" if asked.format == "json" else "# A\x1b[2J\n",
            GetSource: Source(
                result="r3", word="GetQuotes", asked='{"symbols":["AAPL"]}', answer="[1]", at=AT
            ),
            ConfirmProposal: ToolProposal(
                id="w", word="SaveWatchlist", fields="{}", state=ProposalState.confirmed
            ),
            DismissProposal: ToolProposal(
                id="w", word="SaveWatchlist", fields="{}", state=ProposalState.dismissed
            ),
        }
    )


@pytest.fixture
def tio(
    engine: FakeEngine, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Tio:
    call = shell(engine, capfd, monkeypatch)
    return lambda *words: call("chats", *words)


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> "Typing":
    return Typing(monkeypatch)


class Typing:
    """A person at the terminal who types this."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(self, text: str) -> None:
        stdin = io.StringIO(text)
        self._monkeypatch.setattr(stdin, "isatty", lambda: True, raising=False)
        self._monkeypatch.setattr("sys.stdin", stdin)


def test_chats_are_listed_the_newest_first(engine: FakeEngine, tio: Tio) -> None:
    said = tio("--limit", "2")
    assert engine.asked == [ListChats(2)]
    header, first, second = said.out.splitlines()
    assert header.split() == ["CHAT", "MESSAGES", "CHANGED", "AS", "OF", "TITLE"]
    assert first.split()[:2] == ["c7", "2"]
    assert first.endswith("How is AAPL? (an answer is being written)")
    assert second.split() == [
        *("c3", "2", "2026-11-20", "15:00Z", "2026-11-20", "15:00Z", "=Old[2J"),
    ]
    assert tio("list", "--limit", "2").out == said.out
    assert [each["id"] for each in json.loads(tio("--json").out)] == ["c7", "c3"]
    rows = list(csv.reader(io.StringIO(tio("--csv").out)))
    assert rows[2][0] == "c3"
    assert rows[2][4] == "'=Old[2J"


def test_where_there_is_none_it_is_said_how_to_begin(engine: FakeEngine, tio: Tio) -> None:
    engine.answers[ListChats] = ()
    assert "tio ask" in tio().err


def test_a_chat_is_shown_with_what_its_answers_stand_on(engine: FakeEngine, tio: Tio) -> None:
    engine.answers[GetChat] = whole(PROPOSAL, as_of=AT, origin="c2")
    said = tio("show", "c7", "--last", "2")
    assert engine.asked == [GetChat("c7", 2)]
    for told in (
        "c7 · How is AAPL?",
        "as of 2026-11-20 15:00Z: nothing later is told",
        "branched from c2",
        "── m1 · person · 2026-11-20 15:00Z\n\nlooking at chart AAPL\nHow is AAPL?\n",
        "▸ GetBars AAPL 1h 500 · 12 ms · r1",
        "AAPL trades at 187.20 [1]. It will be 231.37 (unverified).",
        "[1] [AAPL].last = 187.2 · yahoo · 20 Nov 2026 15:00Z · r1",
        "tio chats confirm c7 m2 w",
    ):
        assert told in said.out
    assert "3 earlier messages are left out" in said.err
    assert json.loads(tio("show", "c7", "--json").out)["chat"]["id"] == "c7"


def test_messages_are_searched(engine: FakeEngine, tio: Tio) -> None:
    said = tio("search", "nvda", "earn*")
    assert engine.asked == [SearchChats("nvda earn*")]
    assert said.out.splitlines()[1].split()[:3] == ["c7", "m1", "person"]
    assert "How is «AAPL»?" in said.out
    assert "How is «AAPL»?" in tio("search", "x", "--csv").out
    engine.answers[SearchChats] = ()
    assert "no message has these words" in tio("search", "zebra").err


def test_a_chat_is_renamed_and_branched(engine: FakeEngine, tio: Tio) -> None:
    assert "c8 is now: Better" in tio("rename", "c7", "The", "swing").err
    assert "c8 begins as c7 up to m4" in tio("branch", "c7", "m4").err
    assert engine.asked == [RenameChat("c7", "The swing"), BranchChat("c7", "m4")]
    assert json.loads(tio("rename", "c7", "x", "--json").out)["title"] == "Better"


def test_an_answer_is_stopped(engine: FakeEngine, tio: Tio) -> None:
    assert "c7 is not being answered" in tio("stop", "c7").err
    assert engine.asked == [StopAnswer("c7")]


def test_a_chat_is_deleted_once_that_is_agreed(
    engine: FakeEngine, tio: Tio, typing: Typing
) -> None:
    typing("n\n")
    said = tio("delete", "c7")
    assert "Delete c7, How is AAPL?, 2 messages?" in said.err
    assert "nothing was deleted" in said.err
    typing("y\n")
    tio("delete", "c7")
    tio("delete", "c7", "--yes")
    assert [each for each in engine.asked if isinstance(each, DeleteChat)] == [DeleteChat("c7")] * 2


def test_nobody_there_to_agree_deletes_nothing(
    engine: FakeEngine, tio: Tio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert tio("delete", "c7").code == 2
    assert tio("confirm", "c7", "m2").code == 2
    assert {type(each) for each in engine.asked} == {GetChat}


@pytest.mark.parametrize(
    ("words", "form"),
    [
        ((), ChatFormat.markdown),
        (("--as", "json"), ChatFormat.json),
        (("-", "--as", "markdown"), ChatFormat.markdown),
    ],
)
def test_a_chat_is_written_to_standard_output(
    engine: FakeEngine, tio: Tio, words: tuple[str, ...], form: ChatFormat
) -> None:
    said = tio("export", "c7", *words)
    assert engine.asked == [WriteOutChat("c7", form)]
    assert said.out == ("{}\n" if form is ChatFormat.json else "# A[2J\n")


def test_a_chat_is_written_to_a_new_file_in_the_form_of_its_name(
    engine: FakeEngine, tio: Tio, tmp_path: Path
) -> None:
    file = tmp_path / "c7.json"
    assert tio("export", "c7", str(file)).code == 0
    assert engine.asked == [WriteOutChat("c7", ChatFormat.json)]
    assert file.read_text() == "{}"
    assert "is there already" in tio("export", "c7", str(file)).err
    assert "--as 'html' is no form" in tio("export", "c7", "--as", "html").err


def test_a_source_is_the_word_asked_and_its_answer(engine: FakeEngine, tio: Tio) -> None:
    said = tio("source", "c7", "r3")
    assert engine.asked == [GetSource("c7", "r3")]
    assert json.loads(said.out) == [1]
    assert said.err == 'r3 GetQuotes {"symbols":["AAPL"]} · 2026-11-20 15:00Z\n'
    assert json.loads(tio("source", "c7", "r3", "--json").out)["answer"] == "[1]"


def test_what_is_confirmed_is_shown_field_by_field_first(
    engine: FakeEngine, tio: Tio, typing: Typing
) -> None:
    typing("n\n")
    said = tio("confirm", "c7", "m2", "w")
    assert said.err.splitlines()[:3] == [
        "SaveWatchlist",
        '  name = "id\\u202eeas"',
        '  symbols = ["AAPL"]',
    ]
    assert "nothing was done" in said.err
    assert engine.asked == [GetChat("c7", 1_000)]
    typing("y\n")
    assert "SaveWatchlist: confirmed" in tio("confirm", "c7", "m2").err
    assert engine.asked[-1] == ConfirmProposal("c7", "m2", "w")
    assert json.loads(tio("confirm", "c7", "m2", "--yes", "--json").out)["state"] == "confirmed"


def test_a_proposal_is_dismissed(engine: FakeEngine, tio: Tio) -> None:
    assert "SaveWatchlist: dismissed" in tio("dismiss", "c7", "m2").err
    assert engine.asked[-1] == DismissProposal("c7", "m2", "w")


@pytest.mark.parametrize(
    ("proposals", "words", "code", "told"),
    [
        ((), ("m2",), 3, "c7 m2 proposes no write"),
        ((PROPOSAL,), ("m2", "x"), 3, "c7 m2 proposes no x"),
        ((PROPOSAL,), ("m9",), 3, "c7 m9 proposes no write"),
        ((PROPOSAL, ToolProposal(id="v", word="X", fields="{}")), ("m2",), 2, "name one of w, v"),
        (
            (ToolProposal(id="w", word="X", fields="{}", state=ProposalState.dismissed),),
            ("m2",),
            1,
            "X was dismissed before",
        ),
    ],
)
def test_what_does_not_wait_is_not_decided(
    engine: FakeEngine,
    tio: Tio,
    proposals: tuple[ToolProposal, ...],
    words: tuple[str, ...],
    code: int,
    told: str,
) -> None:
    engine.answers[GetChat] = whole(*proposals)
    for deciding in ("confirm", "dismiss"):
        said = tio(deciding, "c7", *words)
        assert said.code == code
        assert told in said.err
    assert {type(each) for each in engine.asked} == {GetChat}


@pytest.mark.parametrize(
    "command",
    "list show search rename branch stop delete export source confirm dismiss".split(),
)
def test_help_begins_with_an_example(tio: Tio, command: str) -> None:
    assert f"Example: tio chats {command}" in tio(command, "--help").out
