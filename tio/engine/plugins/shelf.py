"""What became of each plugin: listed, refused, broken or running."""

import importlib
import logging
import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import ParamSpec, TypeVar

from tio.api.clean import clean
from tio.api.errors import Conflict, NotFound
from tio.api.system import Plugin, PluginState
from tio.engine.plugins.find import Found
from tio.plugin import Clock, PluginSpec, Source, Traits

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")
Settings = Mapping[str, Mapping[str, object]]


class PluginShelf:
    """The plugins found, and `pins`: name → "sha256:…" of those that may run."""

    def __init__(
        self, found: Mapping[str, Found], pins: Mapping[str, str], settings: Settings | None = None
    ) -> None:
        self._found = found
        self._pins = dict(pins)
        self._settings = settings or {}
        self._faults: dict[str, str] = {}

    def listed(self) -> tuple[Plugin, ...]:
        """Every plugin found or pinned, by name."""
        return tuple(self._plugin(name) for name in sorted({*self._found, *self._pins}))

    def load(self) -> tuple[PluginSpec, ...]:
        """Run the enabled ones; one that fails is noted as broken and left out."""
        specs = []
        for plugin in self.listed():
            if plugin.state is PluginState.enabled:
                spec = self._guarded(plugin.name, _spec, self._found[plugin.name])
                if spec is not None:
                    specs.append(spec)
            elif plugin.state is PluginState.changed:
                log.warning("plugin %s: %s", plugin.name, plugin.reason)
        return tuple(specs)

    def sources(self, specs: tuple[PluginSpec, ...], clock: Clock) -> tuple[Source, ...]:
        """The sources of loaded plugins, each built with its own settings."""
        built = []
        for spec in specs:
            settings = self._settings.get(spec.name, {})
            for factory in spec.sources:
                source = self._guarded(spec.name, _source, factory, settings, clock)
                if source is not None:
                    built.append(source)
        return tuple(built)

    def trust(self, name: str, digest: str = "") -> Plugin:
        """Pin `name` to the hash it has now; Conflict when `digest` was given and differs."""
        found = self._found.get(name)
        if found is None:
            raise NotFound(
                f"no plugin is called {name!r}", next="`tio call ListPlugins` names all."
            )
        if found.fault:
            raise Conflict(f"plugin {name} {found.fault}", next=f"Mend {found.path}.")
        if digest and digest.removeprefix("sha256:") != found.digest.removeprefix("sha256:"):
            raise Conflict(
                f"plugin {name} has the hash {found.digest}, not {clean(digest, limit=80)}",
                next=f"Read {found.path} before you trust it.",
            )
        self._pins[name] = found.digest
        self._faults.pop(name, None)
        return self._plugin(name)

    def _plugin(self, name: str) -> Plugin:
        found, pin = self._found.get(name), self._pins.get(name)
        if found is None:
            return Plugin(
                name=clean(name, limit=80),
                state=PluginState.broken,
                digest=pin or "",
                reason="is enabled, but no plugin of this name was found",
            )
        state, reason = self._standing(found, pin)
        return Plugin(
            name=name,
            state=state,
            origin=found.origin,
            summary=found.summary,
            digest=found.digest,
            reason=reason,
        )

    def _standing(self, found: Found, pin: str | None) -> tuple[PluginState, str]:
        if fault := found.fault or self._faults.get(found.name):
            return PluginState.broken, fault
        if pin is None:
            return PluginState.available, ""
        if pin != found.digest:
            return PluginState.changed, (
                f"its file is not the one that was enabled ({pin[:19]}…); "
                "read it, then enable it again"
            )
        return PluginState.enabled, ""

    def _guarded(
        self, name: str, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T | None:
        """What the plugin's code gives; None, with the reason kept, when it fails."""
        try:
            return act(*args, **kwargs)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - its code may raise anything
            reason = clean(f"{type(error).__name__}: {error}", limit=300)
            self._faults[name] = reason
            log.warning("plugin %s is broken: %s", name, reason)
            return None


def _spec(found: Found) -> PluginSpec:
    """Run the very bytes that were hashed; an installed package is imported by its path."""
    if found.module:
        module = importlib.import_module(found.module)
    else:
        module = ModuleType(f"tio_plugin_{found.name}", found.summary)
        module.__file__ = str(found.path)
        sys.modules[module.__name__] = module
        try:
            exec(compile(found.code, str(found.path), "exec"), module.__dict__)  # noqa: S102
        except BaseException:
            del sys.modules[module.__name__]
            raise
    spec = getattr(module, "PLUGIN", None)
    if not isinstance(spec, PluginSpec):
        raise TypeError("has no PLUGIN = PluginSpec(…)")
    if spec.name != found.name:
        raise ValueError(f"calls itself {spec.name!r}, its file says {found.name!r}")
    return spec


def _source(
    factory: Callable[[Mapping[str, object], Clock], Source],
    settings: Mapping[str, object],
    clock: Clock,
) -> Source:
    source = factory(settings, clock)
    if not isinstance(getattr(source, "traits", None), Traits):
        raise TypeError("its source has no traits")
    return source
