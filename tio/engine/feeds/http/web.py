"""The web as the engine sees it: one for all sources, which makes a `Host` for each of theirs."""

import random
from collections.abc import Callable, Mapping
from hashlib import sha256

from tio import __version__
from tio.engine.feeds.http import addresses
from tio.engine.feeds.http.addresses import Lookup, look_up
from tio.engine.feeds.http.cache import AnswerCache
from tio.engine.feeds.http.call import Line
from tio.engine.feeds.http.counters import Counters, MemoryCounters
from tio.engine.feeds.http.host import Host
from tio.engine.feeds.http.limiter import Limiter
from tio.engine.feeds.http.redact import Redactor
from tio.engine.feeds.http.shapes import Answer, Budget, HostState
from tio.engine.feeds.http.tally import Tally
from tio.engine.feeds.http.transport import Transport, Wire
from tio.plugin import Clock

_USUAL = {"User-Agent": f"tio/{__version__}", "Accept": "*/*"}


class Web:
    """Hosts by name; those of one address and credential share their limits.

    `proxy` "" takes the environment's. `transport` replaces the wire in tests.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        proxy: str = "",
        counters: Counters | None = None,
        jitter: Callable[[], float] = random.random,
        timeout: float = 20.0,
        lookup: Lookup = look_up,
        transport: Transport | None = None,
    ) -> None:
        self.clock, self.proxy, self.jitter, self.lookup = clock, proxy, jitter, lookup
        self._counters = counters or MemoryCounters()
        self._timeout = timeout
        self._transport = transport
        self._cache = AnswerCache()
        self._limiters: dict[str, Limiter] = {}
        self._hosts: dict[str, Host] = {}
        self._replaced: list[Host] = []

    def host(
        self,
        name: str,
        base_url: str,
        budget: Budget,
        *,
        headers: Mapping[str, str] = {},
        capability: str = "",
        limits: Callable[[Answer, Limiter], None] | None = None,
        credential: str = "",
        own: bool = False,
        shared: str = "",
    ) -> Host:
        """The host of that name, made anew: its breakers closed, its limits as they were.

        `own`: the owner wrote this address, so it may be private or unencrypted; one that names a
        private address is taken for own. `capability` is that of calls that name none. `shared`
        is what hosts with one limit have in common, by default host, port and credential.
        """
        origin = addresses.place_of(base_url)
        its_own = own or addresses.names_private(base_url)
        places = frozenset({origin}) if its_own else frozenset()
        redactor = Redactor([credential])
        redactor.learn_from(headers)
        at = shared or f"{origin[0]}:{origin[1]}"
        key = f"{at}#{sha256(credential.encode()).hexdigest()[:12]}" if credential else at
        if key not in self._limiters:
            self._limiters[key] = Limiter(name, budget, self.clock, self._counters, key)
        exempt = places | addresses.proxies(self.proxy)
        line = Line(
            clock=self.clock,
            jitter=self.jitter,
            transport=self._transport
            or Wire(exempt, self.proxy, self.lookup, max(1, budget.concurrency)),
            limiter=self._limiters[key],
            redactor=redactor,
            tally=Tally(),
            own=places,
            origin=origin,
            has_key=bool(credential),
            timeout=self._timeout,
            limits=limits,
        )
        if name in self._hosts:
            self._replaced.append(self._hosts[name])
        told = {**_USUAL, **headers}
        self._hosts[name] = Host(name, base_url, told, line, self._cache, capability)
        return self._hosts[name]

    def try_now(self, source: str) -> None:
        """Let what rests of a source's hosts be probed by its next call."""
        for host in self._hosts.values():
            if host.name.partition("/")[0] == source:
                host.try_now()

    def states(self) -> tuple[HostState, ...]:
        """How every host does."""
        return tuple(host.state() for host in self._hosts.values())

    async def close(self) -> None:
        """End every call and connection."""
        for host in [*self._replaced, *self._hosts.values()]:
            await host.close()
        for limiter in self._limiters.values():
            await limiter.close()
        self._hosts.clear()
        self._replaced.clear()
