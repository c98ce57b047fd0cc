"""What the palette finds: actions of where one stands, screens, symbols, themes."""

from collections.abc import Callable, Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.markup import escape

from tio.api.errors import TioError
from tio.api.market import SearchInstruments
from tio.screens.actions import Action, keys_of, of_scope
from tio.screens.frame import Frame
from tio.screens.stage import Stage
from tio.screens.themes import THEME_NAMES

Entry = tuple[str, str, Callable[[], object]]


class EverythingProvider(Provider):
    """Every action, screen, symbol and theme, by name."""

    @property
    def _stage(self) -> Stage:
        assert isinstance(self.app, Stage)
        return self.app

    def _entries(self) -> Iterator[Entry]:
        pane = self.screen.pane if isinstance(self.screen, Frame) else None
        scopes = ("app", pane.scope) if pane is not None else ("app",)
        for action in of_scope(*scopes):
            keys = " ".join(keys_of(action, self._stage.key_changes))
            said = f"{action.help}   {keys} {action.code}".rstrip()
            yield action.title, said, partial(self._run, action)
        for name in THEME_NAMES:
            yield f"theme {name}", "the colours", partial(self._wear, name)

    def _wear(self, theme: str) -> None:
        self._stage.remember("ui.theme", theme)
        self._stage.dress()

    async def _run(self, action: Action) -> None:
        screen = self.screen
        pane = screen.pane if isinstance(screen, Frame) and action.scope != "app" else None
        await self.app.run_action(action.call, pane or self.app)

    async def discover(self) -> Hits:
        for title, said, run in self._entries():
            yield DiscoveryHit(Content(title), run, text=title, help=escape(said))

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for title, said, run in self._entries():
            score = max(matcher.match(title), matcher.match(said) * 0.6)
            if score > 0:
                yield Hit(score, Content(title), run, text=title, help=escape(said))
        engine = self._stage.engine
        if engine is None:
            return
        try:
            found = await engine.ask(SearchInstruments(query=query, limit=8, sources=False))
        except TioError:
            return
        for rank, instrument in enumerate(found):
            yield Hit(
                0.9 - rank / 100,
                Content(instrument.symbol),
                partial(self._stage.obey, "$" + instrument.symbol),
                text=instrument.symbol,
                help=escape(instrument.name or instrument.venue),
            )
