from msgspec.structs import replace
from talk_scene import ANSWER, AT, CITED, LOST, QUESTION, WRITING

from tio.api.chat_events import (
    Answers,
    ChatEnded,
    FiguresJudged,
    Meanwhile,
    MessageWritten,
    Noted,
    TextAdded,
    TextCut,
    ThinkingAdded,
    ToolUsed,
    WriteProposed,
)
from tio.api.chats import ProposalState
from tio.api.grounding import Grounded
from tio.screens.heard_chat import HeardChat


def heard() -> HeardChat:
    chat = HeardChat()
    told = (QUESTION, WRITING)
    chat.take([MessageWritten(message=each) for each in told], snapshot=True)
    return chat


def test_an_answer_grows_as_it_comes_and_stands_once_it_is_over() -> None:
    chat, id = heard(), WRITING.id
    assert chat.writing == WRITING
    judged = FiguresJudged(message=id, judged=40, citations=CITED[:1], unverified=(LOST,))
    chat.take(
        [
            Answers(message=id, made_by="small", why="ollama is away"),
            ThinkingAdded(message=id, text="hm"),
            TextAdded(message=id, text="AAPL "),
            TextAdded(message=id, text="trades"),
            judged,
            Meanwhile(message=id, said=Grounded(text="up", judged=2)),
            Noted(message=id, text="a part was left out"),
        ],
        snapshot=False,
    )
    now = chat.messages[id]
    assert (now.text, now.made_by, now.thinking) == ("AAPL trades", "small", "hm")
    assert now.notes == ("small answers: ollama is away", "a part was left out")
    assert now.grounded is not None
    assert (now.grounded.citations, now.grounded.unverified) == (CITED[:1], (LOST,))
    assert now.meanwhile is not None
    done = replace(ANSWER, id=id)
    chat.take([MessageWritten(message=done)], snapshot=False)
    assert chat.writing is None
    assert chat.messages[id] == done


def test_what_is_taken_back_is_gone_with_what_was_judged_of_it() -> None:
    chat, id = heard(), WRITING.id
    judged = FiguresJudged(message=id, judged=40, citations=CITED[:1])
    chat.take(
        [TextAdded(message=id, text="It rose."), judged, TextCut(message=id, kept=3, why="broken")],
        snapshot=False,
    )
    now = chat.messages[id]
    assert now.text == "It "
    assert now.grounded is not None
    assert now.grounded.citations == ()


def test_calls_and_proposals_are_told_again_under_their_id() -> None:
    chat, id = heard(), WRITING.id
    running, done = replace(ANSWER.calls[0], ok=None), ANSWER.calls[0]
    proposal = ANSWER.proposals[0]
    yes = replace(proposal, state=ProposalState.confirmed)
    for event in (
        ToolUsed(message=id, call=running),
        ToolUsed(message=id, call=done),
        WriteProposed(message=id, proposal=proposal),
        WriteProposed(message=id, proposal=yes),
    ):
        chat.take([event], snapshot=False)
    assert chat.messages[id].calls == (done,)
    assert chat.messages[id].proposals == (yes,)


def test_a_snapshot_is_all_there_is_and_an_end_is_one() -> None:
    chat = heard()
    chat.take([MessageWritten(message=QUESTION)], snapshot=True)
    assert list(chat.messages) == [QUESTION.id]
    chat.take([TextAdded(message="m99", text="of nobody"), ChatEnded(at=AT)], snapshot=False)
    assert chat.ended
    assert list(chat.messages) == [QUESTION.id]
