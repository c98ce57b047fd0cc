"""From a command to the terminal: the app first, the engine once its frame stands."""

from typing import TYPE_CHECKING

from tio.api.market import Timeframe
from tio.app import TioApp
from tio.config import Config

if TYPE_CHECKING:
    from tio.api.contract import Engine
    from tio.api.market import StartReplay


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

        engine = await open_connection(Paths.find().workspace(workspace), config, serve=True)
        if first is not None:
            await engine.ask(first)
        return engine

    app = TioApp(
        open_engine,
        config=config,
        workspace=workspace,
        link=link or None,
        screen=screen,
        symbol=symbol or None,
        timeframe=_timeframe(first),
        command=line,
    )
    app.run(mouse=config.ui.mouse)


def _timeframe(first: "StartReplay | None") -> Timeframe | None:
    """A replay begins with its finest bars: a recorded session may last half a minute."""
    return None if first is None else first.timeframe or Timeframe.s1
