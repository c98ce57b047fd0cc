"""Volume below the prices, its profile beside them."""

from tio.screens.widgets.chart_part import ChartPart

SHOWN = ("on", "profile", "both", "off")


class VolumePart(ChartPart):
    """What is shown of volume; `v` turns it."""

    name = "volume"

    def act_turn(self) -> None:
        self.chart.turn("chart.volume", "on", SHOWN)
