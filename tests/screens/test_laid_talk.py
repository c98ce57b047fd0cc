"""A chat in rows: what is laid anew, what stays, where its messages begin."""

from datetime import UTC

from msgspec.structs import replace
from talk_scene import ANSWER, QUESTION, WRITING

from tio.api.chats import ChatMessage
from tio.screens.laid_talk import ENOUGH, LaidTalk
from tio.screens.widgets.talk_lines import Fold, Looks

LOOKS = Looks(80, UTC, running="⠋")


def chat(count: int) -> dict[str, ChatMessage]:
    """So many messages, the last one being written."""
    pair = (QUESTION, ANSWER)
    told = [replace(pair[i % 2], id=f"m{i + 1}") for i in range(count - 1)]
    return {each.id: each for each in (*told, replace(WRITING, id=f"m{count}", text="It "))}


def whole(messages: dict[str, ChatMessage], looks: Looks = LOOKS) -> LaidTalk:
    """Laid to its end, however often it takes."""
    talk = LaidTalk()
    talk.lay(messages, looks)
    while not talk.whole:
        talk.lay(messages, looks)
    return talk


def rows(talk: LaidTalk) -> list[str]:
    return ["".join(run.text for run in talk.row(at)) for at in range(talk.height)]


def test_only_what_changed_is_laid_anew() -> None:
    messages = chat(9)
    talk = whole(messages)
    start = talk.start("m9")
    assert start is not None
    before = [talk.row(at) for at in range(talk.height)]
    messages["m9"] = replace(messages["m9"], text="It rose.")
    talk.lay(messages, LOOKS)
    assert all(talk.row(at) is before[at] for at in range(start))
    assert rows(talk)[start + 1] == "  It rose."


def test_a_sign_that_turns_and_a_fold_touch_their_message_alone() -> None:
    messages = chat(9)
    talk = whole(messages)
    before = {id: talk.start(id) for id in messages}
    row = talk.row(before["m4"] or 0)
    turned = Looks(80, UTC, frozenset({Fold("m2", "thinking")}), "⠙")
    talk.lay(messages, turned)
    grown = (talk.start("m4") or 0) - (before["m4"] or 0)
    assert grown > 0
    assert talk.start("m2") == before["m2"]
    assert talk.row(talk.start("m4") or 0) is row


def test_the_newest_are_laid_first_and_a_wanted_one_with_all_behind_it() -> None:
    messages = chat(301)
    talk = LaidTalk()
    talk.lay(messages, LOOKS)
    assert not talk.whole
    assert ENOUGH <= talk.height < 2 * ENOUGH
    assert talk.message(talk.height - 1) is messages["m301"]
    assert talk.start("m1") is None
    talk.lay(messages, LOOKS, until="m20")
    assert talk.message(0) is not None
    assert talk.start("m20") is not None
    assert rows(whole(messages))[-talk.height :] == rows(talk)


def test_messages_begin_where_they_are_said_to() -> None:
    messages = chat(6)
    talk = whole(messages)
    starts = [talk.start(id) or 0 for id in messages]
    assert starts == sorted(starts)
    assert [talk.message(at) for at in starts] == list(messages.values())
    assert talk.after(starts[1]) == starts[2]
    assert talk.before(starts[2]) == starts[1]
    assert talk.after(starts[-1]) == talk.height
    assert talk.before(0) == 0
    assert talk.row(talk.height) == ()


def test_what_is_gone_is_no_longer_there() -> None:
    messages = chat(4)
    talk = whole(messages)
    talk.lay({}, LOOKS)
    assert (talk.height, talk.message(0), talk.row(0)) == (0, None, ())
    assert talk.whole
