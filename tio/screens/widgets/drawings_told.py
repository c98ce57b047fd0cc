"""What the keys do while one draws, in a line."""

from typing import TYPE_CHECKING

from tio.draw.table import price

if TYPE_CHECKING:
    from tio.screens.widgets.drawings_part import DrawingsPart

CHOOSE = "Draw: t trend · i ray · v level · c channel · f fib · x text"


def told(part: "DrawingsPart") -> str:
    """What is being done, and which keys go on with it."""
    if part.typed:
        return f"Price {part.typed}: enter takes it · backspace · esc"
    kind = part.kind
    if kind is not None:
        point = f" {len(part.points) + 1}/{kind.points}" if kind.points > 1 else ""
        at = price(part.price, part.decimals)
        return f"{kind}{point} {at}: arrows · s snap · 0–9 price · enter sets · esc"
    drawing, shown = part.standing, part.kept_ones.shown
    if drawing is None:
        return f"{CHOOSE} · n selects" if shown else f"{CHOOSE} · esc"
    ids = [each.id for each in shown]
    id = part.kept_ones.named(drawing.id)
    place = f"{ids.index(id) + 1}/{len(ids)}" if id in ids else ""
    if drawing.suspended:
        fitting = ", ".join(price(each.price, part.decimals) for each in drawing.proposed)
        return f"{drawing.suspended}. a takes {fitting} · del deletes · n · esc"
    held = "all" if part.held is None else f"point {part.held + 1}"
    keys = "arrows · p part · w words · del · u undo · n next"
    return f"{drawing.kind} {place}, {held}: {keys}"
