"""config.toml as one frozen, typed value; every default is written here and shipped there."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tio.api.errors import Misconfigured
from tio.paths import Paths

HttpUrl = Annotated[
    str, Meta(pattern=r"^(https?://\S+)?$", description="an http:// or https:// address")
]
SocketUrl = Annotated[
    str, Meta(pattern=r"^(wss?://\S+)?$", description="a ws:// or wss:// address")
]
Digest = Annotated[
    str,
    Meta(pattern=r"^sha256:[0-9a-f]{64}$", description='"sha256:" and 64 hexadecimal digits'),
]
WorkspaceName = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$",
        description="a workspace name (a–z, 0–9, _ and -, at most 32)",
    ),
]
TimeZone = Annotated[
    str, Meta(title="zone", description='"local", "UTC" or a zone as "Europe/Vienna"')
]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$", description='a currency code as "USD"')]
Timeframe = Literal[
    "1s", "5s", "15s", "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "1d", "1w", "1mo"
]


Fee = Annotated[float, Meta(ge=0, le=1e9, description="a number, zero or above")]
ModelName = Annotated[
    str,
    Meta(
        pattern=r"^(rules|ollama:(?!https?:)[^\s#]+|(ollama|openai):https?://[^\s#@?/][^\s#@?]*#\S+)$",
        description='"ollama:MODEL", "ollama:http://HOST:PORT#MODEL", '
        '"openai:https://HOST/v1#MODEL" or "rules"',
    ),
]
Waiting = Annotated[float, Meta(ge=1, le=3_600, description="seconds, from 1 to 3600")]
Tokens = Annotated[int, Meta(ge=0, le=100_000_000, description="a whole number, zero or above")]
Day = Annotated[date | None, Meta(description="a date as 2025-01-31")]
FeeKind = Literal["crypto", "equity", "etf", "fx", "future", "fund", "simulated", "otherwise"]


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of config.toml; an unknown key in it is an error."""


class Desk(Section, frozen=True):
    """What the Desk opens with when it remembers nothing: symbols, bar span, chart type."""

    symbols: tuple[str, ...] = ()
    timeframe: Timeframe = "1m"
    chart: Literal["candles", "hollow", "heikin-ashi", "bars", "line", "area"] = "candles"


class Ui(Section, frozen=True):
    """Looks: `time_zone` is "local", "UTC" or an IANA name; `currency` an ISO 4217 code."""

    theme: Literal["dark", "light", "colour-blind", "16-colours"] = "dark"
    rise_is_red: bool = False
    reduced_motion: bool = False
    mouse: bool = True
    time_zone: TimeZone = "local"
    currency: Currency = "USD"


class EngineSettings(Section, frozen=True):
    """`workspace` when none is named; `conflation_ms`: how often a slow watcher is served."""

    workspace: WorkspaceName = "main"
    conflation_ms: Annotated[
        int, Meta(ge=50, le=1000, description="a whole number from 50 to 1000")
    ] = 100


class Demo(Section, frozen=True):
    """The simulator's load: instruments, ticks a second over all of them, and the seed.

    `portfolio`: whether the demo has a portfolio of its own to look at.
    """

    symbols: Annotated[int, Meta(ge=1, le=2_000, description="a whole number from 1 to 2000")] = 24
    rate: Annotated[float, Meta(ge=1, le=20_000, description="a number from 1 to 20000")] = 40.0
    seed: int = 7
    portfolio: bool = True


class SourceSettings(Section, frozen=True):
    """One source; an empty URL means the source's own address."""

    enabled: bool = True
    base_url: HttpUrl = ""
    ws_url: SocketUrl = ""


class Network(Section, frozen=True):
    """How the outside is reached: not at all when `offline`, through `proxy` when one is given."""

    offline: bool = False
    proxy: HttpUrl = ""


KeepDays = Annotated[int, Meta(ge=0, le=36_500, description="a whole number of days, 0 for ever")]


class History(Section, frozen=True):
    """How long stored bars stay: days by timeframe, 0 or nothing said: for ever.

    `archive`: a folder what goes is written to before, as Parquet; empty: nowhere.
    """

    keep: dict[Timeframe, KeepDays] = {}
    archive: str = ""


class Plugins(Section, frozen=True):
    """Plugins pinned by the sha256 of their file, a folder of one's own, each plugin's settings."""

    folder: str = ""
    enabled: dict[str, Digest] = {}
    settings: dict[str, dict[str, str | bool | int | float | list[str]]] = {}


class PaperFee(Section, frozen=True):
    """What a paper order costs, in the instrument's currency; `most` zero: no upper bound.

    `percent` is of what is traded, `least` and `most` are an order's.
    """

    per_order: Fee = 0.0
    per_share: Fee = 0.0
    percent: Fee = 0.0
    least: Fee = 0.0
    most: Fee = 0.0


class Paper(Section, frozen=True):
    """Trading on paper: `margin` is how many times a portfolio's net value may be exposed.

    Fees by kind of instrument, `otherwise` for those not named; a venue's own come first.
    """

    margin: Annotated[float, Meta(ge=1, le=100, description="a number from 1 to 100")] = 1.0
    fees: dict[FeeKind, PaperFee] = {}
    venue_fees: dict[str, PaperFee] = {}


class ModelTerms(Section, frozen=True):
    """One model: `context` tokens of its window (0: as its server says), seconds until its server
    takes a connection, says something, says more; prices of a million tokens read and written;
    whether it thinks first (None: as its server has it)."""

    context: Tokens = 0
    opens: Waiting = 5.0
    first: Waiting = 60.0
    between: Waiting = 30.0
    price_read: Fee = 0.0
    price_written: Fee = 0.0
    knows_until: Day = None
    think: bool | None = None
    temperature: Annotated[float, Meta(ge=0, le=2, description="a number from 0 to 2")] = 0.2


class Analyst(Section, frozen=True):
    """Language models in the order they are asked; none: the rules alone.

    `rounds`, `seconds`, `tokens`: what a question may take, `written`: tokens of one round of it.
    What a day may take, over all models: tokens, and money in `currency`; 0 is no limit.
    """

    models: tuple[ModelName, ...] = ()
    rounds: Annotated[int, Meta(ge=1, le=64, description="a whole number from 1 to 64")] = 8
    seconds: Waiting = 180.0
    tokens: Annotated[
        int, Meta(ge=1_000, le=100_000_000, description="a whole number, 1000 or above")
    ] = 100_000
    written: Annotated[
        int, Meta(ge=64, le=1_000_000, description="a whole number from 64 to 1000000")
    ] = 2_048
    tokens_a_day: Tokens = 0
    cost_a_day: Fee = 0.0
    currency: Currency = "USD"
    model: dict[str, ModelTerms] = {}

    def terms(self, name: str) -> ModelTerms:
        """What the file says of a model, the defaults when it says nothing."""
        return self.model.get(name, ModelTerms())


class Log(Section, frozen=True):
    """The log in the state folder: least level written, size of a file, how many old ones stay."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    max_mb: Annotated[int, Meta(ge=1, le=1000, description="a whole number from 1 to 1000")] = 10
    keep: Annotated[int, Meta(ge=0, le=100, description="a whole number from 0 to 100")] = 3


class Config(Section, frozen=True):
    """Everything a person may set."""

    desk: Desk = Desk()
    ui: Ui = Ui()
    keys: dict[str, str | list[str]] = {}
    engine: EngineSettings = EngineSettings()
    demo: Demo = Demo()
    network: Network = Network()
    sources: dict[str, SourceSettings] = {}
    history: History = History()
    plugins: Plugins = Plugins()
    paper: Paper = Paper()
    analyst: Analyst = Analyst()
    log: Log = Log()

    def source(self, name: str) -> SourceSettings:
        """The settings of a source, its defaults when the file says nothing of it."""
        return self.sources.get(name, SourceSettings())


def load(path: Path | None = None) -> Config:
    """The file at `path` (else the person's own), defaults when there is none; Misconfigured."""
    file = path or Paths.find().config_file
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Config()
    except UnicodeDecodeError as error:
        raise Misconfigured(
            f"{file} is not UTF-8 text (byte {error.start})", next="Save it as UTF-8."
        ) from error
    except OSError as error:
        raise Misconfigured(
            f"{file} cannot be read: {error.strerror}", next="Mend its permissions or remove it."
        ) from error
    return parse(text, str(file))


def parse(text: str, name: str = "config.toml") -> Config:
    """The Config in TOML `text`; Misconfigured names every mistake as `name:line: …`."""
    try:
        config = msgspec.toml.decode(text, type=Config)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise _misconfigured(text, name) from error
    if config.ui.time_zone not in ("local", "UTC"):
        from tio.config_mistakes import is_zone

        if not is_zone(config.ui.time_zone):
            raise _misconfigured(text, name)
    if config.analyst != Analyst():
        from tio.config_mistakes import wrong_models

        if wrong_models(config.analyst.models, config.analyst.model):
            raise _misconfigured(text, name)
    return config


def shipped() -> Path:
    """The config.toml that came with tio: in the wheel beside this file, else in the checkout."""
    here = Path(__file__).resolve().parent
    return next(f for f in (here / "config.toml", here.parent / "config.toml") if f.exists())


def _misconfigured(text: str, name: str) -> Misconfigured:
    from tio.config_mistakes import mistakes

    return Misconfigured(
        "\n".join(f"{name}:{mistake}" for mistake in mistakes(text, Config)),
        next="Mend it with `tio config edit`; `tio config check` looks again.",
    )
