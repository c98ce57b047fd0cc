"""A chart's indicators as its view shows them, each with a word where it has no value."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tio.api.indicators import Computed, IndicatorSpec, Pane
from tio.draw.canvas import Pen
from tio.draw.columns import Columns
from tio.draw.scale import Floats
from tio.draw.studied import overlay_lines, pane_lines, study_clouds
from tio.draw.view import ChartView, Cloud, Overlay, SubPane
from tio.screens.widgets.studies_kept import Catalogue, Study, said
from tio.screens.widgets.studies_values import StudyValues

WORDS = 64
"""The longest reason told beside an indicator."""


class Shown:
    """An indicator as far as the engine told of it."""

    def __init__(self, spec: IndicatorSpec) -> None:
        self.spec = spec
        self.values: StudyValues | None = None
        self.wrong = ""
        self.loading = self.complete = False

    def take(self, told: Computed, snapshot: bool) -> None:
        """A snapshot begins anew, what follows it goes on."""
        self.wrong = ""
        if snapshot or self.values is None or self.values.names != tuple(told.outputs):
            self.values, self.complete = StudyValues(told), False
        self.values.take(told)

    def put_before(self, told: Computed) -> None:
        """Older values; none means there are no more."""
        before = self.oldest
        if self.values is not None:
            self.values.put_before(told)
        self.complete = self.oldest == before

    @property
    def oldest(self) -> int | None:
        """The opening of the first bar told of."""
        values = self.values
        return int(values.table.time[0]) if values is not None and len(values.table) else None

    @property
    def title(self) -> str:
        """What to call it: the engine's words, else its own."""
        if self.values is not None and self.values.told.label:
            return self.values.told.label
        words = [self.spec.name.upper(), *(said(value) for value in self.spec.params.values())]
        tail = [str(each) for each in (self.spec.timeframe, self.spec.against) if each]
        return " · ".join([" ".join(words), *tail])


def drawn(
    view: ChartView,
    columns: Columns,
    studies: Sequence[tuple[Study, Shown | None]],
    stood: int | None,
    catalogue: Catalogue,
    symbol: str,
) -> ChartView:
    """The view with all of them in their order."""
    overlays: list[Overlay] = []
    clouds: list[Cloud] = []
    panes: list[SubPane] = []
    pieces: list[tuple[str, Pen]] = []
    for number, (study, shown) in enumerate(studies):
        if shown is None:
            continue
        focused, values = number == stood, shown.values
        entry = catalogue.get(study.spec.name)
        own = (values.told.pane if values else entry.pane if entry else None) is Pane.own
        if values is None:
            if own:
                title = _titled(shown.title, shown.wrong or "asked for …")
                panes.append(SubPane(title, (), study.share, focused=focused))
            elif shown.wrong or focused:
                pieces.append((_titled(shown.title, shown.wrong or "asked for …"), _pen(shown)))
            continue
        over = values.over(columns)
        why = shown.wrong or _empty(over, columns, study, catalogue, symbol)
        if own:
            lines = pane_lines(values.told, over)
            title = _titled(shown.title, why)
            panes.append(SubPane(title, lines, study.share, values.told.guides, focused))
            continue
        lines = overlay_lines(values.told, over, len(overlays))
        if focused and lines:
            lines = (replace(lines[0], name=f"▸ {lines[0].name}"), *lines[1:])
        if why:
            lines = tuple(replace(line, name="") for line in lines)
            pieces.append((_titled(shown.title, why), _pen(shown)))
        overlays += lines
        clouds += study_clouds(values.told, over)
    return replace(
        view,
        overlays=(*view.overlays, *overlays),
        clouds=(*view.clouds, *clouds),
        panes=(*view.panes, *panes),
        pieces=(*view.pieces, *pieces),
    )


def _titled(title: str, why: str) -> str:
    return f"{title} · {why[:WORDS]}" if why else title


def _pen(shown: Shown) -> Pen:
    return Pen.fall if shown.wrong else Pen.muted


def _empty(
    over: dict[str, Floats], columns: Columns, study: Study, catalogue: Catalogue, symbol: str
) -> str:
    """Why an indicator has no value at any bar held, "" when it has one."""
    tail = [values[-64:] for values in over.values()]
    if any(np.isfinite(values).any() for values in tail):
        return ""
    if any(np.isfinite(values).any() for values in over.values()):
        return ""
    entry = catalogue.get(study.spec.name)
    if entry is not None and "volume" in entry.inputs and not (columns.volume > 0).any():
        return f"{symbol} has no volume"
    return f"no value yet: it needs more than the {len(columns):,} bars there are"
