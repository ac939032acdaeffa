"""No kept file names a package registry or a folder of the machine it was written on; the locks pin by hash."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, kept_files, name_of

# Put together from pieces, so that this file does not name what it forbids.
REGISTRIES = re.compile("|".join([r"pypi\.", r"python" + "hosted", r"registry\.npm", r"npm" + r"js\.", r"deb\.debian"]))
PERSONAL_FOLDERS = re.compile(r"(?<![\w.$}])/(root|home|work|Users|opt|var/folders)/\w")
LOCKS = sorted(ROOT.glob("requirements*.lock"))


def search(pattern: re.Pattern[str]) -> list[str]:
    """Return the places of all kept files where `pattern` is found."""
    return [
        f"{name_of(path)}:{number}: {line.strip()[:80]}"
        for path in kept_files()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_file_names_a_registry() -> None:
    assert not search(REGISTRIES)


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    assert not search(PERSONAL_FOLDERS)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_holds_versions_and_hashes_and_nothing_else(lock: Path) -> None:
    line_of_a_lock = re.compile(
        r"#.*|[a-z0-9][a-z0-9._-]*(\[[a-z,]+\])?==\S+( ; [^/]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?"
    )
    strange = [line for line in lock.read_text().splitlines() if not line_of_a_lock.fullmatch(line)]
    assert not strange


def test_the_locks_agree_and_are_fresh() -> None:
    pins = [set(re.findall(r"^([a-z0-9].*?==\S+)", lock.read_text(), re.MULTILINE)) for lock in LOCKS]
    widest = max(pins, key=len)
    assert all(pin <= widest for pin in pins)
    result = subprocess.run(
        [sys.executable, "bin/lock", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
