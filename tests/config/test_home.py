"""The folder of an installation is private, and its secret key is made once."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sayso.config.home import prepare_home, stored_secret_key


def test_home_is_made_for_its_owner_only(tmp_path: Path) -> None:
    home = prepare_home(str(tmp_path / "a" / "home"))
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_secret_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    key = stored_secret_key(tmp_path)
    assert len(key) >= 64
    assert stored_secret_key(tmp_path) == key
    assert [stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()] == [0o600]


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(stored_secret_key, [tmp_path] * 32))
    assert len(keys) == 1
