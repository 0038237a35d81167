"""`python -m benchmarks [--part T,R] [--size national]`: ratio, spread, limit; exit 1 on a FAIL."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.national import SERIES
from benchmarks.parts import PARTS, Options, everything


def main() -> int:
    """Measures, prints, and gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the findings there too")
    known = ",".join(PARTS)
    parser.add_argument("--part", default=known, help=f"which of {known}; all without it")
    parser.add_argument("--size", choices=SERIES, default="national", help="of parts T, Q and L")
    parser.add_argument("--rounds", type=int, default=7, help="how often each pair is measured")
    options = parser.parse_args()
    parts = options.part.replace(",", "")
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {known}")
    findings = []
    for finding in everything(Options(parts, options.size, options.rounds)):
        print(finding.line(), flush=True)
        findings.append(finding)
    if options.json is not None:
        text = json.dumps([finding.facts() for finding in findings], indent=2)
        options.json.write_text(f"{text}\n", "utf-8")
    return 0 if all(finding.good for finding in findings) else 1


if __name__ == "__main__":
    raise SystemExit(main())
