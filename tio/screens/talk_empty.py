"""Where no message stands: what can be asked, and who would answer."""

from collections.abc import Sequence

from tio.api.models import RULES, ModelStanding, ModelState
from tio.screens.widgets.model_names import short, shortened

EMPTY = (
    "Ask of a symbol, your portfolio, a trade.",
    "Figures are looked up; each opens its source.",
    "",
    "› why did {symbol} move today?",
    "› how does {symbol} stand against its 200-day average?",
    "› /brief {symbol}     › /portfolio     › /compare {symbol} …",
    "",
    "a asks · @ on any screen takes along what you look at · ? shows the keys",
)
_ANSWER = (ModelStanding.ready, ModelStanding.unchecked)
AUTO = "auto"
"""All models in their order, none chosen."""
Models = Sequence[ModelState]


def empty_lines(symbol: str, models: Models, chosen: str) -> list[tuple[str, str]]:
    """The lines and their inks."""
    told = [each.format(symbol=symbol) for each in EMPTY]
    lines = [(each, "text" if "›" in each else "muted") for each in told]
    return [*lines, ("", "muted"), *who_answers(models, chosen)] if models else lines


def who_answers(models: Models, chosen: str = "") -> list[tuple[str, str]]:
    """Who would answer a question now, and why nobody before them does."""
    asked = [each for each in models if each.name != RULES and chosen in ("", each.name)]
    lines: list[tuple[str, str]] = []
    for each in asked:
        state = each.state.replace("_", " ")
        if each.state in _ANSWER:
            return [*lines, (f"{short(each.name)} answers · {state}", "rise")]
        why = shortened(each.reason).removeprefix(f"{short(each.name)}: ")
        told = f"{state}: {why}" if why else state
        lines.append((f"{short(each.name)} cannot answer · {told}", "accent"))
    if chosen == RULES:
        return [("rules answer, as you chose · /model auto asks the models again", "accent")]
    if len(models) > 1:
        return [*lines, ("rules answer meanwhile", "accent")]
    return [
        ("rules answer: no model is set", "accent"),
        ('tio config edit sets one, as [analyst] models = ["ollama:qwen3"]', "muted"),
        ("tio analyst models tells how each stands · docs/models.md", "muted"),
    ]


def named(models: Models, text: str) -> list[str]:
    """The models a text may mean: the one of that name, else all whose name has that part."""
    names = [each.name for each in models]
    exact = [name for name in names if text in (name, short(name))]
    return exact or [name for name in names if text and text in name]


def choices(models: Models) -> list[str]:
    """What may be typed to choose a model: short names where no two are alike."""
    names = [each.name for each in models]
    shorts = [short(name) for name in names]
    told = [s if shorts.count(s) == 1 else name for s, name in zip(shorts, names, strict=True)]
    return [AUTO, *told]
