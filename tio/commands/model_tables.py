"""How models, their keys and their examinations print."""

from collections.abc import Sequence

from tio.api.clean import clean
from tio.api.model_exams import Finding, Mark, ModelExam
from tio.api.models import RULES, ModelKey, ModelState
from tio.commands.printing import print_table, say

_KEYS = {
    ModelKey.keyring: "in the keyring",
    ModelKey.environment: "in the environment",
    ModelKey.file: "in a file only you can read: this machine has no usable keyring",
    ModelKey.not_needed: "none needed",
    ModelKey.missing: "missing",
}


def print_models(models: Sequence[ModelState]) -> None:
    """One line a model."""
    rows = [
        [
            each.name,
            each.state.replace("_", " "),
            _word(each.tools),
            _word(each.structured),
            f"{each.context:,}" if each.context else "",
            "" if each.name == RULES else each.key.replace("_", " "),
            _today(each),
        ]
        for each in models
    ]
    print_table(
        ("MODEL", "STATE", "TOOLS", "SHAPE", "WINDOW", "KEY", "TODAY"),
        rows,
        right=("WINDOW", "TODAY"),
    )
    for each in models:
        if remark := _remark(each):
            named = remark if remark.startswith(each.name) else f"{each.name}: {remark}"
            print(clean(named))
    if len(models) == 1:
        say('config.toml names no model: write models = ["ollama:MODEL", "rules"] under [analyst]')


def say_key(state: ModelState) -> None:
    """Where the key of a model's server is now."""
    say(f"the key for {state.url} is {_KEYS[state.key]}")
    if state.key is ModelKey.environment:
        say(f"{state.variable} of the environment comes before any other")


def print_begun(model: str) -> None:
    print(clean(model))


def print_finding(finding: Finding) -> None:
    """A finding, and below it what to do about it."""
    print(f"  {finding.mark:<8} {finding.step:<10} {clean(finding.said)}")
    if finding.advice:
        print(f"  {'':<19} → {clean(finding.advice)}")


def say_exam(exam: ModelExam) -> None:
    """What an examination came to."""
    passed = sum(each.mark is Mark.passed for each in exam.findings)
    ended = f"; it ended: {exam.reason}" if exam.reason else ""
    say(
        f"{passed} of {len(exam.findings)} passed, {exam.read:,} tokens read, "
        f"{exam.written:,} written{ended}"
    )


def _word(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _today(state: ModelState) -> str:
    tokens = state.read_today + state.written_today
    if not tokens:
        return ""
    cost = f", {state.cost_today:.2f} {state.currency}" if state.cost_today else ""
    return f"{tokens:,} tokens{cost}"


def _remark(state: ModelState) -> str:
    if state.next_try_at is not None:
        return f"{state.reason}; rests until {state.next_try_at:%H:%M:%S} UTC"
    if state.key is ModelKey.missing and not state.reason:
        return f"no key: `tio analyst key set`, or {state.variable}"
    return state.reason
