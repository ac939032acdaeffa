"""Requests that nobody thought of, 100,000 of them: no defect, no surprise, nothing slow.

`bin/bench fuzz [--cases N] [--start N]`. Another start sends other requests.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEST = "tests/web/api/test_fuzz.py"


def main() -> None:
    """Run the test of the same name with so many requests, on the database of this run."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=100_000)
    options.add_argument("--start", type=int, default=1)
    chosen = options.parse_args()
    asked = {"SAYSO_FUZZ_CASES": str(chosen.cases), "SAYSO_FUZZ_START": str(chosen.start)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", TEST]
    sys.exit(subprocess.run(command, cwd=ROOT, env={**os.environ, **asked}, check=False).returncode)


if __name__ == "__main__":
    main()
