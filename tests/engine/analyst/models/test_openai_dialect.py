"""Fields that one server takes and another refuses."""

import pytest

from tio.engine.analyst.models.openai_dialect import Dialect

BODY = {"model": "m", "max_tokens": 9, "temperature": 0.2, "stream_options": {}}


@pytest.mark.parametrize(
    ("refusal", "without", "added"),
    [
        (
            "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
            "max_tokens",
            {"max_completion_tokens": 9},
        ),
        (
            "'temperature' does not support 0.2. Only the default (1) value is supported.",
            "temperature",
            {},
        ),
        (
            '{"loc": ["body", "stream_options"], "msg": "Extra inputs are not permitted"}',
            "stream_options",
            {},
        ),
    ],
)
def test_a_refused_field_is_said_otherwise_from_then_on(
    refusal: str, without: str, added: dict[str, int]
) -> None:
    dialect = Dialect()
    assert dialect.spoken(BODY) == BODY
    assert dialect.learns(400, refusal)
    rest = {name: value for name, value in BODY.items() if name != without}
    assert dialect.spoken(BODY) == rest | added
    assert not dialect.learns(400, refusal)


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (400, "maximum context length is 8192 tokens, reduce max_tokens"),
        (400, "temperature must be a number"),
        (401, "max_completion_tokens"),
        (500, "stream_options not supported"),
    ],
)
def test_other_refusals_teach_nothing(status: int, refusal: str) -> None:
    dialect = Dialect()
    assert not dialect.learns(status, refusal)
    assert dialect.spoken(BODY) == BODY
