"""The guide "Send your first event" is true: its programs and commands run against a real server."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "guide" / "api.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(?P<info>.+)\n(?P<body>(?:.*\n)*?)```$", re.MULTILINE)
START_SECONDS = 60


def files() -> Iterator[tuple[str, str]]:
    """The files that the page shows in full."""
    for block in FENCE.finditer(PAGE):
        _, _, name = block["info"].partition(" ")
        if name:
            yield name, block["body"]


def commands() -> Iterator[tuple[str, str]]:
    """The commands of the page, each with what it prints."""
    for block in FENCE.finditer(PAGE):
        if block["info"] == "shell":
            for part in re.split(r"^\$ ", block["body"], flags=re.MULTILINE)[1:]:
                lines = part.splitlines()
                last = next(at for at, line in enumerate(lines) if not _goes_on(lines[: at + 1]))
                yield "\n".join(lines[: last + 1]), "\n".join(lines[last + 1 :])


def _goes_on(lines: list[str]) -> bool:
    return lines[-1].endswith("\\") or "\n".join(lines).count("'") % 2 == 1


class Server:
    """A server of its own on loopback, and its first key."""

    def __init__(self, environment: dict[str, str], port: int, folder: Path) -> None:
        self.printed = folder / "printed"
        command = [sys.executable, "-m", "sayso.cli", "serve", "--port", str(port)]
        with self.printed.open("w") as out, (folder / "log").open("w") as log:
            self.process = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=log)
        self.url = f"http://127.0.0.1:{port}"

    def first_key(self) -> str:
        """Wait until it serves, and return the key that it printed."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            found = re.search(r"sk_live_\S+", self.printed.read_text())
            if found and urlopen(f"{self.url}/readyz").status == 200:
                return found[0]
            time.sleep(0.1)
        raise AssertionError(self.printed.read_text())


@pytest.fixture
def environment(fresh_database_url: str, tmp_path: Path) -> dict[str, str]:
    """What the server and the commands of the page find."""
    known = {"DATABASE_URL": fresh_database_url, "SAYSO_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT / "src")}
    return {**os.environ, **known}


@pytest.fixture
def server(environment: dict[str, str], tmp_path: Path) -> Iterator[Server]:
    """A server that ends with the test."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = Server(environment, port, tmp_path)
    yield running
    running.process.terminate()
    running.process.wait(30)


def test_the_page_is_true(server: Server, environment: dict[str, str], tmp_path: Path) -> None:
    for name, text in files():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = {**environment, "SAYSO_URL": server.url, "SAYSO_KEY": server.first_key()}
    shims = f'sayso() {{ "{sys.executable}" -m sayso.cli "$@"; }}\npython() {{ "{sys.executable}" "$@"; }}\n'
    ran = 0
    for command, shown in commands():
        if shutil.which(command.split()[0]) is None and command.split()[0] not in ("sayso", "python"):
            continue
        done = subprocess.run(
            ["bash", "-c", shims + command], cwd=tmp_path, env=found, capture_output=True, text=True, check=False
        )
        pattern = "(?s:.*)".join(map(re.escape, shown.split("…")))
        printed = done.stdout.strip()
        assert re.fullmatch(pattern, printed), f"$ {command}\n{printed}\n{done.stderr}"
        ran += 1
    assert ran >= 9
