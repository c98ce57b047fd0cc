"""Which sources a workspace has."""

from tio.config import Config
from tio.engine.plugins.shelf import PluginShelf
from tio.plugin import Clock, Source

DEMO = "demo"


def live_sources(
    workspace: str, config: Config, clock: Clock, shelf: PluginShelf
) -> tuple[Source, ...]:
    """The simulator alone in `demo`; elsewhere what plugins bring, replays aside.

    Simulated and replayed prices never enter a workspace of real ones.
    """
    if workspace == DEMO:
        from tio.engine.feeds.simulator.source import SimulatedSource

        demo = config.demo
        return (SimulatedSource(demo.seed, demo.symbols, demo.rate, clock),)
    if workspace.startswith("replay"):
        return ()
    sources = shelf.sources(shelf.load(), clock)
    return tuple(source for source in sources if config.source(source.traits.name).enabled)
