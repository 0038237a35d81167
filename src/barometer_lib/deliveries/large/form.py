"""How a large CSV file is written, told in one pass over its bytes; lines of it by number."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from barometer_lib.deliveries.csv_rows import header_of
from barometer_lib.deliveries.description import DeliveredFile
from barometer_lib.deliveries.large.arrays import Numbers

PIECE = 1 << 22
BLOCK = 1 << 15
NEWLINE = 10
MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Form:
    """A plainly written file: its header line, its columns, the lines below it, its line end.

    `befores` says of each block of so many bytes how many line ends stand before it.
    """

    header: str
    columns: tuple[str, ...]
    rows: int
    line_end: str
    befores: Numbers


def form_of(path: Path, spec: DeliveredFile) -> Form | None:
    """The form of a UTF-8 file with one kind of line end; nothing for any other.

    Blank lines and line breaks inside quotes show later: there are fewer rows than lines.
    """
    text = codecs.getincrementaldecoder("utf-8")()
    ends: list[int] = []
    returns = 0
    header, last = b"", b""
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            try:
                # The decoder keeps a letter that the end of a piece cuts.
                if not piece.isascii() or text.getstate()[0]:
                    text.decode(piece)
            except UnicodeDecodeError:
                return None
            header = header or piece.split(b"\n", 1)[0]
            ends += _line_ends(piece)
            returns += piece.count(b"\r")
            last = (last + piece)[-2:]
    lines = sum(ends)
    if not ends or text.getstate()[0] or (returns and (returns != lines or last != b"\r\n")):
        return None
    whole = lines + (not last.endswith(b"\n"))
    named = header.removeprefix(MARK).rstrip(b"\r").decode("utf-8", "replace")
    befores = np.cumsum([0, *ends[:-1]])
    columns = tuple(header_of(named, spec))
    return Form(named, columns, whole - 1, "\r\n" if returns else "\n", befores)


def _line_ends(piece: bytes) -> list[int]:
    """How many line ends there are in each block of a piece."""
    letters = np.frombuffer(piece, np.uint8)
    return [
        int(np.count_nonzero(letters[at : at + BLOCK] == NEWLINE))
        for at in range(0, len(piece), BLOCK)
    ]


def lines_of(path: Path, form: Form, wanted: Numbers) -> list[bytes]:
    """The lines of those numbers (the header is 1, rising), each with its line end."""
    found: list[bytes] = []
    # Line n begins behind line end n - 1, which stands in this block.
    blocks = np.searchsorted(form.befores, wanted - 1, side="left") - 1
    with path.open("rb") as stream:
        for block in np.unique(blocks).tolist():
            stream.seek(block * BLOCK)
            piece = stream.read(BLOCK)
            piece += stream.readline()
            stops = np.flatnonzero(np.frombuffer(piece, np.uint8) == NEWLINE) + 1
            if not piece.endswith(b"\n"):
                stops = np.append(stops, len(piece))
            # Only the last line of all may end without one: it is given one.
            for number in (wanted[blocks == block] - 2 - form.befores[block]).tolist():
                line = piece[stops[number] : stops[number + 1]]
                found.append(line if line.endswith(b"\n") else line + b"\n")
    return found
