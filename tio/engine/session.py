"""The one place a word is validated, its role checked and its write written down."""

import logging
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from tio.api.access import Principal
from tio.api.codec import decode, encode
from tio.api.contract import After, Effect, Request, Topic, Watch, Word
from tio.api.errors import Broken, Invalid, NotAllowed, TioError, UnknownWord
from tio.engine.service import Answer, Stream, write_key

R = TypeVar("R")
log = logging.getLogger(__name__)


class Session:
    """An engine as one principal may use it."""

    def __init__(
        self,
        principal: Principal,
        answers: Mapping[type[Request[Any]], Answer],
        streams: Mapping[type[Topic[Any]], Stream],
    ) -> None:
        self.principal = principal
        self._answers = answers
        self._streams = streams

    async def ask(self, request: Request[R], /, *, key: str = "") -> R:
        answer = self._answers.get(type(request))
        if answer is None:
            raise UnknownWord(f"this engine does not answer {type(request).__name__}")
        self._admit(request)
        token = write_key.set(key)
        try:
            given: R = await answer(validated(request), self.principal)
        except TioError as error:
            self._note(request, error.code)
            raise
        except Exception as error:
            log.exception("%s failed", type(request).__name__)
            raise Broken(
                f"{type(request).__name__} failed inside the engine: {type(error).__name__}",
                "`tio daemon logs` or the LOG screen has the rest",
            ) from error
        finally:
            write_key.reset(token)
        self._note(request, "done")
        return given

    def watch(self, topic: Topic[R], /, *, after: After | None = None) -> Watch[R]:
        stream = self._streams.get(type(topic))
        if stream is None:
            raise UnknownWord(f"this engine has no topic {type(topic).__name__}")
        self._admit(topic)
        watch: Watch[R] = stream(validated(topic), self.principal, after)
        return watch

    async def close(self) -> None:
        """A session holds nothing of its own."""

    def _admit(self, word: Word) -> None:
        needed = type(word).meaning.role
        if not self.principal.role.covers(needed):
            raise NotAllowed(
                f"{type(word).__name__} needs the role {needed}, "
                f"{self.principal.name} is {self.principal.role}"
            )

    def _note(self, word: Word, outcome: str) -> None:
        if type(word).meaning.effect is not Effect.read:
            who, door = self.principal.name, self.principal.door
            by = who if door == Principal().door else f"{who} through {door}"
            log.info("%s by %s: %s", type(word).__name__, by, outcome)


W = TypeVar("W", bound=Word)


def validated(word: W) -> W:
    """The word as it would arrive over a wire; constructing a Struct checks nothing."""
    try:
        return decode(encode(word), type(word))
    except (msgspec.MsgspecError, NotImplementedError, TypeError, ValueError) as error:
        raise Invalid(f"{type(word).__name__}: {error}") from error
