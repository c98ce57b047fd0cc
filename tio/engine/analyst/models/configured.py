"""Models of config.toml: nothing is imported, read or opened before one is asked."""

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace

import msgspec

from tio.api.errors import TioError
from tio.api.models import RULES
from tio.config import Config, ModelTerms
from tio.engine.analyst.models.keys import ModelKeys
from tio.engine.analyst.models.settings import Settings, settings
from tio.engine.analyst.models.speech import (
    Ability,
    Asking,
    Event,
    Failed,
    Fault,
    Model,
    Text,
    Thinking,
    ToolCall,
    Usage,
)
from tio.plugin import Clock

CHARACTERS_A_TOKEN = 4
"""For the count of a round whose server counts nothing."""

Spend = Callable[[str, int, int], None]
Barred = Callable[[str], str]


def settings_of(config: Config) -> tuple[Settings, ...]:
    """Where each model is, in its order; the rules are none."""
    return tuple(_settings(name, config) for name in config.analyst.models if name != RULES)


def models_of(
    config: Config, keys: ModelKeys, clock: Clock, barred: Barred, spend: Spend
) -> tuple["ConfiguredModel", ...]:
    """The models in their order."""
    return tuple(
        ConfiguredModel(each, config.analyst.terms(each.name), keys, clock, barred, spend)
        for each in settings_of(config)
    )


class ConfiguredModel:
    """One model: made with its key when first asked; what it reads and writes is counted."""

    def __init__(
        self,
        settings: Settings,
        terms: ModelTerms,
        keys: ModelKeys,
        clock: Clock,
        barred: Barred,
        spend: Spend,
    ) -> None:
        self.name = settings.name
        self.window = settings.context
        self.settings = settings
        self._terms = terms
        self._keys = keys
        self._clock = clock
        self._barred = barred
        self._spend = spend
        self._key = ""
        self._model: Model | None = None
        self._rounds = 0
        self._retired = False

    async def says(self, asking: Asking) -> AsyncIterator[Event]:
        """The events of one round; none is asked for where the model is barred."""
        if why := self._barred(self.name):
            yield Failed(Fault.barred, f"{self.name} is not asked: {why}")
            return
        asking = msgspec.structs.replace(asking, temperature=self._terms.temperature)
        self._rounds += 1
        tally = _Tally(asking)
        try:
            model = await self._made()
            async with aclosing(model.says(asking)) as events:  # type: ignore[type-var]
                async for event in events:
                    tally.hear(event)
                    yield self._discreet(event) if isinstance(event, Failed) else event
        except TioError as error:
            yield self._keyless(error)
        finally:
            self._rounds -= 1
            self._spend(self.name, tally.read, tally.written)
            await self._let_go()

    async def ability(self) -> Ability | Failed:
        """What the server says of it."""
        if why := self._barred(self.name):
            return Failed(Fault.barred, f"{self.name} is not asked: {why}")
        self._rounds += 1
        try:
            told = await (await self._made()).ability()
            return self._discreet(told) if isinstance(told, Failed) else told
        except TioError as error:
            return self._keyless(error)
        finally:
            self._rounds -= 1
            await self._let_go()

    async def close(self) -> None:
        if self._model is not None:
            await self._model.close()
            self._model = None

    async def retire(self) -> None:
        """Close, once what is being said has been said."""
        self._retired = True
        await self._let_go()

    async def _let_go(self) -> None:
        if self._retired and not self._rounds:
            await self.close()

    async def _made(self) -> Model:
        if self._model is None:
            key = await self._keys.secret(self.settings)
            if self._model is None:
                self._key, self._model = key, _model(replace(self.settings, key=key), self._clock)
        return self._model

    def _keyless(self, error: TioError) -> Failed:
        """Where keys are kept could not be read, or what is there is none."""
        return Failed(Fault.refused, f"{self.name} is not asked: {error.message}")

    def _discreet(self, failed: Failed) -> Failed:
        """Some servers repeat the key they refuse."""
        if self._key and self._key in failed.text:
            return Failed(failed.fault, failed.text.replace(self._key, "***"))
        return failed


def _settings(name: str, config: Config) -> Settings:
    terms = config.analyst.terms(name)
    told = settings(name)
    return replace(
        told,
        proxy="" if told.loopback else config.network.proxy,
        opens=terms.opens,
        first=terms.first,
        between=terms.between,
        context=terms.context,
        think=terms.think,
    )


def _model(settings: Settings, clock: Clock) -> Model:
    if settings.kind == "ollama":
        from tio.engine.analyst.models.ollama import OllamaModel

        return OllamaModel(settings, clock)
    from tio.engine.analyst.models.openai import OpenAiModel

    return OpenAiModel(settings, clock)


@dataclass
class _Tally:
    """Tokens of a round: as the server counts them, else by the characters, if it said a thing."""

    asking: Asking
    counted: Usage | None = None
    heard: int = 0

    def hear(self, event: Event) -> None:
        match event:
            case Text(text) | Thinking(text):
                self.heard += len(text)
            case ToolCall():
                self.heard += len(event.name) + len(event.arguments)
            case Usage():
                self.counted = event

    @property
    def read(self) -> int:
        if self.counted is not None:
            return self.counted.read
        said = sum(len(each.text) for each in self.asking.messages)
        return said // CHARACTERS_A_TOKEN if self.heard else 0

    @property
    def written(self) -> int:
        if self.counted is not None:
            return self.counted.written
        return -(-self.heard // CHARACTERS_A_TOKEN)
