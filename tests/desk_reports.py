"""A Desk that reports were left on: unread ones, a failed run, chats, read ones."""

from datetime import timedelta
from typing import Any

import portfolio_scene
from msgspec.structs import replace
from report_schedules import FRIDAY, kept_report, report, schedule

from tio.api.analyst import Report, ReportLine, ReportSection, Workflow
from tio.api.chats import Chat, ChatMessage, GetChat, ListChats, Speaker, WholeChat
from tio.api.contract import Engine
from tio.api.grounding import Grounded
from tio.api.models import ListModels
from tio.api.schedules import (
    Assignment,
    DeleteReport,
    GetReport,
    KeptReport,
    MarkReport,
    Reports,
    RunEnd,
    ScheduleRun,
    Schedules,
    WholeReport,
)
from tio.app import TioApp
from tio.config import Config, Ui

from fakes import FakeClock, FakeEngine

MORNING = Assignment(workflow=Workflow.morning, name="main")
SCHEDULES = (
    schedule(name="AAPL daily", next=FRIDAY + timedelta(hours=20)),
    schedule(
        name="morning main",
        what=MORNING,
        next=FRIDAY + timedelta(days=2, hours=23),
        last=ScheduleRun(
            end=RunEnd.failed,
            at=FRIDAY - timedelta(hours=1),
            due=FRIDAY - timedelta(hours=1),
            reason="no source of main answered",
        ),
    ),
)
KEPT = (
    kept_report(
        id="r4",
        made=FRIDAY - timedelta(minutes=30),
        note="2 h 05 min late: tio was not running then",
        headline="AAPL leans up, confidence medium: 1d trend up, against it the 52-week high.",
    ),
    kept_report(
        id="r3",
        schedule="evening",
        made=FRIDAY - timedelta(hours=17),
        workflow=Workflow.portfolio,
        title="Review of main",
        about="main",
        symbol="",
        headline="main is worth 123,456.78 USD, down 1.2 % on the day.",
        bias=None,
    ),
    kept_report(
        id="r2",
        made=FRIDAY - timedelta(days=1),
        read=True,
        bias=-2,
        headline="AAPL is under its 200-day mean.",
    ),
)
CHATS = (
    Chat(id="c2", title="How does NVDA stand?", started=FRIDAY, changed=FRIDAY),
    Chat(id="c1", title="Why did SPY fall?", started=FRIDAY, changed=FRIDAY - timedelta(days=2)),
)
SHARES = {"c2": 0.96, "c1": None}


def whole(kept: KeptReport) -> Report:
    """What a kept report says."""
    lines = tuple(ReportLine(text=f"Line {number} of it.") for number in range(1, 4))
    return replace(
        report(),
        workflow=kept.workflow,
        title=kept.title,
        about=kept.about,
        symbol=kept.symbol,
        as_of=kept.made,
        headline=kept.headline,
        sections=(ReportSection(name="trend", title="Trend", lines=lines),),
        advice="It is no advice.",
    )


def engine(kept: tuple[KeptReport, ...] = KEPT, *, empty: bool = False, **told: Any) -> FakeEngine:
    """The Desk's engine with a portfolio; `empty`: nothing of the analyst's is there yet."""
    fake = portfolio_scene.engine(portfolio_scene.MAIN)
    reports = {} if empty else {each.id: each for each in kept}

    def opened(asked: GetReport) -> WholeReport:
        return WholeReport(kept=reports[asked.id], report=whole(reports[asked.id]))

    def marked(asked: MarkReport) -> KeptReport:
        reports[asked.id] = replace(reports[asked.id], read=asked.read)
        fake.push(Reports, tuple(reports.values()))
        return reports[asked.id]

    def deleted(asked: DeleteReport) -> KeptReport:
        gone = reports.pop(asked.id)
        fake.push(Reports, tuple(reports.values()))
        return gone

    def chat(asked: GetChat) -> WholeChat:
        share = SHARES[asked.id]
        message = ChatMessage(
            id="m2",
            speaker=Speaker.analyst,
            at=FRIDAY,
            text="It stands.",
            grounded=Grounded(text="It stands.", judged=1, share=share),
        )
        return WholeChat(
            chat=next(each for each in CHATS if each.id == asked.id), messages=(message,)
        )

    fake.answers |= {
        GetReport: opened,
        MarkReport: marked,
        DeleteReport: deleted,
        ListChats: () if empty else CHATS,
        GetChat: chat,
        ListModels: (),
    }
    fake.topics |= {
        Reports: lambda topic: tuple(reports.values()),
        Schedules: () if empty else SCHEDULES,
    }
    fake.answers |= told
    return fake


def app_on(fake: Any, **ui: Any) -> TioApp:
    async def opened() -> Engine:
        return fake  # type: ignore[no-any-return]

    config = Config(ui=Ui(time_zone="UTC", reduced_motion=True, **ui))
    return TioApp(opened, config=config, clock=FakeClock(FRIDAY))
