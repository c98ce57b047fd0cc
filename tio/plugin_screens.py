"""The screens of enabled plugins: which codes they bring, each class loaded when it is opened."""

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tio.api.clean import clean
from tio.api.errors import Broken
from tio.api.system import Plugin, PluginState
from tio.engine.plugins.find import find
from tio.engine.plugins.shelf import PluginShelf


class PluginScreens:
    """Runs what the engine calls enabled, by the very hashes it told; `folder` is the person's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._places: dict[str, tuple[str, str]] = {}
        self._known: Sequence[Plugin] = ()
        self._faults: Sequence[str] = ()

    def learn(self, plugins: Sequence[Plugin]) -> tuple[Mapping[str, str], Sequence[str]]:
        """Code → whose it is, and a sentence for each plugin that is broken; blocks."""
        enabled = [plugin for plugin in plugins if plugin.state is PluginState.enabled]
        if enabled != self._known:
            self._known = enabled
            self._load({plugin.name: plugin.digest for plugin in enabled})
        whose = {code: f"of the plugin {name}" for code, (name, _) in self._places.items()}
        return whose, self._faults

    def _load(self, pins: Mapping[str, str]) -> None:
        shelf = PluginShelf(find(self._folder) if pins else {}, pins)
        self._places = {}
        for spec in shelf.load():
            for code, place in spec.screens.items():
                self._places.setdefault(code.upper(), (spec.name, place))
        self._faults = [
            f"Plugin {each.name} is {each.state}: {each.reason}"
            for each in shelf.listed()
            if each.reason
        ]

    def maker(self, code: str) -> Callable[[], object]:
        """What makes the screen of a code; Broken, in a sentence, when it cannot be loaded."""
        name, place = self._places[code]
        module, _, attribute = place.partition(":")
        own = f"tio_plugin_{name}"
        try:
            home = sys.modules[own] if module == name and own in sys.modules else None
            made = getattr(home or importlib.import_module(module), attribute)
        except (Exception, SystemExit) as error:  # its code may raise anything
            raise Broken(
                clean(f"{code} of the plugin {name} cannot be loaded: {error}", limit=200)
            ) from error
        if not callable(made):
            raise Broken(f"{code} of the plugin {name} is no screen: {place!r}")
        maker: Callable[[], object] = made
        return maker
