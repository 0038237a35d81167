"""The colours and marks, chosen once. Styles of the pages read them from `css_variables`.

Every colour has a contrast of 4.5 on white, so that it serves text, and stays apart from the others
for readers who do not tell red from green. No colour stands alone: a shape and a word go with it.
"""

from __future__ import annotations

INK = "#1a232f"
MUTED = "#59626d"
RULE = "#d5d9de"
PAPER = "#ffffff"
ACCENT = "#2770d4"

SERIES = (ACCENT, "#833405", "#447f7a", "#620d84", INK)

_RIGHT, _SAME, _WRONG, _NONE = "#128377", "#97640e", "#8d0a03", "#3b4756"
STATUS_COLOURS = {
    "progress": _RIGHT,
    "standstill": _SAME,
    "setback": _WRONG,
    "no_new_figures": _NONE,
    "green": _RIGHT,
    "yellow": _SAME,
    "red": _WRONG,
    "white": _NONE,
    "met": _RIGHT,
    "not_met": _WRONG,
    "cannot_tell": _NONE,
    "target_met": _RIGHT,
    "on_track": _RIGHT,
    "acceleration_needed": _SAME,
    "limited_progress": _SAME,
    "moving_away": _WRONG,
    "significant_progress": _RIGHT,
    "moderate_progress": _SAME,
    "insufficient_progress": _SAME,
    "movement_away": _WRONG,
    "moderate_movement_away": _SAME,
    "significant_movement_away": _WRONG,
    "target_achieved": _RIGHT,
    "substantial_progress": _RIGHT,
    "deterioration": _WRONG,
    "fair_progress": _SAME,
    "stagnation_or_regression": _WRONG,
    "maintaining": _RIGHT,
    "moderately_improving": _SAME,
    "stagnating": _SAME,
    "decreasing": _WRONG,
    "sun": _RIGHT,
    "sun_and_cloud": _SAME,
    "cloud": _SAME,
    "thunderstorm": _WRONG,
    "better": _RIGHT,
    "same_rounded": _SAME,
    "worse": _WRONG,
    "not_distinguishable": _NONE,
}
STATUS_GLYPHS = {
    "progress": "▲",
    "standstill": "■",
    "setback": "▼",
    "no_new_figures": "○",
    "green": "▲",
    "yellow": "■",
    "red": "▼",
    "white": "○",
    "met": "✓",
    "not_met": "✕",
    "cannot_tell": "○",
    "target_met": "✓",
    "on_track": "▲",
    "acceleration_needed": "◆",
    "limited_progress": "■",
    "moving_away": "▼",
    "significant_progress": "▲",
    "moderate_progress": "◆",
    "insufficient_progress": "■",
    "movement_away": "▼",
    "moderate_movement_away": "■",
    "significant_movement_away": "▼",
    "target_achieved": "✓",
    "substantial_progress": "▲",
    "deterioration": "▼",
    "fair_progress": "◆",
    "stagnation_or_regression": "▼",
    "maintaining": "✓",
    "moderately_improving": "◆",
    "stagnating": "■",
    "decreasing": "▼",
    "sun": "▲",
    "sun_and_cloud": "◆",
    "cloud": "■",
    "thunderstorm": "▼",
    "better": "▲",
    "same_rounded": "■",
    "worse": "▼",
    "not_distinguishable": "○",
}
# Pages style four tones; every other status borrows one of theirs.
_TONES = {_RIGHT: "green", _SAME: "yellow", _WRONG: "red", _NONE: "white"}
_STYLED = ("progress", "standstill", "setback", "no_new_figures", "green", "yellow", "red", "white")
STATUS_TONES = {
    code: code if code in _STYLED else _TONES[colour] for code, colour in STATUS_COLOURS.items()
}
ABOVE_LIMIT = _WRONG
FONT = "var(--barometer-font, 'IBM Plex Sans', system-ui, sans-serif)"


def see_through(colour: str, share: float) -> str:
    """The colour with a share of its strength, for bands."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"


def css_variables() -> str:
    """The palette as a block of custom properties: `--ink`, `--accent`, `--series-1`,
    `--status-progress` and so on.
    """
    colours = {"ink": INK, "muted": MUTED, "rule": RULE, "paper": PAPER, "accent": ACCENT}
    colours |= {f"series-{place}": colour for place, colour in enumerate(SERIES, 1)}
    colours |= {
        f"status-{code.replace('_', '-')}": colour for code, colour in STATUS_COLOURS.items()
    }
    lines = "".join(f"  --{name}: {colour};\n" for name, colour in colours.items())
    return f":root {{\n{lines}}}\n"
