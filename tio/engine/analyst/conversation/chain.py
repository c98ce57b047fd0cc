"""Models in their order; one that keeps failing rests, and is tried again."""

from collections.abc import Iterator, Sequence

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
_NO_FAULT = frozenset((Fault.overflow, Fault.unable))
"""What says nothing about the next question."""


class Breaker:
    """Open after 3 failures in a row, at once where a server is away or refuses.

    It rests 30 s, doubled each time up to 10 min; then the next question tries it.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._row = self._opened = 0
        self._until = 0.0
        self.reason = ""

    @property
    def resting(self) -> float:
        """Seconds until it is tried again; 0 when it may be."""
        return max(0.0, self._until - self._clock.monotonic())

    def well(self) -> None:
        self._row = self._opened = 0
        self._until, self.reason = 0.0, ""

    def failed(self, failed: Failed) -> None:
        self.reason = failed.text
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

    def __init__(self, model: Model, clock: Clock) -> None:
        self.model = model
        self._clock = clock
        self.breaker = Breaker(clock)
        self.reckoning = Reckoning()
        self.window = WINDOW
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
        try:
            told = await within(self._clock, LEARN_SECONDS, self.model.ability())
        except Silent as silent:
            return Failed(Fault.silent, f"{self.name}: {silent}")
        match told:
            case Failed(fault=Fault.unreachable | Fault.refused | Fault.silent):
                return told
            case Ability():
                self.prompted = told.tools is False
                if told.context:
                    most = LOCAL_WINDOW if told.server == "ollama" else MOST_WINDOW
                    self.window = min(told.context, most)
        self._asked = True
        return None


class Chain:
    """Models in the order they are asked in. Closing it closes them."""

    def __init__(self, models: Sequence[Model], clock: Clock) -> None:
        self.speakers = tuple(Speaker(each, clock) for each in models)

    def ready(self) -> Iterator[Speaker]:
        """Those that may be asked now, in order; one that began to rest meanwhile is left out."""
        for each in self.speakers:
            if not each.breaker.resting:
                yield each

    def resting(self) -> tuple[str, ...]:
        """Those that are not asked, with their reason."""
        return tuple(
            f"{each.name} rests for {each.breaker.resting:.0f} s: {each.breaker.reason}"
            for each in self.speakers
            if each.breaker.resting
        )

    async def close(self) -> None:
        for each in self.speakers:
            await each.model.close()
