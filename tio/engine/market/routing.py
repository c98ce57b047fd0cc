"""Which source tells each symbol: the first of its chain that can, and back to it in time."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence

from tio.api.market import AssetClass, Instrument
from tio.api.series import instant, moment
from tio.api.sources import Attempt, Route, SourceState
from tio.engine.market.demand import Demand, Follower
from tio.engine.market.feed import Feed
from tio.engine.market.feeding import Feeds
from tio.engine.market.paths import Path, Shares
from tio.engine.market.paths import Shelf as Shelf
from tio.engine.market.patience import BAD, FORGIVEN, GRACE, LIST_GRACE, PROBE_EVERY, PROBES, STAY
from tio.plugin import Clock

log = logging.getLogger(__name__)


class Router:
    """Routes what is watched. `instrument` tells what a symbol is; `chains` who may tell it."""

    def __init__(
        self,
        clock: Clock,
        feeds: Feeds,
        demand: Demand,
        shelf: Shelf,
        instrument: Callable[[str], Instrument],
        chains: Mapping[AssetClass, Sequence[str]],
        heard: Callable[[str, str], int | None],
    ) -> None:
        self.paths: dict[str, Path] = {}
        self.shelf = shelf
        self.turned = asyncio.Event()
        """Set, and replaced, whenever some path was judged otherwise than before."""
        self._clock = clock
        self._feeds = feeds
        self._demand = demand
        self._instrument = instrument
        self._chains = chains
        self._heard = heard
        """The newest instant at which a source told a symbol, None when it never did."""
        self._shares = Shares(lambda: demand.closely)
        self._follower: Follower | None = None
        self._task: asyncio.Task[None] | None = None
        self._probed = clock.monotonic()
        self._states: tuple[SourceState, ...] = ()
        self._refused_at: dict[tuple[str, str], float] = {}

    async def start(self) -> None:
        self._follower = self._demand.follow()
        self._feeds.on_look = self.look
        self._feeds.on_refused = self.refused
        self._take(self._follower.symbols)
        self._task = asyncio.create_task(self._follow(self._follower), name="router")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._follower is not None:
            self._demand.leave(self._follower)

    def routed_to(self, name: str) -> frozenset[str]:
        """The symbols a source is to tell."""
        return self._shares.of(name)

    def writer(self, symbol: str) -> str | None:
        """The source that writes a symbol's line; None when anybody may."""
        path = self.paths.get(symbol)
        return path.active or None if path is not None else None

    def routes(self, symbols: Iterable[str] = ()) -> tuple[Route, ...]:
        """How the symbols that are watched are served; none named: all of them."""
        wanted = set(symbols)
        return tuple(
            Route(
                symbol=path.symbol,
                asset_class=path.kind,
                source=path.active,
                since=moment(path.since_at) if path.active else None,
                reason=self._why(path),
                passed_over=path.passed,
                note=path.note,
            )
            for symbol, path in sorted(self.paths.items())
            if not wanted or symbol in wanted
        )

    def _why(self, path: Path) -> str:
        """Why this source, and what ails it where no other can."""
        feed = self._feeds.get(path.active)
        if feed is None or feed.state not in BAD:
            return path.reason
        said = feed.reason or str(feed.state)
        by = "" if said.startswith(path.active) else f"{path.active}: "
        return "; ".join(filter(None, (path.reason, f"{by}{said}, and no other serves it")))

    def why_none(self, symbol: str) -> str:
        """Why nobody serves a symbol that is watched: every source's reason; "" while one does."""
        path = self.paths.get(symbol)
        if path is None or path.active:
            return ""
        return "; ".join(f"{each.source}: {each.reason}" for each in path.passed)

    def settled(self, symbol: str) -> bool:
        """Whether nothing more will come of waiting: who could serve it failed, or nobody can."""
        path = self.paths.get(symbol)
        if path is None or any(self.shelf.awaits_list(name) for name in path.chain):
            return False
        return not path.active or bool(self.trouble(symbol))

    def standing(self, symbol: str) -> str:
        """What each source that may serve a symbol does about it, for who heard nothing."""
        path = self.paths.get(symbol)
        told = []
        for name in path.chain if path is not None else ():
            if path is None or self.shelf.unusable(name):
                continue
            feed = self._feeds.get(name)
            why = self._serves(path, name)
            if not why and (feed is None or feed.state is SourceState.idle):
                continue
            told.append(f"{name}: {why or (feed and (feed.reason or feed.state))}")
        return "; ".join(told)

    def trouble(self, symbol: str) -> str:
        """Why nobody tells a symbol that somebody serves: each one's failure; "" else."""
        path = self.paths.get(symbol)
        if path is None or not path.active:
            return ""
        told = []
        for name in path.chain:
            if self._serves(path, name):
                continue
            feed = self._feeds.get(name)
            if feed is None or feed.state not in BAD:
                return ""
            told.append(f"{name}: {feed.reason or feed.state}")
        return "; ".join(told)

    def refused(self, source: str, symbol: str, reason: str) -> None:
        """A source will not serve a symbol: the next of the chain gets it."""
        path = self.paths.get(symbol)
        if path is not None:
            path.refused[source] = reason
            self._refused_at[symbol, source] = self._clock.monotonic()
            self._judge(path)
            self._share()

    def reconsider(self, source: str = "") -> None:
        """A source was switched, got a key or its list: look at every path that may use it."""
        for path in self.paths.values():
            if not source or source in path.chain:
                path.refused.pop(source, None)
                self._judge(path)
        self._share()

    def look(self) -> None:
        """Once a second: leave who fell silent, return to who is back."""
        probing = self._clock.monotonic() - self._probed >= PROBE_EVERY
        if probing:
            self._probed = self._clock.monotonic()
        states = self._feeds.states_now()
        moved, self._states = states != self._states, states
        self._shares.renewing.clear()
        if probing:
            self._forgive()
        for path in self.paths.values():
            if probing and path.better:
                self._probe(path)
            if moved or path.better or not self._tells(path):
                self._judge(path)
        self._share()

    def _forgive(self) -> None:
        """Ask again who refused a symbol long ago: it may have been a fault of the venue."""
        upto = self._clock.monotonic() - FORGIVEN
        for symbol, source in [each for each, at in self._refused_at.items() if at <= upto]:
            del self._refused_at[symbol, source]
            path = self.paths.get(symbol)
            if path is not None and path.refused.pop(source, ""):
                self._judge(path)

    def _tells(self, path: Path) -> bool:
        return bool(path.active) and self._heard(path.active, path.symbol) is not None

    async def _follow(self, follower: Follower) -> None:
        while True:
            await follower.changed()
            try:
                self._take(follower.symbols)
                self._shares.tell()
            except Exception:
                log.exception("what is watched could not be routed; the next look tries again")

    def _take(self, symbols: frozenset[str]) -> None:
        for gone in self.paths.keys() - symbols:
            del self.paths[gone]
        now = self._clock.monotonic()
        for symbol in symbols - self.paths.keys():
            instrument = self._instrument(symbol)
            if self._feeds.is_fixed(instrument.source):
                continue  # a plugin's own
            chain = self._chains.get(instrument.asset_class, ())
            path = self.paths[symbol] = Path(symbol, instrument.asset_class, chain, now)
            self._judge(path)
        self._share()

    def _judge(self, path: Path) -> None:
        """Choose who tells this symbol; where that fails the others are routed all the same."""
        try:
            self._choose(path)
        except Exception as error:
            fault = f"{type(error).__name__}: {error}"
            if fault != path.fault:  # once, not with each look
                log.exception("%s could not be routed", path.symbol)
            path.fault = fault
        else:
            path.fault = ""

    def _choose(self, path: Path) -> None:
        """Choose who tells this symbol, and say why not those before."""
        now = self._clock.monotonic()
        before = path.active
        reasons = {name: self._against(path, name, now) for name in path.chain}
        first = self._first(path, reasons, now)
        stays = path.active if path.active and not reasons.get(path.active) else ""
        if stays and stays != first:
            first = self._back(path, stays, first, now)
        if first != path.active:
            self._switch(path, first, reasons, now)
        better = self._worth_probing(path)
        if better != path.better:
            path.better = better
            path.probes.clear()
        upto = path.chain.index(path.active) if path.active in path.chain else len(path.chain)
        passed = tuple(
            Attempt(name, reasons[name] or "being tried again") for name in path.chain[:upto]
        )
        if passed != path.passed or path.active != before:
            path.passed = passed
            turned, self.turned = self.turned, asyncio.Event()
            turned.set()

    def _first(self, path: Path, reasons: Mapping[str, str], now: float) -> str:
        """The first that can; at the very beginning a better one's list is waited for."""
        for name in path.chain:
            if not reasons[name]:
                return name
            patient = not path.active and now - path.since < LIST_GRACE
            if patient and self.shelf.awaits_list(name):
                return ""
        return self._least_bad(path)

    def _back(self, path: Path, stays: str, first: str, now: float) -> str:
        """The better source, once it has proved itself and the fallback served its minute."""
        proven = path.better == first and len(path.probes) >= PROBES
        return first if proven and now - path.since >= STAY else stays

    def _switch(self, path: Path, to: str, reasons: Mapping[str, str], now: float) -> None:
        left = path.active
        if left and to:
            # When it is tried next is true for a moment, this for as long as the route stands.
            why = reasons.get(left, "").partition(", next try at")[0] or f"{to} is back"
            path.reason = f"{to} instead of {left}: {why}" if reasons.get(left) else why
            log.warning("%s: %s", path.symbol, path.reason)
        elif not to:
            path.reason = "no source serves it now"
        else:
            path.reason = ""
        path.active, path.since, path.since_at = to, now, instant(self._clock.now())
        path.probes.clear()
        if path.symbol in self.routed_to(to):
            self._shares.renewing.add(path.symbol)

    def _least_bad(self, path: Path) -> str:
        """Where none can now: the active one, else the first that would serve the symbol."""
        if path.active and not self._serves(path, path.active):
            return path.active
        for name in path.chain:
            feed = self._feeds.get(name)
            if not self._serves(path, name) and feed and feed.state is not SourceState.off:
                return name
        return ""

    def _worth_probing(self, path: Path) -> str:
        """The first source before the active one that serves the symbol and only failed."""
        for name in path.chain if path.active else ():
            if name == path.active:
                return ""
            feed = self._feeds.get(name)
            standing = feed is not None and feed.state is not SourceState.off
            if standing and not self._serves(path, name):
                return name
        return ""

    def _probe(self, path: Path) -> None:
        """Count what the better source told since it was last looked at; a failure begins anew."""
        feed = self._feeds.get(path.better)
        if feed is None or feed.state in BAD:
            path.probes.clear()
            return
        told = self._heard(path.better, path.symbol)
        if told is None:
            return
        # Of what hardly trades nothing new comes: told of since it lives, give or take a second.
        lived = int((self._clock.monotonic() - feed.since + 1.0) * 1_000_000)
        stands = feed.state is SourceState.live and told >= instant(self._clock.now()) - lived
        if stands or not path.probes or told > path.probes[-1]:
            path.probes.append(told)

    def _serves(self, path: Path, name: str) -> str:
        """Why a source cannot tell this symbol, whatever its connection does; "" when it can."""
        return path.refused.get(name) or self.shelf.why_not(name, path.symbol)

    def _against(self, path: Path, name: str, now: float) -> str:
        """Why a source is not chosen now; "" when it can be."""
        why = self._serves(path, name)
        if why:
            return why
        feed = self._at_work(name)
        if feed is None:
            return self.shelf.unusable(name) or "cannot be opened"
        if feed.state in BAD:
            return feed.reason or str(feed.state)
        waited = now - (path.since if name == path.active else feed.since)
        if feed.state is SourceState.connecting and now - feed.since > GRACE:
            return "does not connect"
        patience = feed.source.traits.first_words_within
        if name == path.active and waited > patience and self._heard(name, path.symbol) is None:
            return f"said nothing of it in {patience:.0f} s"
        return ""

    def _at_work(self, name: str) -> Feed | None:
        feed = self._feeds.get(name)
        if feed is None:
            source = self.shelf.source(name)
            if source is None:
                return None
            feed = self._feeds.add(source, self._shares.following(name))
        return feed

    def _share(self) -> None:
        self._shares.divide(self.paths.values())
