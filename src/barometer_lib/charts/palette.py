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
