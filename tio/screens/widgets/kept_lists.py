"""The caller's lists as the engine tells them, and over them what was changed here meanwhile."""

from collections.abc import Iterator, Mapping, Sequence

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.watchlists import DeleteWatchlist, SaveWatchlist, Watchlist
from tio.screens.following import in_words
from tio.screens.stage import Stage

SETTLES = 2.0
"""Seconds within which the engine tells the lists as they were saved."""


class KeptLists:
    """Lists by name; a change stands at once and is saved in the background."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._lists: dict[str, Watchlist] = {}
        self._unsaved: dict[str, list[tuple[Watchlist, str]]] = {}
        self._settling: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._lists)

    def __iter__(self) -> Iterator[str]:
        return iter(self._lists)

    def __contains__(self, name: str) -> bool:
        return name in self._lists

    def __getitem__(self, name: str) -> Watchlist:
        """The list of that name, an empty one when there is none."""
        return self._lists.get(name) or Watchlist(name)

    def take(self, lists: Sequence[Watchlist]) -> None:
        """What the engine tells, all of it."""
        told = {each.name: each for each in lists}
        self._lists = told | dict(self._mine(told))

    def _mine(self, told: Mapping[str, Watchlist]) -> Iterator[tuple[str, Watchlist]]:
        """The lists of which an engine's telling is older than the change made here.

        It is until it says what was saved, or does not within SETTLES: someone else changed it.
        """
        now = self._stage.clock.monotonic()
        for name, mine in list(self._lists.items()):
            settling = now < self._settling.get(name, 0.0) and told.get(name) != mine
            if name in self._unsaved or settling:
                yield name, mine
            else:
                self._settling.pop(name, None)

    def suppose(self, first: Watchlist) -> None:
        """Hold a list nobody has saved; the first change of it saves it."""
        self._lists[first.name] = first

    def save(self, changed: Watchlist, say: str = "") -> None:
        """Hold a list as changed and save it; `say` is said once the engine has it."""
        name = changed.name
        self._lists[name] = changed
        engine = self._stage.engine
        if engine is None:
            return
        under_way = name in self._unsaved
        self._unsaved.setdefault(name, []).append((changed, say))
        if not under_way:
            self._stage.background(f"save {name}", self._keep, engine, name)

    async def _keep(self, engine: Engine, name: str) -> None:
        """Save a list's changes one after the other: two at once could arrive in either order."""
        changes = self._unsaved[name]
        try:
            while changes:
                changed, say = changes[0]
                try:
                    await engine.ask(SaveWatchlist(name, changed.symbols, changed.columns))
                except TioError as error:
                    self._stage.say(f"The list is not saved: {in_words(error)}", "fall")
                else:
                    if say:
                        self._stage.say(say, "rise")
                changes.pop(0)
        finally:
            del self._unsaved[name]
            self._settling[name] = self._stage.clock.monotonic() + SETTLES

    async def delete(self, engine: Engine, name: str) -> None:
        """Remove a list; it stays until the engine tells it gone."""
        self._settling.pop(name, None)
        try:
            await engine.ask(DeleteWatchlist(name=name))
        except TioError as error:
            self._stage.say(in_words(error), "fall")
