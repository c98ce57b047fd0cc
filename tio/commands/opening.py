"""From a command to the terminal: the app first, the engine once its frame stands."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tio.api.market import Timeframe
from tio.app import TioApp
from tio.config import Config

if TYPE_CHECKING:
    from tio.api.contract import Engine
    from tio.api.files import StartReplay
    from tio.api.system import Plugin
    from tio.plugin_screens import PluginScreens


def run_app(
    workspace: str,
    config: Config,
    *,
    screen: str = "desk",
    symbol: str = "",
    link: str = "",
    line: str = "",
    first: "StartReplay | None" = None,
) -> None:
    """Run the terminal until it is left; `first` is said to the engine before any screen looks."""

    async def open_engine() -> "Engine":
        from tio.connect import open_engine as open_connection
        from tio.paths import Paths

        engine = await open_connection(
            Paths.find().workspace(workspace), config, serve=True, look_first=True
        )
        if first is not None:
            await engine.ask(first)
        return engine

    app = TioApp(
        open_engine,
        config=config,
        plugins=_Plugins(config),
        workspace=workspace,
        link=link or None,
        screen=screen,
        symbol=symbol or None,
        timeframe=_timeframe(first),
        command=line,
    )
    app.run(mouse=config.ui.mouse)


class _Plugins:
    """The plugins' screens, imported with the first code that may be theirs."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._screens: PluginScreens | None = None

    def learn(self, plugins: "Sequence[Plugin]") -> tuple[Mapping[str, str], Sequence[str]]:
        return self._loaded().learn(plugins)

    def maker(self, code: str) -> Callable[[], object]:
        return self._loaded().maker(code)

    def _loaded(self) -> "PluginScreens":
        if self._screens is None:
            from tio.paths import Paths
            from tio.plugin_screens import PluginScreens

            own = self._config.plugins.folder
            folder = Path(own).expanduser() if own else Paths.find().plugins
            self._screens = PluginScreens(folder)
        return self._screens


def _timeframe(first: "StartReplay | None") -> Timeframe | None:
    """A replay begins with its finest bars: a recorded session may last half a minute."""
    return None if first is None else first.timeframe or Timeframe.s1
