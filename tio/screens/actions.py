"""Every action, declared once: read by keys, footer, help, palette and command line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from textual.binding import Binding, BindingType

from tio.api.errors import Misconfigured
from tio.screens.analyst_keys import ANALYST
from tio.screens.brief_keys import BRIEF
from tio.screens.drawing_keys import DRAWING
from tio.screens.idea_keys import IDEAS
from tio.screens.importing_keys import IMPORTING
from tio.screens.journal_keys import JOURNAL
from tio.screens.past_keys import PAST
from tio.screens.report_keys import REPORTS
from tio.screens.risk_keys import RISK
from tio.screens.sale_keys import SALE
from tio.screens.trading_keys import TRADING


@dataclass(frozen=True, slots=True)
class Action:
    """What can be done: `id` is `scope.method`, `keys` Textual's names, `code` its command.

    An id of three words, `chart.compare.ask`, is done by that part of the pane.
    """

    id: str
    keys: str
    title: str
    help: str
    code: str = ""

    @property
    def scope(self) -> str:
        return self.id.partition(".")[0]

    @property
    def method(self) -> str:
        return self.id.partition(".")[2]

    @property
    def call(self) -> str:
        """What Textual runs: tabs all run the same thing, the app's are named as its own."""
        if self in TABS:
            return f"app.open_tab('{self.method}')"
        if "." in self.method:
            part, verb = self.method.split(".")
            return f"part('{part}', '{verb}')"
        return f"app.{self.method}" if self.scope == "app" else self.method


ACTIONS: tuple[Action, ...] = (
    Action("app.desk", "1", "Desk", "watchlist and chart side by side", "W"),
    Action("app.chart", "2", "Chart", "price chart over the whole screen", "GP"),
    Action("app.scan", "3", "Scan", "an expression over a universe, live"),
    Action("app.news", "4", "News", "stories and their tone"),
    Action("app.calendar", "5", "Calendar", "economic dates, earnings, dividends"),
    Action("app.portfolio", "6", "Portfolio", "positions, lots, ledger and profit", "PORT"),
    Action("app.backtest", "7", "Backtest", "rules over history"),
    Action("app.analyst", "8", "Analyst", "questions, answered with sources", "ASK"),
    Action("app.alerts", "9", "Alerts", "conditions that call you"),
    Action("app.system", "0", "System", "sources, engine, jobs, plugins, storage"),
    Action("app.command", "colon", "Command", "open the command line"),
    Action("app.search", "slash", "Search", "find a symbol"),
    Action("app.palette", "ctrl+p", "Palette", "every action, symbol, screen and theme"),
    Action("app.help", "question_mark", "Keys", "the keys of where you stand", "HELP"),
    Action("app.settings", "f2", "Settings", "settings in use and where they come from", "CFG"),
    Action("app.log", "f3", "Log", "what the engine wrote down", "LOG"),
    Action("app.hours", "f4", "Hours", "when markets trade: sessions and holidays", "HOURS"),
    Action("app.feed", "f5", "Sources", "where prices come from: health, limits, routes", "FEED"),
    Action("app.profile", "f6", "Profile", "what the symbol is: figures with their source", "DES"),
    Action("app.indicators", "f7", "Indicators", "every indicator, tried on the symbol", "TA"),
    Action(
        "app.risk", "f8", "Risk", "what the portfolio risks: worst days, stress, limits", "RISK"
    ),
    Action("app.correlation", "f9", "Correlation", "what moves together, as a map", "CORR"),
    *(Action(*told) for told in TRADING),
    *(Action(*told) for told in IDEAS),
    *(Action(*told) for told in JOURNAL),
    *(Action(*told) for told in ANALYST),
    *(Action(*told) for told in BRIEF),
    *(Action(*told) for told in PAST),
    *(Action(*told) for told in REPORTS),
    Action("app.next_pane", "tab", "Next pane", "go to the next pane"),
    Action("app.previous_pane", "shift+tab", "Previous pane", "go to the pane before"),
    Action("app.back", "escape", "Back", "leave what is open"),
    Action("app.peek", "space", "Peek", "everything known about the symbol"),
    Action("app.copy", "y", "Copy", "copy the figure with source and time"),
    Action("app.export", "e", "Export", "write what is shown to a CSV file"),
    Action("app.refresh", "r", "Refresh", "ask the engine again"),
    Action("app.quit", "q", "Quit", "leave tio"),
    Action("watchlist.up", "up,k", "Up", "the symbol above"),
    Action("watchlist.down", "down,j", "Down", "the symbol below"),
    Action("watchlist.page_up", "pageup", "Page up", "a page up"),
    Action("watchlist.page_down", "pagedown", "Page down", "a page down"),
    Action("watchlist.first", "home", "First", "the first symbol"),
    Action("watchlist.last", "end", "Last", "the last symbol"),
    Action("watchlist.open", "enter", "Open", "open the symbol's chart"),
    Action("watchlist.previous_list", "left,h", "List before", "show the list before"),
    Action("watchlist.next_list", "right,l", "Next list", "show the next list"),
    Action("watchlist.add", "plus,insert", "Add", "add a symbol to the list"),
    Action("watchlist.remove", "delete", "Remove", "take the symbol off the list"),
    Action("watchlist.move_up", "shift+up", "Move up", "move the symbol up in the list"),
    Action("watchlist.move_down", "shift+down", "Move down", "move the symbol down in the list"),
    Action("watchlist.sort", "s", "Sort", "next order: own, symbol, change, volume"),
    Action("watchlist.filter", "f", "Filter", "show only symbols that contain a text"),
    Action("watchlist.columns", "c", "Columns", "choose the columns of the list"),
    Action("watchlist.new_list", "n", "New list", "make a list"),
    Action("watchlist.delete_list", "ctrl+delete", "Delete list", "remove the list shown"),
    Action("chart.left", "left,h", "Left", "crosshair to the bar before"),
    Action("chart.right", "right,l", "Right", "crosshair to the next bar"),
    Action("chart.previous_symbol", "up,k", "Symbol above", "the symbol above in the watchlist"),
    Action("chart.next_symbol", "down,j", "Symbol below", "the symbol below in the watchlist"),
    Action("chart.pan_left", "shift+left,comma", "Pan left", "half a screen back in time"),
    Action("chart.pan_right", "shift+right,full_stop", "Pan right", "half a screen onward"),
    Action("chart.first", "home", "Oldest", "the oldest bar loaded"),
    Action("chart.last", "end", "Newest", "follow the newest bar"),
    Action("chart.zoom_in", "plus,equals_sign", "Zoom in", "fewer, wider bars"),
    Action("chart.zoom_out", "minus", "Zoom out", "more bars"),
    Action("chart.shorter", "left_square_bracket", "Shorter", "the next shorter timeframe"),
    Action("chart.longer", "right_square_bracket", "Longer", "the next longer timeframe"),
    Action("chart.type", "t", "Type", "candles, hollow, Heikin-Ashi, bars, line, area"),
    Action("chart.scale", "o", "Scale", "linear, log, percent"),
    Action("chart.hours", "x", "Hours", "all hours, or the regular session alone"),
    Action("chart.grid", "m", "Grid", "four timeframes side by side, or one again"),
    Action("chart.pin", "g", "Pin", "hold a chart of the four on a symbol of its own"),
    Action("chart.studies.add", "i", "Indicators", "add an indicator, or change one"),
    Action("chart.studies.focus", "w", "Pane", "stand on the next indicator, then on the bars"),
    Action("chart.volume.turn", "v", "Volume", "volume, its profile, both, none"),
    Action("chart.compare.ask", "c", "Compare", "other symbols rebased, or the ratio to one"),
    Action("chart.drawings.draw", "d", "Draw", "lines, channels, fibonacci, text; move and delete"),
    Action("chart.levels.turn", "s", "Levels", "levels of the session on or off"),
    Action("chart.marks.turn", "n", "Marks", "dividends and splits on or off"),
    Action("chart.practice.turn", "b", "Practice", "play the past bar by bar, or leave it"),
    Action("chart.layouts.ask", "f", "Layouts", "save or recall a layout or indicator set"),
    Action("study.before", "left,h", "Parameter before", "the indicator's parameter before"),
    Action("study.after", "right,l", "Next parameter", "the indicator's next parameter"),
    Action("study.more", "plus,equals_sign", "More", "the parameter a step up"),
    Action("study.less", "minus", "Less", "the parameter a step down"),
    Action("study.much_more", "pageup", "Ten more", "the parameter ten steps up"),
    Action("study.much_less", "pagedown", "Ten less", "the parameter ten steps down"),
    Action("study.type", "enter", "Type", "type the parameter's value"),
    Action("study.close", "delete,backspace", "Close", "take the indicator off the chart"),
    Action("study.up", "shift+up", "Move up", "the indicator before the one before it"),
    Action("study.down", "shift+down", "Move down", "the indicator after the next one"),
    Action("study.higher", "ctrl+up,greater_than_sign", "Higher", "the indicator's pane higher"),
    Action("study.lower", "ctrl+down,less_than_sign", "Lower", "the indicator's pane lower"),
    Action("indicators.up", "up,k", "Up", "the indicator above"),
    Action("indicators.down", "down,j", "Down", "the indicator below"),
    Action("indicators.page_up", "pageup", "Page up", "a page up"),
    Action("indicators.page_down", "pagedown", "Page down", "a page down"),
    Action("indicators.first", "home", "First", "the first indicator"),
    Action("indicators.last", "end", "Last", "the last indicator"),
    Action("indicators.before", "left,h", "Parameter before", "the parameter before"),
    Action("indicators.after", "right,l", "Next parameter", "the next parameter"),
    Action("indicators.more", "plus,equals_sign", "More", "the parameter a step up"),
    Action("indicators.less", "minus", "Less", "the parameter a step down"),
    Action("indicators.type", "c", "Type", "type the parameter's value"),
    Action("indicators.add", "enter", "Add", "put the indicator on the chart"),
    Action("indicators.filter", "f", "Find", "show only what contains some words"),
    Action("indicators.group", "g", "Group", "show the next group alone, then all"),
    Action("indicators.tail", "t", "Tail", "pandas-ta's indicators too, or without"),
    *(Action(*told) for told in DRAWING),
    Action("entry.up", "up,k", "Up", "a line up"),
    Action("entry.down", "down,j", "Down", "a line down"),
    Action("entry.page_up", "pageup", "Page up", "a page up"),
    Action("entry.page_down", "pagedown", "Page down", "a page down"),
    Action("hours.up", "up,k", "Up", "the venue above"),
    Action("hours.down", "down,j", "Down", "the venue below"),
    Action("hours.page_up", "pageup", "Page up", "a page up"),
    Action("hours.page_down", "pagedown", "Page down", "a page down"),
    Action("hours.day_before", "left,h", "Day before", "the day before"),
    Action("hours.day_after", "right,l", "Next day", "the next day"),
    Action("hours.today", "home", "Today", "back to today"),
    Action("feed.up", "up,k", "Up", "the source above"),
    Action("feed.down", "down,j", "Down", "the source below"),
    Action("feed.page_up", "pageup", "Page up", "a page up"),
    Action("feed.page_down", "pagedown", "Page down", "a page down"),
    Action("feed.try_now", "t", "Try now", "connect the source again now"),
    Action("feed.switch", "s", "Switch", "switch the source off or on"),
    Action("feed.route", "w", "Who serves", "who serves the current symbol, and why"),
    Action("source.up", "up,k", "Up", "a line up"),
    Action("source.down", "down,j", "Down", "a line down"),
    Action("source.page_up", "pageup", "Page up", "a page up"),
    Action("source.page_down", "pagedown", "Page down", "a page down"),
    Action("profile.up", "up,k", "Up", "a line up"),
    Action("profile.down", "down,j", "Down", "a line down"),
    Action("profile.page_up", "pageup", "Page up", "a page up"),
    Action("profile.page_down", "pagedown", "Page down", "a page down"),
    Action("portfolio.up", "up,k", "Up", "the line above"),
    Action("portfolio.down", "down,j", "Down", "the line below"),
    Action("portfolio.page_up", "pageup", "Page up", "a page up"),
    Action("portfolio.page_down", "pagedown", "Page down", "a page down"),
    Action("portfolio.first", "home", "First", "the first line"),
    Action("portfolio.last", "end", "Last", "the last line"),
    Action("portfolio.open", "enter", "Open", "the position's chart; change the entry"),
    Action(
        "portfolio.view",
        "v",
        "View",
        "lots, ledger, changes, gains, performance, income …",
    ),
    Action("portfolio.explain", "f1", "Explain", "where a figure comes from; again: the next one"),
    Action("portfolio.add", "a", "Add", "enter what happened: buy 10 AAPL 187.20"),
    Action("portfolio.edit", "c", "Change", "change the entry one stands on"),
    Action("portfolio.remove", "delete", "Remove", "take the entry out, after asking"),
    Action("portfolio.undo", "u", "Undo", "take the newest change back, or the one stood on"),
    Action("portfolio.what_if", "w", "What if", "lots as if by another rule: FIFO, LIFO, HIFO"),
    Action("portfolio.sort", "s", "Sort", "next order: value, day, gain, symbol"),
    Action("portfolio.benchmark", "b", "Benchmark", "what performance is compared with"),
    Action("portfolio.rolling", "o", "Curves", "growth, declines and a rolling figure; the next"),
    Action("portfolio.discreet", "z", "Discreet", "hide amounts and quantities, or show them"),
    Action("portfolio.next_portfolio", "p", "Portfolio", "show the next portfolio"),
    Action("portfolio.new", "n", "New", "begin a portfolio"),
    *(Action(*told) for told in IMPORTING),
    *(Action(*told) for told in SALE),
    *(Action(*told) for told in RISK),
    Action("log.follow", "end", "Follow", "go to the newest line and stay there"),
    Action("log.filter", "f", "Filter", "show only lines that contain a text"),
    Action("log.level", "v", "Level", "next level: all, info, warning, error"),
    Action("log.up", "up,k", "Up", "a line up"),
    Action("log.down", "down,j", "Down", "a line down"),
    Action("log.page_up", "pageup", "Page up", "a page up"),
    Action("log.page_down", "pagedown", "Page down", "a page down"),
    Action("settings.up", "up,k", "Up", "the setting above"),
    Action("settings.down", "down,j", "Down", "the setting below"),
    Action("settings.change", "enter,right,l", "Change", "the next value"),
    Action("settings.change_back", "left,h", "Change back", "the value before"),
    Action("settings.forget", "delete", "Forget", "go back to what the file says"),
    Action("system.up", "up,k", "Up", "scroll up"),
    Action("system.down", "down,j", "Down", "scroll down"),
    Action("system.page_up", "pageup", "Page up", "a page up"),
    Action("system.page_down", "pagedown", "Page down", "a page down"),
    Action("system.cancel_job", "c", "Cancel job", "stop the newest running job"),
)

BY_ID: Mapping[str, Action] = {action.id: action for action in ACTIONS}
CODES: Mapping[str, Action] = {action.code: action for action in ACTIONS if action.code}
TABS: tuple[Action, ...] = ACTIONS[:10]

_SHOWN = {
    "at": "@",
    "question_mark": "?",
    "colon": ":",
    "slash": "/",
    "plus": "+",
    "equals_sign": "=",
    "minus": "−",
    "comma": ",",
    "full_stop": ".",
    "greater_than_sign": ">",
    "less_than_sign": "<",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "escape": "esc",
    "pageup": "page up",
    "pagedown": "page down",
}


def bindings(scope: str) -> list[BindingType]:
    """Textual's bindings of one scope."""
    return [
        # Without a key of its own it can still be given one.
        Binding(
            action.keys or f"no_key_of_{action.method}", action.call, action.title, id=action.id
        )
        for action in ACTIONS
        if action.scope == scope
    ]


def of_scope(*scopes: str) -> list[Action]:
    """The actions of some scopes, in order."""
    return [action for action in ACTIONS if action.scope in scopes]


def keymap(wanted: Mapping[str, str | list[str]]) -> dict[str, str]:
    """Keys by action as config.toml wants them; Misconfigured for an unknown action or a clash."""
    import difflib

    changed: dict[str, str] = {}
    for name, keys in wanted.items():
        if name not in BY_ID:
            near = difflib.get_close_matches(name, BY_ID, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise Misconfigured(f"[keys] {name}: there is no such action{hint}", "HELP lists them.")
        changed[name] = keys if isinstance(keys, str) else ",".join(keys)
    _refuse_clashes(changed)
    return changed


def keys_of(action: Action, changed: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of an action as a person reads them."""
    return tuple(shown(key) for key in _split(changed.get(action.id, action.keys)))


def pressed(key: str, actions: Iterable[Action], changed: Mapping[str, str]) -> str:
    """The method of the action a key has among these, "" when it has none."""
    for action in actions:
        if key in _split(changed.get(action.id, action.keys)):
            return action.method
    return ""


def shown(key: str) -> str:
    """A key as a person reads it: `question_mark` is `?`."""
    *modifiers, last = key.split("+")
    return "+".join((*modifiers, _SHOWN.get(last, last)))


def _refuse_clashes(changed: Mapping[str, str]) -> None:
    """A key somebody rebound may mean one thing only where it is pressed."""
    for name, keys in changed.items():
        action = BY_ID[name]
        for key in _split(keys):
            for other in _meeting(action):
                if key in _split(changed.get(other.id, other.keys)):
                    raise Misconfigured(
                        f"[keys] {key!r} is the key of both {name} and {other.id}",
                        "Give one of them another key in config.toml.",
                    )


def _meeting(action: Action) -> Iterable[Action]:
    """The other actions that can be meant where this one can."""
    for other in ACTIONS:
        together = action.scope == other.scope or "app" in (action.scope, other.scope)
        if other is not action and together:
            yield other


def _split(keys: str) -> list[str]:
    return [key.strip() for key in keys.split(",") if key.strip()]
