"""The sections of an idea's check."""

from tio.engine.analyst.rules.idea_backing import (
    event_asks,
    events,
    evidence,
    preview_asks,
    record,
    record_asks,
    size,
)
from tio.engine.analyst.rules.idea_card import Card
from tio.engine.analyst.rules.idea_market import (
    card_asks,
    levels,
    market,
    plan,
    trend_asks,
    with_trend,
)
from tio.engine.analyst.rules.scope import Section

_BARS = ("GetBars",)
SECTIONS: tuple[Section[Card], ...] = (
    Section("plan", "What it pays", _BARS, card_asks, plan),
    Section("market", "Where the price stands", _BARS, card_asks, market),
    Section("trend", "Trend", ("GetBars", "ComputeIndicators"), trend_asks, with_trend),
    Section("levels", "Levels in its way", _BARS, card_asks, levels),
    Section("events", "Events", ("GetProfile", "GetEvents"), event_asks, events),
    Section("size", "Size", ("PreviewIdea",), preview_asks, size),
    Section("record", "Record", ("GetIdeaRecord",), record_asks, record),
    Section("evidence", "Its evidence", (), lambda scope: (), evidence),
)
