"""Bars of several sources as one answer: never spliced, set end to end with a seam each time."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from tio.api.market import Seam, Timeframe
from tio.api.series import moment
from tio.engine.market.gaps import holes
from tio.engine.market.sessions import SessionRules
from tio.engine.store.bars import Terms
from tio.engine.store.columns import Columns, Instants

_LEAST = 3
"""Bars in a row that must be missing within a day before another source's stand for them."""
_MOST_HOLES = 50


class Part(NamedTuple):
    """The bars one source gives, with their terms."""

    source: str
    bars: Columns
    terms: Terms


def times_of(parts: list[Part]) -> Instants:
    """The openings of all parts, oldest first."""
    return np.unique(np.concatenate([part.bars.time for part in parts] or [Columns.empty().time]))


def filled(bars: Columns, finer: Columns) -> Columns:
    """Bars, and where they have none those folded from finer ones."""
    if not len(bars):
        return finer
    if not len(finer):
        return bars
    fresh = Columns(finer.block[:, ~np.isin(finer.time, bars.time)])
    return Columns.joined([bars, fresh]).ordered()


def with_live(stored: list[Part], live: Part | None) -> list[Part]:
    """The live bars over the stored ones of the same source, which then comes first."""
    if live is None:
        return stored
    mine: list[Part] = []
    others: list[Part] = []
    for part in stored:
        same = (part.source, part.terms.adjusted) == (live.source, live.terms.adjusted)
        (mine if same else others).append(part)
    bars = Columns.joined([*(part.bars for part in mine), live.bars]).ordered()
    return [Part(live.source, bars, live.terms), *others]


def joined_of(
    parts: list[Part], limit: int, timeframe: Timeframe, rules: SessionRules
) -> tuple[Columns, tuple[Seam, ...], Part | None]:
    """The first part whole; those adjusted alike before it, after it, and where it has holes."""
    pieces: list[Part] = []
    for part in parts:
        if not len(part.bars):
            continue
        if not pieces:
            pieces.append(part)
        elif part.terms.adjusted == pieces[0].terms.adjusted:
            pieces = _inserted(pieces, part, timeframe, rules)
    joined = Columns.joined([piece.bars for piece in pieces])
    joined = joined[max(0, len(joined) - limit) :]
    since = int(joined.time[0]) if len(joined) else 0
    seams = tuple(
        Seam(
            moment(int(after.bars.time[0])),
            before.source,
            after.source,
            before.terms.coverage != after.terms.coverage,
        )
        for before, after in pairwise(pieces)
        if before.source != after.source and int(after.bars.time[0]) > since
    )
    return joined, seams, pieces[-1] if pieces else None


def _inserted(
    pieces: list[Part], part: Part, timeframe: Timeframe, rules: SessionRules
) -> list[Part]:
    """What is there, and of another part what lies before, after, or in a hole of it."""
    first, last = int(pieces[0].bars.time[0]), int(pieces[-1].bars.time[-1])
    spans = [(-(2**62), first), (last + 1, 2**62)]
    mine = part.bars.time
    if int(mine[0]) < last and int(mine[-1]) > first:
        least = _LEAST if timeframe.intraday else 1
        found = holes(times_of(pieces), timeframe, rules, first, last, least)
        found.sort(key=lambda hole: -hole.bars)
        spans += [(hole.start, hole.end) for hole in found[:_MOST_HOLES]]
    for start, end in spans:
        begin, stop = np.searchsorted(mine, (start, end))
        if begin < stop:
            pieces = _placed(pieces, part._replace(bars=part.bars[int(begin) : int(stop)]))
    return pieces


def _placed(pieces: list[Part], fresh: Part) -> list[Part]:
    """A piece between the others; the one around it is cut in two."""
    at = int(fresh.bars.time[0])
    told: list[Part] = []
    for piece in pieces:
        cut = int(np.searchsorted(piece.bars.time, at))
        told += [
            piece._replace(bars=side) for side in (piece.bars[:cut], piece.bars[cut:]) if len(side)
        ]
    place = next((n for n, piece in enumerate(told) if int(piece.bars.time[0]) > at), len(told))
    told.insert(place, fresh)
    return _merged(told)


def _merged(pieces: list[Part]) -> list[Part]:
    """Neighbours of one source as one piece again."""
    told: list[Part] = []
    for piece in pieces:
        if told and (told[-1].source, told[-1].terms) == (piece.source, piece.terms):
            bars = Columns.joined([told[-1].bars, piece.bars])
            told[-1] = piece._replace(bars=bars)
        else:
            told.append(piece)
    return told
