"""One list of dependencies: locks, conda environment and what is installed agree with it."""

from __future__ import annotations

import importlib.metadata
import json
import re
import tomllib
from pathlib import Path

import pytest
import rattler
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).resolve().parent.parent
LOCKS = (
    "requirements.lock",
    "requirements-dev.lock",
    "requirements-bootstrap.lock",
    "requirements-node.lock",
)
PIN = re.compile(r"^[a-z0-9][a-z0-9-]*==[0-9][\w.+!]*( ; [^\\]+)?$")
HASH = re.compile(r"^--hash=sha256:[0-9a-f]{64}$")
# Overridden away in pyproject.toml, so wanted by a package and not installed.
NOT_INSTALLED = {"rfc3987-syntax"}
CONDA_NAMES = {"duckdb": "python-duckdb"}
CONDA_EXTRAS = ("dashboards", "letters", "analysis")
BY_PIP = ["resvg-py>=0.5"]  # what conda users get from pip, with pyproject's bounds


def project() -> dict:
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))


def wanted(*extras: str) -> dict[str, Requirement]:
    table = project()["project"]
    lines = list(table["dependencies"])
    for extra in extras:
        lines += table["optional-dependencies"][extra]
    found = [Requirement(line) for line in lines]
    return {canonicalize_name(requirement.name): requirement for requirement in found}


def logical_lines(lock: str) -> list[list[str]]:
    """Each requirement with its hashes: backslashes join lines, as pip reads them."""
    text = (REPOSITORY / lock).read_text(encoding="utf-8").replace(" \\\n", "\n\t")
    blocks = re.split(r"\n(?!\t)", text.rstrip("\n"))
    return [[part.strip() for part in block.split("\n\t")] for block in blocks]


def locked(lock: str) -> dict[str, Requirement]:
    found = [Requirement(block[0]) for block in logical_lines(lock)]
    return {canonicalize_name(requirement.name): requirement for requirement in found}


def version_of(pin: Requirement) -> str:
    return str(pin.specifier).removeprefix("==")


@pytest.mark.parametrize("lock", LOCKS)
def test_each_line_of_a_lock_is_a_pin_with_hashes_and_nothing_else(lock):
    """So no index, no host, no path and no unhashed package can hide in it."""
    blocks = logical_lines(lock)
    assert blocks
    for pin, *hashes in blocks:
        assert PIN.match(pin), pin
        assert hashes, f"{pin}: no hash"
        assert all(HASH.match(line) for line in hashes), pin


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_each_package_once(lock):
    assert len(locked(lock)) == len(logical_lines(lock))


def test_the_two_locks_never_disagree():
    served, everything = locked("requirements.lock"), locked("requirements-dev.lock")
    for name, pin in served.items():
        assert name in everything
        assert version_of(everything[name]) == version_of(pin), name
        assert str(everything[name].marker) == str(pin.marker), name


@pytest.mark.parametrize(
    ("lock", "extras"),
    [
        ("requirements.lock", ("dashboards", "letters")),
        ("requirements-dev.lock", ("dashboards", "letters", "analysis", "dev")),
    ],
)
def test_a_lock_holds_what_pyproject_asks_for(lock, extras):
    pins = locked(lock)
    for name, requirement in wanted(*extras).items():
        assert name in pins, name
        assert requirement.specifier.contains(version_of(pins[name])), (
            f"{requirement}: {pins[name]}"
        )


def test_no_extra_is_left_out_of_the_dev_lock():
    extras = set(project()["project"]["optional-dependencies"])
    assert extras == {"dashboards", "letters", "analysis", "dev"}


def test_what_serves_needs_no_pandas_statsmodels_or_plotly():
    assert not {"pandas", "statsmodels", "plotly"} & set(locked("requirements.lock"))


def test_what_builds_the_package_is_locked_too():
    table = project()
    assert table["dependency-groups"]["build"] == table["build-system"]["requires"]
    for lock in ("requirements.lock", "requirements-dev.lock"):
        assert "hatchling" in locked(lock)
    assert set(locked("requirements-bootstrap.lock")) == set(
        table["dependency-groups"]["bootstrap"]
    )
    assert set(locked("requirements-node.lock")) == set(table["dependency-groups"]["node"])


def test_what_is_installed_is_what_is_locked_and_nothing_is_missing():
    """The lock is installed with --no-deps, so it must hold every dependency by itself."""
    pins = locked("requirements-dev.lock")
    for name, pin in pins.items():
        if pin.marker is not None and not pin.marker.evaluate():
            continue
        installed = importlib.metadata.distribution(name)
        assert installed.version == version_of(pin), name
        for line in installed.requires or []:
            need = Requirement(line)
            if need.marker is not None and not need.marker.evaluate({"extra": ""}):
                continue
            needed = canonicalize_name(need.name)
            if needed in NOT_INSTALLED:
                continue
            assert needed in pins, f"{name} needs {line}"
            assert need.specifier.contains(version_of(pins[needed]), prereleases=True), line


def conda() -> dict:
    return yaml.safe_load((REPOSITORY / "environment.yml").read_text(encoding="utf-8"))


def by_pip() -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in BY_PIP}


def conda_specs() -> dict[str, rattler.MatchSpec]:
    lines = [line for line in conda()["dependencies"] if isinstance(line, str)]
    return {line.split()[0]: rattler.MatchSpec(line, strict=True) for line in lines}


def test_the_conda_environment_names_one_channel_and_installs_the_library():
    environment = conda()
    assert environment["name"] == "barometer"
    assert environment["channels"] == ["conda-forge"]
    sections = [line for line in environment["dependencies"] if not isinstance(line, str)]
    assert sections == [{"pip": ["-e .", *BY_PIP]}]


def test_the_conda_environment_lists_what_pyproject_lists():
    ours = {CONDA_NAMES.get(name, name) for name in wanted(*CONDA_EXTRAS)} - by_pip()
    assert set(conda_specs()) == ours | {"python", "nodejs", "pip"}


def test_the_conda_environment_has_pyprojects_bounds_and_admits_the_locked_versions():
    specs, pins = conda_specs(), locked("requirements-dev.lock")
    assert str(specs["python"].version) == project()["project"]["requires-python"]
    for name, requirement in wanted(*CONDA_EXTRAS).items():
        if name in by_pip():
            assert str(requirement) in BY_PIP
            continue
        bound = str(specs[CONDA_NAMES.get(name, name)].version)
        assert bound == str(requirement.specifier), name
        locked_version = rattler.Version(version_of(pins[name]))
        assert rattler.VersionSpec(bound).matches(locked_version), name


def front_end(file: str) -> dict:
    return json.loads((REPOSITORY / "frontend" / file).read_text(encoding="utf-8"))


def test_the_front_end_lock_has_hashes_and_no_addresses():
    packages = front_end("package-lock.json")["packages"]
    for name, entry in packages.items():
        assert "resolved" not in entry, name
        if name:
            assert entry["integrity"].startswith("sha512-"), name


def test_the_front_end_lock_is_the_one_of_package_json():
    package, root = front_end("package.json"), front_end("package-lock.json")["packages"][""]
    assert root["dependencies"] == package["dependencies"]
    assert root["devDependencies"] == package["devDependencies"]


def test_node_is_as_old_as_package_json_allows_in_all_places():
    oldest = front_end("package.json")["engines"]["node"]
    assert str(conda_specs()["nodejs"].version) == oldest
    program = (REPOSITORY / "frontend" / "install.py").read_text(encoding="utf-8")
    assert f"OLDEST_NODE = {oldest.removeprefix('>=')}\n" in program
