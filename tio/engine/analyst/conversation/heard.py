"""One round of a model: what is sent fits its window, what comes is passed on as it comes."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from tio.api.clean import clean
from tio.engine.analyst.conversation.chain import Speaker
from tio.engine.analyst.conversation.events import Anew, Note
from tio.engine.analyst.conversation.prompted import instructions, translated
from tio.engine.analyst.conversation.repeating import repeats
from tio.engine.analyst.conversation.window import Fitted, fitted, size
from tio.engine.analyst.conversation.withheld import Withheld, calls_in
from tio.engine.analyst.models.patience import Silent, within
from tio.engine.analyst.models.speech import (
    Asking,
    Done,
    Failed,
    Fault,
    Message,
    Part,
    Text,
    Thinking,
    Tool,
    ToolCall,
    Usage,
)
from tio.engine.analyst.tools.quoting import READ_MORE
from tio.plugin import Clock

_LOOKED_EVERY = 80
"""Characters after which it is seen whether a model repeats itself."""
_MARGIN = 64
"""Tokens a server's template may add."""
_DENSEST = 2
"""Characters of a token at least, in text of words and figures."""
_LESS, _LITTLE_LESS = 0.5, 0.9
_TOOLS = 0.4
"""The part of the room that tools may take."""


@dataclass(frozen=True)
class Spoken:
    """What a round is asked with; `last`: what is added where no more tools may be called."""

    system: str
    messages: Sequence[Message]
    question: str
    tools: tuple[Tool, ...]
    most: int
    last: str = ""


@dataclass
class Heard:
    """What came of a round, filled as it comes."""

    text: str = ""
    calls: list[ToolCall] = field(default_factory=list)
    read: int = 0
    written: int = 0
    failed: Failed | None = None
    cut: bool = False
    late: bool = False
    """The time for the question was over before the round was."""


async def hear(
    speaker: Speaker,
    spoken: Spoken,
    heard: Heard,
    clock: Clock,
    until: float,
    known: Callable[[str], str],
) -> AsyncGenerator[Text | Thinking | Usage | Note | Anew, None]:
    """The events of a round; what they come to is in `heard`. Asked again once with less room.

    `until` is the monotonic second at which it is broken off.
    """
    share, retried = 1.0, False
    while True:
        asking, fit = _asking(speaker, spoken, share)
        if note := _left_out(speaker, spoken, asking, fit):
            yield Note(note)
        withheld = Withheld()
        async with aclosing(_events(speaker, asking, heard, clock, until)) as events:
            async for event in events:
                if not isinstance(event, Text):
                    yield event
                elif shown := withheld.feed(event.text) if spoken.tools else event.text:
                    yield Text(shown)
        why = "" if retried else _again(speaker, asking, heard, fit)
        if not why:
            break
        retried = True
        share = _less(heard.failed)
        yield Note(f"{speaker.name}: {why}")
        if heard.text:
            yield Anew(why)
        heard.text, heard.calls, heard.failed, heard.cut = "", [], None, False
    if heard.failed is None and heard.read:
        speaker.reckoning.learn(fit.characters, heard.read)
    if spoken.tools and not heard.calls and not heard.failed:
        heard.calls += calls_in(withheld.held, known)
    if heard.calls:
        # A call that was written as text is no part of the answer.
        heard.text = heard.text.removesuffix(withheld.held)
    elif rest := withheld.rest():
        yield Text(rest)


async def _events(
    speaker: Speaker, asking: Asking, heard: Heard, clock: Clock, until: float
) -> AsyncGenerator[Text | Thinking | Usage, None]:
    looked = 0
    async with aclosing(speaker.model.says(asking)) as events:  # type: ignore[type-var]
        while True:
            left = until - clock.monotonic()
            try:
                event = await within(clock, max(left, 0.001), anext(events))
            except StopAsyncIteration:
                return
            except Silent:
                heard.late = True
                return
            match event:
                case Text(text):
                    # What a model says is text of others: it must not steer a terminal.
                    text = clean(text, prose=True)
                    heard.text += text
                    yield Text(text)
                    looked += len(text)
                    if looked >= _LOOKED_EVERY:
                        looked = 0
                        if repeats(heard.text):
                            heard.failed = Failed(Fault.broken, f"{speaker.name} repeats itself")
                            return
                case Thinking(text):
                    yield Thinking(clean(text, prose=True))
                case ToolCall():
                    heard.calls.append(event)
                case Usage(read, written):
                    heard.read, heard.written = read, written
                    yield event
                case Failed():
                    heard.failed = event
                case Done(cut):
                    heard.cut = cut


def _asking(speaker: Speaker, spoken: Spoken, share: float) -> tuple[Asking, Fitted]:
    """What fits the model's window, or `share` of it."""
    most = min(spoken.most, speaker.window // 4)
    room = int((speaker.window * share - most - _MARGIN) * speaker.reckoning.densest)
    system, messages, tools = spoken.system, spoken.messages, _fewer(spoken.tools, room)
    if speaker.prompted:
        system = "\n\n".join(filter(None, (system, instructions(tools))))
        tools = ()
    if spoken.last:
        system = f"{system}\n\n{spoken.last}"
    fit = fitted(
        Message(part=Part.system, text=system), messages, spoken.question, room - size((), tools)
    )
    told = translated(fit.messages) if speaker.prompted else fit.messages
    asking = Asking(messages=told, tools=tools, context=speaker.window, most=most)
    return asking, replace(fit, characters=fit.characters + size((), tools))


def _fewer(tools: tuple[Tool, ...], room: int) -> tuple[Tool, ...]:
    """The tools that come first, as far as they leave most of the room to what is said."""
    kept: list[Tool] = []
    left = room * _TOOLS
    for each in tools:
        left -= size((), (each,))
        if left < 0 and each.name != READ_MORE:
            continue
        kept.append(each)
    return tuple(kept)


def _left_out(speaker: Speaker, spoken: Spoken, asking: Asking, fit: Fitted) -> str:
    """What does not go to the model, said when it changes."""
    fewer = 0 if speaker.prompted else len(spoken.tools) - len(asking.tools)
    parts = [fit.left, f"{fewer} of {len(spoken.tools)} tools left out for room" * bool(fewer)]
    told = "; ".join(filter(None, parts))
    changed, speaker.left_out = told != speaker.left_out, told
    return f"{speaker.name}: {told}" if told and changed else ""


def _less(failed: Failed | None) -> float:
    """The part of the window for the second attempt; after a loss the window itself is known."""
    if failed is None:
        return _LITTLE_LESS
    return _LESS if failed.fault is Fault.overflow else 1.0


def _again(speaker: Speaker, asking: Asking, heard: Heard, fit: Fitted) -> str:
    """Why the round is asked once more, '' where it is not."""
    failed = heard.failed
    if failed is not None and failed.fault is Fault.overflow:
        return "its window is too small for what was said, it is asked again with less"
    if failed is not None and failed.fault is Fault.unable and asking.tools:
        speaker.prompted = True
        return "it knows of no tools, they are told in words"
    if failed is not None or heard.late:
        return ""
    lost, read = speaker.reckoning.lost, heard.read
    if not lost(fit.characters, read):
        return ""
    said = size(asking.messages)
    if asking.tools and not lost(said, read) and read <= said / _DENSEST + _MARGIN:
        # The template has no place for tools: what was read is the messages, and all of them.
        speaker.prompted = True
        return "its server does not tell it of tools, they are told in words"
    speaker.window = min(speaker.window, max(1_024, read))
    return f"its server read {read} tokens of more, it is asked again with less"
