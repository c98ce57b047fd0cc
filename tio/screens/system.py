"""System: how the engine does, its sources, jobs, plugins and files, asked every other second."""

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tio.api.clean import clean
from tio.api.contract import Engine, Request
from tio.api.errors import TioError
from tio.api.sources import ListSources, SourceReport
from tio.api.system import (
    CancelJob,
    GetHealth,
    GetStorage,
    Health,
    Job,
    JobState,
    ListJobs,
    ListPlugins,
    Plugin,
    StorageReport,
)
from tio.draw.table import age, fit, volume
from tio.screens.actions import bindings
from tio.screens.following import in_words
from tio.screens.frame import Frame
from tio.screens.questions import Question
from tio.screens.widgets.lines import Line, Lines

R = TypeVar("R")
EVERY = 2.0
STATES = {
    "live": "rise",
    "failed": "fall",
    "broken": "fall",
    "changed": "accent",
    "silent": "accent",
    "connecting": "accent",
    "running": "accent",
    "done": "rise",
    "enabled": "rise",
    "interrupted": "fall",
}


class SystemPane(Lines):
    """Plain lines under a heading each."""

    scope = "system"
    hang = 24
    BINDINGS: ClassVar[list[BindingType]] = bindings("system")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._jobs: tuple[Job, ...] = ()
        self._sources: tuple[SourceReport, ...] = ()

    def on_mount(self) -> None:
        self.border_title = Content("system")
        self.show([[("Waiting for the engine …", "muted")]])
        self.set_interval(EVERY, self._again)

    def start(self, engine: Engine) -> None:
        self.run("system", self._ask, engine)

    def _again(self) -> None:
        engine = self.stage.engine
        if engine is not None and self.screen.is_active:
            self.start(engine)

    async def _ask(self, engine: Engine) -> None:
        faults: list[Line] = []

        async def ask(request: Request[R]) -> R | None:
            try:
                return await engine.ask(request)
            except TioError as error:
                faults.append([(in_words(error), "fall")])
                return None

        health = await ask(GetHealth())
        self._sources = await ask(ListSources()) or ()
        jobs = await ask(ListJobs()) or ()
        self._jobs = tuple(_printable(job) for job in jobs)
        plugins = await ask(ListPlugins()) or ()
        files = await ask(GetStorage()) or ()
        lines: list[Line] = [*faults]
        lines += _health(health) if health else []
        lines += _heading("SOURCES", "STATE", "SYMBOLS", "RATE", "ERRORS", "LAST")
        now = self.stage.clock.now()
        for each in self._sources:
            heard = each.last_message_at
            lines.append(_source(each, age((now - heard).total_seconds()) if heard else "never"))
        lines += _heading("JOBS", "STATE", "PROGRESS")
        lines += [_job(job) for job in self._jobs] or [[("no job ran lately", "muted")]]
        lines += _heading("PLUGINS", "STATE", "ORIGIN")
        lines += [_plugin(each) for each in plugins] or [[("none found", "muted")]]
        lines += _heading("FILES", "SIZE", "SCHEMA")
        lines += [_file(each) for each in files]
        self.show(lines)
        if health:
            self.border_subtitle = Content(f"{health.workspace} · tio {health.version}")

    def action_cancel_job(self) -> None:
        running = [job for job in self._jobs if job.state is JobState.running]
        if not running:
            self.stage.say("No job is running.")
            return
        job = max(running, key=lambda job: job.started_at)

        def answered(text: str | None) -> None:
            engine = self.stage.engine
            if text and text.strip().lower() in ("y", "yes") and engine is not None:
                self.run("cancel", self._cancel, engine, job)

        self.app.push_screen(Question(f"Cancel {job.title}? y or n"), answered)

    async def _cancel(self, engine: Engine, job: Job) -> None:
        try:
            await engine.ask(CancelJob(id=job.id))
        except TioError as error:
            self.stage.say(in_words(error), "fall")
        else:
            self.stage.say(f"{job.title}: asked to stop", "rise")

    def table(self) -> tuple[str, list[Sequence[object]]]:
        rows: list[Sequence[object]] = [("source", "state", "symbols", "rate", "errors", "reason")]
        rows += [(s.name, s.state, s.symbols, s.rate, s.errors, s.reason) for s in self._sources]
        return "sources", rows


def _heading(first: str, *titles: str) -> list[Line]:
    widths = [12, *[9] * len(titles)]
    rest = "".join(fit(title, width) for title, width in zip(titles, widths, strict=False))
    return [[], [(fit(first, 24), "accent"), (rest, "muted")]]


def _health(health: Health) -> list[Line]:
    hours, rest = divmod(int(health.uptime), 3600)
    said = [
        ("uptime", f"{hours}:{rest // 60:02}:{rest % 60:02}"),
        ("clients", str(health.clients)),
        ("instruments", str(health.instruments)),
        ("ticks", f"{volume(health.ticks)}, {health.rate:,.0f} a second"),
        ("loop lag", f"{health.lag_ms:.1f} ms"),
        ("memory", f"{health.memory_mb:.0f} MB"),
        ("process", str(health.pid)),
    ]
    lines: list[Line] = [[("ENGINE", "accent")]]
    lines += [[(fit(name, 24), "muted"), (value, "text")] for name, value in said]
    if health.banner:
        lines.append([(health.banner, "fall")])
    return lines


def _source(each: SourceReport, heard: str) -> Line:
    figures = (fit(str(each.symbols), 9), fit(f"{each.rate:,.0f}/s", 9), fit(str(each.errors), 9))
    return [
        (fit(each.name, 23) + " ", "text"),
        (fit(str(each.state), 12), STATES.get(each.state, "muted")),
        ("".join(figures), "text"),
        (fit(heard, 9), "muted"),
        (each.reason, "fall" if each.state == "failed" else "muted"),
    ]


def _printable(job: Job) -> Job:
    """A job is titled by a file's name, which can hold anything."""
    return replace(job, title=clean(job.title), doing=clean(job.doing), reason=clean(job.reason))


def _job(job: Job) -> Line:
    done = round(job.progress * 20) if job.progress is not None else 0
    bar = "━" * done + "─" * (20 - done) if job.progress is not None else ""
    share = f" {job.progress:.0%} " if job.progress is not None else ""
    return [
        (fit(job.title, 23) + " ", "text"),
        (fit(str(job.state), 12), STATES.get(job.state, "muted")),
        (bar, "accent"),
        (share, "text"),
        (job.reason or job.doing, "muted"),
    ]


def _plugin(each: Plugin) -> Line:
    return [
        (fit(each.name, 23) + " ", "text"),
        (fit(str(each.state), 12), STATES.get(each.state, "muted")),
        (fit(each.origin, 20) + " ", "muted"),
        (each.reason or each.summary, "fall" if each.reason else "muted"),
    ]


def _file(each: StorageReport) -> Line:
    size = f"{each.bytes / 1e6:,.1f} MB"
    return [
        (fit(each.file, 23) + " ", "text"),
        (fit(size, 12), "text"),
        (str(each.schema), "muted"),
    ]


class SystemScreen(Frame):
    """What to look at when something seems wrong."""

    tab = "system"

    def body(self) -> ComposeResult:
        yield SystemPane()
