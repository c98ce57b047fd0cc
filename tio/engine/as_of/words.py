"""Which words can be asked of a past moment, and how each is bounded by it."""

from tio.engine.analyst.tools.bounding import TIMELESS

SAME = TIMELESS | frozenset(
    ("GetConfig", "GetHealth", "GetReplay", "GetRiskLimits", "GetSettings", "GetStorage",
     "ListJobs", "ListKeys", "ListLayouts", "ListMappings", "ListModelExams", "ListModels",
     "ListPlugins", "ListPortfolios", "ListRoutes", "ListSources", "ListStoredBars",
     "ListVenues", "ListWatchlists")
)  # fmt: skip
"""Told as they are: they are about this machine, or have no history (lists, portfolios' names)."""
MADE_OF = frozenset(
    ("ComputeIndicators", "ExplainFigure", "GetBars", "GetCorrelation", "GetGains", "GetLots",
     "GetPerformance", "GetPositions", "GetQuotes", "GetRisk", "GetVolumeProfile",
     "StressPortfolio", "StressWindows")
)  # fmt: skip
"""Told out of bars, quotes and entries alone, which are bounded where they come from."""
REPORTS = frozenset(
    ("Brief", "Compare", "ExplainMove", "MorningBrief", "ReviewPortfolio", "ReviewRisk")
)  # fmt: skip
"""Written as they would have been then: every word they ask is asked of the moment."""
NEVER = frozenset(("FindGaps", "GuessMapping", "PreviewSale", "ReviewJournal"))
"""Could be bounded by their fields, but tell of the store, of files or of the books as they are.

Every other word is bounded by its own fields where it has such, and refused where it has none.
"""
