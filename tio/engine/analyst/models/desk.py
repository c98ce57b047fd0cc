"""The models of config.toml: their chain, their state, their keys, what they take of a day."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from tio.api.access import Principal
from tio.api.clean import clean
from tio.api.contract import After, Request, Topic, Watch
from tio.api.errors import Conflict, NotFound
from tio.api.model_exams import ExamStep, Finding, Mark
from tio.api.models import (
    RULES,
    DeleteModelKey,
    ListModels,
    ModelKind,
    ModelStanding,
    ModelState,
    ModelStates,
    SetModelKey,
)
from tio.config import Config
from tio.engine.analyst.models.spending import Spending
from tio.engine.bus import Bus, LatestChannel
from tio.engine.keys.vault import Vault
from tio.engine.service import Answer, Stream
from tio.engine.store.database import Database
from tio.plugin import Clock

if TYPE_CHECKING:
    from tio.engine.analyst.conversation.chain import Chain, Speaker
    from tio.engine.analyst.conversation.loop import Limits
    from tio.engine.analyst.models.configured import ConfiguredModel
    from tio.engine.analyst.models.keys import ModelKeys
    from tio.engine.analyst.models.settings import Settings


class ModelDesk:
    """Makes the chain when it is first wanted, and anew when config.toml changes.

    `offline` says why no network may be asked; servers on this machine are asked all the same.
    """

    def __init__(
        self,
        config: Config,
        wall: Clock,
        bus: Bus,
        database: Database,
        vault: Vault,
        offline: Callable[[Config], str],
    ) -> None:
        self._config = config
        self._wall = wall
        self._vault = vault
        self._reader: ModelKeys | None = None
        self._spending = Spending(config.analyst, wall, database)
        self._offline = offline
        self._chain: Chain | None = None
        self._settings = _settings(config)
        self._tasks: set[asyncio.Task[None]] = set()
        self._channel: LatestChannel[str, tuple[ModelState, ...]] = bus.latest(
            lambda _: self._states()
        )

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {
            ListModels: self._list,
            SetModelKey: self._set_key,
            DeleteModelKey: self._delete_key,
        }

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {ModelStates: self._watch}

    async def start(self) -> None:
        await self._spending.start()

    async def close(self) -> None:
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._chain is not None:
            await self._chain.close()

    @property
    def chain(self) -> "Chain":
        """The models in their order, for as long as the engine lives; its models may change."""
        if self._chain is None:
            from tio.engine.analyst.conversation.chain import Chain

            self._chain = Chain(self._models(), self._wall, self.barred, self._changed)
        return self._chain

    @property
    def limits(self) -> "Limits":
        """What one question may take."""
        from tio.engine.analyst.conversation.loop import Limits

        told = self._config.analyst
        return Limits(told.rounds, told.seconds, told.tokens, told.written)

    def spend(self, model: str, read: int, written: int) -> None:
        """Count tokens. The chain's models do so themselves, for whoever asks them."""
        self._spending.add(model, read, written)
        self._changed()

    def cost(self, model: str, read: int, written: int) -> float | None:
        """What so many tokens cost, in the currency of [analyst]; None where no price is told."""
        terms = self._config.analyst.terms(model)
        if not (terms.price_read or terms.price_written):
            return None
        return (terms.price_read * read + terms.price_written * written) / 1_000_000

    def knows_until(self, model: str) -> date | None:
        """The day its own knowledge ends, as [analyst] says."""
        return self._config.analyst.terms(model).knows_until

    def barred(self, model: str) -> str:
        """Why a model may not be asked now: offline, or the day's budget; "" when it may."""
        return self._unreached(model) or self._spending.over(model)

    def named(self, text: str) -> str:
        """The name of a model by a part of it; NotFound, Conflict."""
        return self._known(text).name

    def examined(self, speaker: "Speaker", findings: Sequence[Finding]) -> None:
        """Take in what an examination found: whether tools must be told in words."""
        marks = {each.step: each.mark is Mark.passed for each in findings}
        if ExamStep.calls in marks:
            speaker.tools, speaker.examined = marks[ExamStep.calls], True
            speaker.prompted = not speaker.tools and marks.get(ExamStep.prompted, False)
        speaker.structured = marks.get(ExamStep.shape)
        self._changed()

    def configure(self, config: Config) -> None:
        """Another config.toml: other models from the next question on."""
        self._config = config
        self._settings = _settings(config)
        self._spending.configure(config.analyst)
        self._renew()

    def _unreached(self, model: str) -> str:
        told = self._settings.get(model)
        if told is None or told.loopback or not (why := self._offline(self._config)):
            return ""
        return f"{why}: only servers of this machine are asked"

    @property
    def _keys(self) -> "ModelKeys":
        if self._reader is None:
            from tio.engine.analyst.models.keys import ModelKeys

            self._reader = ModelKeys(self._vault)
        return self._reader

    def _models(self) -> "tuple[ConfiguredModel, ...]":
        from tio.engine.analyst.models.configured import models_of

        return models_of(self._config, self._keys, self._wall, self.barred, self.spend)

    def _renew(self) -> None:
        if self._chain is not None:
            former = [each.model for each in self._chain.speakers]
            self._chain.renew(self._models())
            for each in former:
                self._later(each.retire())  # type: ignore[attr-defined]
        self._changed()

    def _later(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _changed(self) -> None:
        self._channel.touch("")

    async def _list(self, asked: ListModels, by: Principal) -> tuple[ModelState, ...]:
        await self._keys.load(*self._settings.values())
        if asked.check and self._settings:
            await asyncio.gather(*(self._look(each) for each in self.chain.speakers))
        return self._states()

    async def _look(self, speaker: "Speaker") -> None:
        """Ask a server what its model can do; what rested is ready again when it answers."""
        if self.barred(speaker.name):
            return
        await speaker.check()

    async def _set_key(self, asked: SetModelKey, by: Principal) -> ModelState:
        told = self._known(asked.model)
        await self._keys.keep(told, asked.value)
        return self._with_other_key(told)

    async def _delete_key(self, asked: DeleteModelKey, by: Principal) -> ModelState:
        told = self._known(asked.model)
        await self._keys.load(told)
        await self._keys.forget(told)
        return self._with_other_key(told)

    def _with_other_key(self, told: "Settings") -> ModelState:
        self._renew()
        return next(each for each in self._states() if each.name == told.name)

    def _known(self, text: str) -> "Settings":
        """The model of that name, or the only one whose name has that part; NotFound, Conflict."""
        if text in self._settings:
            return self._settings[text]
        shown = clean(text, limit=80)
        found = [each for name, each in self._settings.items() if text in name]
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(each.name for each in found)
            raise Conflict(f"{shown!r} may be {names}", "say more of its name")
        from difflib import get_close_matches

        near = get_close_matches(text, self._settings, n=1)
        raise NotFound(
            f"[analyst] models in config.toml does not name {shown!r}",
            f"did you mean {near[0]!r}?" if near else "`tio analyst models` lists those it names",
        )

    def _watch(
        self, _: ModelStates, __: Principal, ___: After | None
    ) -> Watch[tuple[ModelState, ...]]:
        def last(told: Sequence[tuple[ModelState, ...]]) -> tuple[ModelState, ...]:
            return told[-1]

        return self._channel.watch(None, self._states, last, on_enter=self._read_keys)

    def _read_keys(self) -> None:
        """Where the keys are, told once it is known: a keyring may take its time."""

        async def read() -> None:
            await self._keys.load(*self._settings.values())
            self._changed()

        if self._settings:
            self._later(read())

    def _states(self) -> tuple[ModelState, ...]:
        rules = ModelState(name=RULES, kind=ModelKind.rules, model=RULES, state=ModelStanding.ready)
        if not self._settings:
            return (rules,)
        from tio.engine.analyst.models.standing import Standing

        standing = Standing(
            self._config.analyst, self._wall, self._keys, self._spending, self._unreached
        )
        speakers = {each.name: each for each in self._chain.speakers} if self._chain else {}
        models = (standing.of(each, speakers.get(name)) for name, each in self._settings.items())
        return (*models, rules)


def _settings(config: Config) -> "dict[str, Settings]":
    """Where each model is, by its name; nothing is imported for none."""
    if not config.analyst.models:
        return {}
    from tio.engine.analyst.models.configured import settings_of

    return {each.name: each for each in settings_of(config)}
