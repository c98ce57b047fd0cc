"""The actions of looking back: id, keys, title, help and code of each."""

PAST: tuple[tuple[str, ...], ...] = (
    ("app.as_of", "", "As of", "the whole desk at a past moment: -3d, 2026-11-18 15:30", "AS-OF"),
    ("app.now", "", "Now", "back to now", "NOW"),
    ("app.blind", "", "Blind", "a drill: a symbol without a name at a moment without a date",
     "BLIND"),
    ("app.reveal", "", "Reveal", "what and when the blind drill was, and what came after",
     "REVEAL"),
)  # fmt: skip
