"""`bin/demo` as a reader sees it: what happened, what of it is simulated, the proof and one decision."""

import os
import subprocess
import sys
from pathlib import Path

from tests.demo.running import ROOT


def demonstrate(home: Path, *arguments: str) -> str:
    """Run the demonstration of 30 households to its end, and return what it printed."""
    told = {"SAYSO_HOME": str(home), "DATABASE_URL": "postgresql://nobody@nowhere.invalid/not-to-be-touched"}
    done = subprocess.run(
        [sys.executable, "-m", "demo", "--households", "30", *arguments],
        env={**os.environ, **told, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "COLUMNS": "200"},
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_tells_proves_and_explains_and_runs_again_only_when_something_changed(tmp_path: Path) -> None:
    first = demonstrate(tmp_path)
    for said in (
        "$ sayso import events",
        "Members by tier",
        "spent (simulated)",
        "Referrals (simulated)",
        "per second",
    ):
        assert said in first
    assert "Every promise holds" in first
    assert "900 did not get the “Coupon collector” badge" in first
    assert "Simulated, since the data set has neither" in first
    assert ".venv/bin/sayso statement 900" in first

    again = demonstrate(tmp_path, "--no-serve")
    assert "The year was run already" in again
    assert "$ sayso import" not in again
    assert ".venv/bin/sayso" not in again
    assert again[again.index("Members by tier") : again.index("The work")] in first

    note = tmp_path / "demo-30" / "played.json"
    note.write_text(note.read_text().replace('"made_from": "', '"made_from": "other programs or code '))
    assert "$ sayso import events" in demonstrate(tmp_path, "--no-serve")
