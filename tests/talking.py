"""A terminal before the talk, over an engine that tells `talk_scene`."""

from typing import Any

import screen_market as market
from msgspec.structs import replace
from talk_scene import (
    ANSWER,
    AT,
    CHAT,
    MESSAGES,
    OTHER,
)
from textual.pilot import Pilot
from waiting import seen, until

from tio.api.chat_events import ChatEvents, MessageWritten
from tio.api.chats import (
    Ask,
    Asked,
    BranchChat,
    Chat,
    ChatHit,
    ConfirmProposal,
    DeleteChat,
    DismissProposal,
    GetChat,
    GetSource,
    ListChats,
    RenameChat,
    SearchChats,
    Source,
    Speaker,
    StartChat,
    StopAnswer,
    WholeChat,
    WriteOutChat,
)
from tio.api.contract import Request
from tio.app import TioApp
from tio.config import Config, Ui
from tio.screens.talk import TalkPane

from fakes import FakeClock, FakeEngine

SOURCE = Source(
    result="r1",
    word="GetQuotes",
    asked='{"symbols":["AAPL"]}',
    answer='[{"symbol":"AAPL","last":187.2,"bid":187.1}]',
    at=AT,
)


def engine(*messages: Any, chats: tuple[Chat, ...] = (CHAT, OTHER)) -> FakeEngine:
    fake = market.engine()
    told = tuple(MessageWritten(message=each) for each in messages or MESSAGES)
    fake.answers |= {
        ListChats: chats,
        GetChat: WholeChat(chat=OTHER, messages=()),
        GetSource: SOURCE,
        SearchChats: (
            ChatHit(chat="c3", title="Risk of main", message="m2", speaker=Speaker.analyst,
                    at=AT, snippet="the «risk» of it"),
        ),
        StartChat: replace(CHAT, id="c8"),
        Ask: Asked(chat="c7", message="m6"),
        StopAnswer: CHAT,
        BranchChat: OTHER,
        RenameChat: CHAT,
        DeleteChat: CHAT,
        WriteOutChat: "# talk",
        ConfirmProposal: ANSWER.proposals[0],
        DismissProposal: ANSWER.proposals[0],
    }  # fmt: skip
    fake.topics |= {ChatEvents: told}
    return fake


def app(fake: FakeEngine, *, theme: str = "dark") -> TioApp:
    async def opened() -> FakeEngine:
        return fake

    config = Config(ui=Ui(theme=theme, time_zone="UTC", reduced_motion=True))  # type: ignore[arg-type]
    return TioApp(opened, config=config, clock=FakeClock(AT), screen="analyst", symbol="AAPL")


async def there(pilot: Pilot[None]) -> TalkPane:
    await until(pilot, lambda: bool(pilot.app.screen.query(TalkPane)))
    return pilot.app.screen.query_one(TalkPane)


async def see(pilot: Pilot[None], words: str) -> None:
    """Returns once these words stand on the screen."""
    await until(pilot, lambda: words in seen(pilot))


def asked(fake: FakeEngine, kind: type[Request[Any]]) -> list[Any]:
    return [each for each in fake.asked if isinstance(each, kind)]
