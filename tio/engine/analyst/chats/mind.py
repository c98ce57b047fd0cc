"""What answers in one chat: its tools, its conversation and all that its figures may stand on."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from tio.api.access import Access, Principal
from tio.api.chats import Chat
from tio.api.codec import decode, encode
from tio.engine.analyst.chats.calls import recalled
from tio.engine.analyst.chats.minds import Minds
from tio.engine.analyst.chats.prompts import system_text
from tio.engine.analyst.conversation.chain import Chain
from tio.engine.analyst.conversation.loop import Conversation
from tio.engine.analyst.grounding.evidence import Evidence
from tio.engine.analyst.models.speech import Message
from tio.engine.analyst.tools.desk import ToolDesk
from tio.engine.store.chats import KeptResult, Turn
from tio.plugin import Clock


class Mind:
    """One chat's tools said as `principal`, with what was said and told in it before."""

    def __init__(
        self,
        access: Access,
        principal: Principal,
        chat: Chat,
        minds: Minds,
        wall: Clock,
        clock: Clock,
        *,
        names: Mapping[str, str],
        simulated: bool,
    ) -> None:
        self.principal = principal
        self.chat = chat.id
        self.desk = ToolDesk(access, principal, clock, chat.as_of)
        self.conversation = Conversation(
            "",
            self.desk,
            minds.chain,
            wall,
            minds.limits,
        )
        self._clock = clock
        self._simulated = simulated
        self.evidence = Evidence(known=names)
        self._known: set[str] = set()

    def remember(self, turns: Iterable[Turn], results: Sequence[KeptResult]) -> None:
        """Take in a chat as it was stored."""
        for turn in turns:
            self.conversation.messages += decode(turn.turn, tuple[Message, ...])
        for result in results:
            told = recalled(result)
            self.desk.recall(told.id, told.answer)
            self._known.add(told.id)
            self.evidence.add(told)

    def prepare(self, chain: Chain) -> None:
        """Before a question: who is asked, and what they are told of the moment."""
        now = self._clock.now()
        self.conversation.chain = chain
        self.conversation.system = system_text(now, self.desk.as_of, self._simulated)

    def turn(self, since: int) -> str:
        """What a model reads of all that was said after so many messages, to be stored."""
        return encode(tuple(self.conversation.messages[since:])).decode()

    def new(self, result: str) -> bool:
        """Whether a result is told for the first time; from then on it is not."""
        if result in self._known:
            return False
        self._known.add(result)
        return True

    @property
    def moment(self) -> datetime:
        """The moment the chat is about."""
        return self.desk.as_of or self._clock.now()


def no_turn() -> str:
    """A message no model reads of its own."""
    return msgspec.json.encode(()).decode()
