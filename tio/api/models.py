"""Language models as a person configured them: who answers, what they can, their keys."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.contract import Effect, Request, Role, Topic, word

RULES = "rules"
"""Who answers when no model can; always the last of the chain."""

ModelText = Annotated[str, Meta(min_length=1, max_length=500)]
"""A model by its name, `openai:https://host/v1#model`, or by a part of it no other has."""


class ModelKind(StrEnum):
    """Which protocol carries it; the rules need none."""

    ollama = "ollama"
    openai = "openai"
    rules = "rules"


class ModelStanding(StrEnum):
    """Whether a model would answer now.

    `failing`: busy, silent or broken; `spent`: what a day may take is used up.
    """

    ready = "ready"
    unchecked = "unchecked"
    unreachable = "unreachable"
    refused = "refused"
    unknown_model = "unknown_model"
    failing = "failing"
    offline = "offline"
    spent = "spent"


class ModelKey(StrEnum):
    """Where the key of a model's server is kept; a server on this machine needs none."""

    keyring = "keyring"
    environment = "environment"
    file = "file"
    not_needed = "not_needed"
    missing = "missing"


class ModelState(msgspec.Struct, frozen=True, kw_only=True):
    """One model of the chain. `url` holds no credentials; what nobody has said yet is None.

    `next_try_at`: until then it rests. `context`: tokens of its window, 0 while unknown. `variable`
    names the environment's place for its key. Tokens and cost are those of the UTC day.
    """

    name: str
    kind: ModelKind
    model: str
    url: str = ""
    state: ModelStanding
    reason: str = ""
    next_try_at: datetime | None = None
    tools: bool | None = None
    structured: bool | None = None
    thinks: bool | None = None
    context: int = 0
    knows_until: date | None = None
    key: ModelKey = ModelKey.not_needed
    variable: str = ""
    read_today: int = 0
    written_today: int = 0
    cost_today: Decimal = Decimal(0)
    currency: str = "USD"


@word()
class ListModels(Request[tuple[ModelState, ...]], frozen=True):
    """The analyst's models in the order they are asked, rules last; `check` asks each server."""

    check: bool = False


@word(role=Role.owner, effect=Effect.write)
class SetModelKey(Request[ModelState], frozen=True):
    """Keep a model's server's key in the system's keyring, else in a file only the owner reads."""

    model: ModelText
    value: Annotated[str, Meta(min_length=1, max_length=4_096)]

    def __repr__(self) -> str:
        return f"SetModelKey(model={self.model!r}, value=***)"


@word(role=Role.owner, effect=Effect.write)
class DeleteModelKey(Request[ModelState], frozen=True):
    """Forget the key of a model's server; one in the environment stays there."""

    model: ModelText


@word()
class ModelStates(Topic[tuple[ModelState, ...]], frozen=True):
    """All models of the chain, again whenever one of them changes."""
