"""A small chart of the current symbol with one indicator on it, which nobody's choice is."""

from dataclasses import replace
from typing import TYPE_CHECKING

from tio.api.indicators import IndicatorSpec
from tio.screens.widgets.price_chart import PriceChart
from tio.screens.widgets.studies_kept import Study

if TYPE_CHECKING:
    from tio.draw.view import ChartView

SHARE = 0.7


class PreviewChart(PriceChart, can_focus=False):
    """Follows the current symbol; what it shows is kept nowhere."""

    studies_kept = ""

    def preview(self, spec: IndicatorSpec) -> None:
        """Show this indicator alone."""
        self.studies.show((Study(spec, SHARE),))

    def furnished(self, view: "ChartView") -> "ChartView":
        return replace(super().furnished(view), volume=False)
