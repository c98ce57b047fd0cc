"""A chart's arrangement as text: what is remembered of it, under a name, and back.

A layout holds what the screens remember about charts, and the timeframe; never the symbol. An
indicator set holds the indicators alone.
"""

import json
import re
from collections.abc import Mapping

from tio.api.errors import Invalid
from tio.api.market import Timeframe
from tio.screens.memory import ONLY
from tio.screens.stage import Stage

VERSION = 1
STUDIES = "chart.studies"
_KEYS = re.compile(
    r"chart\.(type|scale|volume|hours|levels|marks|studies|compare|grid"
    r"|grid\.[0-3](\.(symbol|studies|compare))?)"
)


def layout_of(stage: Stage) -> str:
    """All that is remembered of charts now."""
    held = {key: value for key, value in stage.memory.kept.items() if _KEYS.fullmatch(key)}
    told = {"version": VERSION, "timeframe": str(stage.timeframe), "settings": held}
    return json.dumps(told, ensure_ascii=False)


def indicators_of(stage: Stage) -> str:
    """The indicators of the chart alone."""
    settings = {STUDIES: stage.recall(STUDIES, "")}
    return json.dumps({"version": VERSION, "settings": settings}, ensure_ascii=False)


def take(stage: Stage, content: str, *, whole: bool) -> str:
    """Remember what a layout holds in place of what is remembered; Invalid.

    `whole`: what it does not hold is forgotten, as a layout of everything means. The answer names
    what it holds that is not known here, "" when all is.
    """
    try:
        told = json.loads(content)
        settings = told["settings"]
        version = int(told["version"])
        if not isinstance(settings, Mapping):
            raise TypeError
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid("it cannot be read", "save it again") from error
    wrong = [] if version <= VERSION else ["it was saved by a newer tio"]
    wanted = {
        key: value
        for key, value in settings.items()
        if isinstance(value, str) and _fits(key, value)
    }
    wrong += [str(key) for key in settings if key not in wanted]
    kept = [key for key in stage.memory.kept if _KEYS.fullmatch(key)]
    for key in kept if whole else ():
        if key not in wanted:
            stage.remember(key, "")
    for key, value in wanted.items():
        stage.remember(key, value)
    timeframe = told.get("timeframe")
    if timeframe in set(Timeframe):
        stage.timeframe = Timeframe(timeframe)
    elif timeframe is not None:
        wrong.append(f"timeframe {timeframe}")
    return ", ".join(wrong)


def _fits(key: str, value: str) -> bool:
    return bool(_KEYS.fullmatch(key)) and value in (ONLY.get(key) or (value,))
