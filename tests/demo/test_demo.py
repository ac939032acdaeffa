"""`bin/demo` as a reader sees it: what happened, what of it is simulated, the proof, one decision, and the service."""

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

from tests.demo.running import ROOT


def started(home: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start the demonstration of 30 households."""
    told = {"SAYSO_HOME": str(home), "DATABASE_URL": "postgresql://nobody@nowhere.invalid/not-to-be-touched"}
    return subprocess.Popen(
        [sys.executable, "-m", "demo", "--households", "30", *arguments],
        env={**os.environ, **told, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "COLUMNS": "200"},
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def demonstrate(home: Path, *arguments: str) -> str:
    """Run the demonstration to its end, without serving, and return what it printed."""
    process = started(home, "--no-serve", *arguments)
    output, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    return output


def demonstrate_and_look(home: Path) -> str:
    """Run the demonstration until it serves, ask what it says to ask, and stop it; return what it printed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = started(home, "--port", str(port))
    assert process.stdout is not None
    said = "".join(iter(process.stdout.readline, "Ctrl-C stops it.\n"))
    secret = re.search(r"sk_test_[\w-]{43}", said)
    assert secret, said
    request = Request(f"http://127.0.0.1:{port}/api/v1/members/900", headers={"Authorization": f"Bearer {secret[0]}"})
    with urlopen(request, timeout=30) as answer:
        assert json.load(answer)["member"] == "900"
    process.terminate()
    assert process.wait(timeout=60) == 0
    process.communicate()
    return said


def test_it_tells_proves_and_explains_and_runs_again_only_when_something_changed(tmp_path: Path) -> None:
    first = demonstrate_and_look(tmp_path)
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

    again = demonstrate(tmp_path)
    assert "The year was run already" in again
    assert "$ sayso import" not in again
    assert ".venv/bin/sayso" not in again
    assert again[again.index("Members by tier") : again.index("The work")] in first

    note = tmp_path / "demo-30" / "played.json"
    note.write_text(note.read_text().replace('"made_from": "', '"made_from": "other programs or code '))
    assert "$ sayso import events" in demonstrate(tmp_path)
