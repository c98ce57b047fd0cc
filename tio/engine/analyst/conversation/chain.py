"""Models in their order; one that keeps failing rests, and is tried again."""

from collections.abc import Callable, Iterator, Sequence

from tio.api.clean import clean
from tio.api.errors import NotFound
from tio.engine.analyst.conversation.window import Reckoning
from tio.engine.analyst.models.patience import Silent, within
from tio.engine.analyst.models.speech import Ability, Failed, Fault, Model
from tio.plugin import Clock

IN_A_ROW = 3
REST, LONGEST_REST = 30.0, 600.0
WINDOW, MOST_WINDOW = 16_384, 65_536
"""Tokens taken for a model's window where nobody says, and filled at most."""
LOCAL_WINDOW = 16_384
"""Asked for at most of a server that sets memory aside for it."""
LEARN_SECONDS = 10.0

_AT_ONCE = frozenset((Fault.refused, Fault.unknown_model, Fault.unreachable))
"""What is no better a moment later."""
_NO_FAULT = frozenset((Fault.overflow, Fault.unable, Fault.barred))
"""What says nothing about the next question."""


def _untold() -> None:
    """Nobody wants to know."""


class Breaker:
    """Open after 3 failures in a row, at once where a server is away or refuses.

    It rests 30 s, doubled each time up to 10 min; then the next question tries it.
    """

    def __init__(self, clock: Clock, changed: Callable[[], None] = _untold) -> None:
        self._clock = clock
        self._changed = changed
        self._row = self._opened = 0
        self._until = 0.0
        self.failure: Failed | None = None
        """What went wrong last, until something goes well."""
        self.worked = False
        """Whether an answer came since it was begun."""

    @property
    def resting(self) -> float:
        """Seconds until it is tried again; 0 when it may be."""
        return max(0.0, self._until - self._clock.monotonic())

    @property
    def reason(self) -> str:
        return "" if self.failure is None else self.failure.text

    def well(self) -> None:
        self._row = self._opened = 0
        self._until, self.failure, self.worked = 0.0, None, True
        self._changed()

    def failed(self, failed: Failed) -> None:
        if failed.fault is not Fault.barred:
            self.failure = failed
        self._changed()
        if failed.fault in _NO_FAULT:
            return
        self._row += 1
        if self._row >= IN_A_ROW or self._opened or failed.fault in _AT_ONCE:
            rest = min(LONGEST_REST, REST * 2**self._opened)
            self._opened = min(self._opened + 1, 10)
            self._until = self._clock.monotonic() + rest
            self._row = 0


class Speaker:
    """One model and what is known of it: its window, whether it calls tools, its tokens."""

    def __init__(self, model: Model, clock: Clock, changed: Callable[[], None] = _untold) -> None:
        self.model = model
        self._clock = clock
        self.breaker = Breaker(clock, changed)
        self.reckoning = Reckoning()
        self.ability: Ability | None = None
        """What the server said of it last."""
        self.tools: bool | None = None
        """Whether it calls tools by itself, as it says or as it did."""
        self.examined = False
        """Whether that is what it did, which what its server says does not change."""
        self.structured: bool | None = None
        """Whether it follows a schema, once it was examined."""
        self.window = model.window or WINDOW
        self.prompted = False
        """Whether tools must be told in words."""
        self.left_out = ""
        """What its window had no room for, as it was told last."""
        self._asked = False

    @property
    def name(self) -> str:
        return self.model.name

    async def learn(self) -> Failed | None:
        """Ask once what the model can do; Failed where it is of no use to go on."""
        if self._asked:
            return None
        match await self.look():
            case Failed(fault=Fault.unreachable | Fault.refused | Fault.silent) as failed:
                return failed
        self._asked = True
        return None

    async def check(self) -> Ability | Failed:
        """Look, and count what came of it: what rested is ready again when its server answers."""
        told = await self.look()
        if isinstance(told, Failed):
            self.breaker.failed(told)
        else:
            self.breaker.well()
        return told

    @property
    def thinks(self) -> bool | None:
        return None if self.ability is None else self.ability.thinks

    @property
    def known_window(self) -> int:
        """Tokens of its window that are used; 0 while nobody has said how many it has."""
        return self.window if self.ability is not None else self.model.window

    async def look(self) -> Ability | Failed:
        """Ask the server what the model can do, and take it in."""
        try:
            told = await within(self._clock, LEARN_SECONDS, self.model.ability())
        except Silent as silent:
            return Failed(Fault.silent, f"{self.name}: {silent}")
        if isinstance(told, Ability):
            self.ability = told
            self._asked = True
            if not self.examined and told.tools is not None:
                self.tools, self.prompted = told.tools, not told.tools
            most = LOCAL_WINDOW if told.server == "ollama" else MOST_WINDOW
            asked = self.model.window
            if told.context:
                self.window = min(told.context, asked or most)
        return told


class Chain:
    """Models in the order they are asked in. Closing it closes them.

    `barred` says why one may not be asked now, "" when it may; `changed` is told when one fails
    or works.
    """

    def __init__(
        self,
        models: Sequence[Model],
        clock: Clock,
        barred: Callable[[str], str] = lambda name: "",
        changed: Callable[[], None] = _untold,
    ) -> None:
        self._clock = clock
        self._barred = barred
        self._changed = changed
        self.speakers: tuple[Speaker, ...] = ()
        self.renew(models)

    def renew(self, models: Sequence[Model]) -> None:
        """Other models from the next question on; who had the former closes them."""
        self.speakers = tuple(Speaker(each, self._clock, self._changed) for each in models)

    def ready(self) -> Iterator[Speaker]:
        """Those that may be asked now, in order; one that began to rest meanwhile is left out."""
        for each in self.speakers:
            if not each.breaker.resting and not self._barred(each.name):
                yield each

    def resting(self) -> tuple[str, ...]:
        """Those that are not asked, with their reason."""
        return tuple(why for each in self.speakers if (why := self._why_not(each)))

    def alone(self, name: str) -> "Chain":
        """Only the one of that name, as it is known here, or none for `rules`; NotFound."""
        found = tuple(each for each in self.speakers if each.name == name)
        if not found and name != "rules":
            there = ", ".join((*(each.name for each in self.speakers), "rules"))
            raise NotFound(f"no model {clean(name, limit=80)!r} is configured", f"there is {there}")
        only = Chain((), self._clock, self._barred, self._changed)
        only.speakers = found
        return only

    async def close(self) -> None:
        for each in self.speakers:
            await each.model.close()

    def _why_not(self, speaker: Speaker) -> str:
        if barred := self._barred(speaker.name):
            return f"{speaker.name} is not asked: {barred}"
        rest = speaker.breaker.resting
        return f"{speaker.name} rests for {rest:.0f} s: {speaker.breaker.reason}" if rest else ""
