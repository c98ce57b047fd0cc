"""A model under examination before a fake server, and what a good server says to each step."""

import json

from chat_scene import Wire
from fake_models import FakeModels, Round

from tio.engine.analyst.conversation.chain import Speaker
from tio.engine.analyst.exam.replies import Subject

from fakes import FakeClock

WINDOW = 16_384
SHOWN = json.dumps(
    {"capabilities": ["completion", "tools"], "model_info": {"small.context_length": WINDOW}}
).encode()
LISTED = json.dumps({"data": [{"id": "small", "max_model_len": WINDOW}]}).encode()
CALL = '{"shelf": "B7"}'
WRITTEN = f'{{"tool": "count_boxes", "arguments": {CALL}}}'
RAIN = '{"sky": "rain", "sure": 1.0, "why": "The wind has turned."}'


def subject_of(wire: Wire, server: FakeModels, clock: FakeClock | None = None) -> Subject:
    clock = clock or FakeClock()
    return Subject(Speaker(wire.model(server, clock), clock), clock, 60.0, 2_048, "noon")


def well(wire: Wire) -> dict[str, list[Round]]:
    """What a server says that passes, by step."""
    return {
        "answers": [wire.says("ready", usage=(20, 2))],
        "pace": [wire.says("one, ", "two, ", "three", usage=(30, 12))],
        "calls": [wire.calls(("count_boxes", CALL)), wire.says("There are 4,813 boxes.")],
        "prompted": [wire.says(WRITTEN), wire.says("4813")],
        "shape": [wire.says(RAIN)],
        "window": [
            wire.says("persimmon", usage=(1_000, 3)),
            wire.says("Persimmon.", usage=(12_400, 3)),
        ],
        "invents": [wire.says("I cannot look that up here.")],
    }


def ready(wire: Wire, server: FakeModels, **instead: list[Round]) -> None:
    """Have the server say all that, or what is told instead for a step."""
    server.shown, server.models = Round((SHOWN,)), Round((LISTED,))
    for rounds in (well(wire) | instead).values():
        server.rounds += rounds
