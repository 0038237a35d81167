"""Guides as programs: the fenced blocks of a page, run from top to bottom in a folder of their own.

    console            lines after `$ ` are commands; the lines below one are what it prints
    python, sql        run as they stand; a `text` block right after is what they print
    ... write=FILE     the block is written to the file; ... append=FILE: added to its end

`...` stands for anything. `# exit code 1` after a command says how it ends; otherwise 0.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from shared_store import REPOSITORY, pointer

FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXIT = re.compile(r"\s+# exit code (\d+)$")
OWN = ("data", "docs", "analysis")


@dataclass(frozen=True)
class Block:
    """A fenced block: its kind, what its first line says besides, its text and its line."""

    kind: str
    extras: dict[str, str]
    text: str
    line: int


@dataclass(frozen=True)
class Step:
    """One thing to do and what it should print (blank: anything) and how it should end."""

    line: int
    what: str
    said: str | None
    code: int


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text("utf-8")
    found = []
    for match in FENCE.finditer(text):
        kind, *words = match[1].split() or [""]
        extras = dict(word.split("=", 1) for word in words if "=" in word)
        found.append(Block(kind, extras, match[2], text.count("\n", 0, match.start()) + 1))
    return found


def commands(block: Block) -> list[Step]:
    """The commands of a console block with what is printed below each."""
    steps: list[Step] = []
    for number, line in enumerate(block.text.splitlines(), start=block.line + 1):
        if line.startswith("$ "):
            asked = line[2:]
            end = EXIT.search(asked)
            command = EXIT.sub("", asked)
            steps.append(Step(number, command, None, int(end[1]) if end else 0))
        else:
            assert steps, f"line {number}: a console block begins with a command"
            last = steps[-1]
            said = line if last.said is None else f"{last.said}\n{line}"
            steps[-1] = Step(last.line, last.what, said, last.code)
    return steps


def printed_as(said: str, shown: str) -> bool:
    """Whether what was printed is what a page shows, `...` standing for anything."""
    first, *between = re.split(r"\s*\.\.\.\s*", even(shown))
    printed = even(said)
    if not between:
        return printed == first
    if not printed.startswith(first):
        return False
    place = len(first)
    for part in between[:-1]:
        found = printed.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return len(printed) - len(between[-1]) >= place and printed.endswith(between[-1])


def even(text: str) -> str:
    """Text without trailing spaces and with ordinary spaces only."""
    lines = text.replace("\u00a0", " ").replace("\u202f", " ").strip().splitlines()
    return "\n".join(line.rstrip() for line in lines)


class Folder:
    """A copy of what a reader of the repository has, to follow a guide in."""

    def __init__(self, place: Path, *, built: bool) -> None:
        self.place = place
        for name in OWN:
            if (REPOSITORY / name).is_dir():
                skipped = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
                shutil.copytree(REPOSITORY / name, place / name, ignore=skipped)
        if built:
            shutil.copytree(pointer().parent, place / "store")
        kept = {k: v for k, v in os.environ.items() if not k.startswith("BAROMETER_")}
        self.environment = {**kept, "PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8"}

    def start(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs a command here; what it prints on both streams comes together."""
        return subprocess.run(
            arguments, cwd=self.place, env=self.environment, check=False, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300,
        )  # fmt: skip

    def command(self, line: str) -> subprocess.CompletedProcess[str]:
        """Runs a command line of a guide: `barometer ...` or `python ...`, no shell."""
        program, *arguments = shlex.split(line)
        if program == "barometer":
            start = "from barometer_lib.cli import main; main(prog_name='barometer')"
            return self.start(sys.executable, "-c", start, *arguments)
        assert program == "python", f"a guide runs barometer and python alone, not {program}"
        return self.start(sys.executable, *arguments)

    def follow(self, page: Path) -> list[str]:
        """Does what the page says; gives what came out otherwise than the page shows."""
        wrong: list[str] = []
        found = blocks(page)
        for block, after in zip(found, [*found[1:], None], strict=True):
            shown = after.text if after is not None and after.kind == "text" else None
            shown = None if after is not None and after.extras else shown
            wrong += self._do(block, shown)
        return wrong

    def _do(self, block: Block, shown: str | None) -> list[str]:
        if "write" in block.extras or "append" in block.extras:
            self._write(block)
            return []
        if block.kind == "console":
            steps = commands(block)
            return [w for s in steps for w in self._compare(s, self.command(s.what))]
        if block.kind == "python":
            done = self.start(sys.executable, "-c", block.text)
            return self._compare(Step(block.line, "python", shown, 0), done)
        if block.kind == "sql":
            done = self.command(f"barometer query {shlex.quote(block.text.strip())} --lang en")
            return self._compare(Step(block.line, "sql", shown, 0), done)
        return []

    def _write(self, block: Block) -> None:
        name = block.extras.get("write") or block.extras["append"]
        path = self.place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = "w" if "write" in block.extras else "a"
        with path.open(mode, encoding="utf-8", newline="\n") as stream:
            stream.write(block.text)

    def _compare(self, step: Step, done: subprocess.CompletedProcess[str]) -> list[str]:
        wrong = []
        if done.returncode != step.code:
            wrong.append(f"line {step.line}: {step.what}: exit code {done.returncode}")
        if step.said is not None and not printed_as(done.stdout, step.said):
            wrong.append(f"line {step.line}: {step.what} prints\n{done.stdout}")
        if "Traceback" in done.stdout:
            wrong.append(f"line {step.line}: {step.what} shows a traceback")
        if wrong and done.returncode != step.code:
            wrong.append(done.stdout)
        return wrong
