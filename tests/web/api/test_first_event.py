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
_OURS = ("sayso", "python3")
_SHIMS = f'sayso() {{ "{sys.executable}" -m sayso.cli "$@"; }}\npython3() {{ "{sys.executable}" "$@"; }}\n'


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
    """A server of its own on loopback."""

    def __init__(self, environment: dict[str, str], port: int, folder: Path) -> None:
        self.printed, self.port = folder / "printed", port
        command = [sys.executable, "-m", "sayso.cli", "serve", "--port", str(port)]
        with self.printed.open("w") as out, (folder / "log").open("w") as log:
            self.process = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=log)
        self.url = f"http://127.0.0.1:{port}"

    def says(self) -> str:
        """Wait until it serves, and return what it printed, with the port that it has unless said."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            printed = self.printed.read_text()
            if "Ctrl-C" in printed and urlopen(f"{self.url}/readyz").status == 200:
                return printed.replace(str(self.port), "8000")
            time.sleep(0.1)
        raise AssertionError(self.printed.read_text())

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(30)


class Reader:
    """Whoever follows the page: a folder, what is set there, and the server once it is started.

    The database is the test's own, so what the page says of `SAYSO_HOME` is not carried out.
    """

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment, self.folder = environment, folder
        self.server: Server | None = None

    def follows(self, command: str) -> str | None:
        """Carry a command out, and return what it prints; None for what this machine does not have."""
        name = command.split(maxsplit=1)[0]
        if command == "sayso serve":
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            self.server = Server(self.environment, port, self.folder)
            self.environment["SAYSO_URL"] = self.server.url
            return self.server.says().strip()
        if name not in _OURS and shutil.which(name) is None:
            return None
        done = subprocess.run(
            ["bash", "-c", _SHIMS + command], cwd=self.folder, env=self.environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        if command.startswith("sayso key create"):
            self.environment["SAYSO_KEY"] = done.stdout.splitlines()[0]
        return done.stdout.strip() or done.stderr.strip()


@pytest.fixture
def reader(fresh_database_url: str, tmp_path: Path) -> Iterator[Reader]:
    """Somebody with an empty folder, whose server ends with the test."""
    known = {"DATABASE_URL": fresh_database_url, "SAYSO_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT / "src")}
    found = Reader({**os.environ, **known}, tmp_path)
    yield found
    if found.server is not None:
        found.server.stop()


def test_the_page_is_true_from_nothing_on(reader: Reader) -> None:
    for name, text in files():
        (reader.folder / name).write_text(text, encoding="utf-8")
    ran = 0
    for command, shown in commands():
        printed = reader.follows(command)
        if printed is not None:
            pattern = "(?s:.*)".join(map(re.escape, shown.split("…")))
            assert re.fullmatch(pattern, printed), f"$ {command}\n{printed}"
            ran += 1
    assert ran >= 12
    # Whoever runs an example again is not refused: its moment is kept.
    again = reader.follows("python3 first_event.py") or ""
    assert again.startswith("1 thanks issued 1000 repeated\n"), again
