"""`python -m benchmarks [--json FILE]`: ratio, spread, limit, ok or FAIL; exit 1 on a FAIL."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.parts import everything


def main() -> int:
    """Measures, prints, and gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the findings there too")
    options = parser.parse_args()
    findings = []
    for finding in everything():
        print(finding.line(), flush=True)
        findings.append(finding)
    if options.json is not None:
        text = json.dumps([finding.facts() for finding in findings], indent=2)
        options.json.write_text(f"{text}\n", "utf-8")
    return 0 if all(finding.good for finding in findings) else 1


if __name__ == "__main__":
    raise SystemExit(main())
