"""A service with a database of its own, whose parts can be killed and started again: web, worker and server.

Owns the processes. It must not check anything.
"""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.installation import ROOT, Installation

_PATIENCE_SECONDS = 60.0
# Below the ports that systems give to whoever connects: a client that tries again and again while nothing listens could
# be given that very port, meet itself, and keep the service from listening there.
_PORTS = range(20_000, 32_000)


class Server:
    """A PostgreSQL server of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.chmod(0o755)  # the server may run as another user
        self.url = self._run("start")

    def _run(self, *arguments: str) -> str:
        command = [str(ROOT / "bin/postgres"), arguments[0], str(self.folder), *arguments[1:]]
        return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()

    def kill(self) -> None:
        """Kill the server and all of its sessions at once, as a power cut would."""
        lock = self.folder / "data/postmaster.pid"
        number = int(lock.read_text().split()[0])
        # A session that began after they were counted would survive, and could wait for a lock of the dead for ever.
        os.kill(number, signal.SIGSTOP)
        sessions = subprocess.run(["pgrep", "-P", str(number)], capture_output=True, text=True, check=False).stdout
        for each in (number, *map(int, sessions.split())):
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        # Where nobody takes note of its death, its number stays in use, and it would seem to run.
        lock.unlink()

    def start(self) -> None:
        """Start it again, where it listened before; it recovers by itself."""
        port = self.url.rpartition(":")[2].partition("/")[0]
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:  # what the dead server shared in memory is given up a moment later
            try:
                self._run("start", "--port", port)
            except subprocess.CalledProcessError:
                assert time.monotonic() < deadline
                time.sleep(0.2)
            else:
                return

    def stop(self) -> None:
        """Stop it for good."""
        self._run("stop")


class House:
    """Web and worker on one database.

    Attributes:
        port: where the web listens, on 127.0.0.1.
    """

    def __init__(self, folder: Path, installation: Installation, server: Server | None) -> None:
        self._folder, self.installation, self._server = folder, installation, server
        self.port = _free_port()
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def parts(self) -> list[str]:
        """What can be killed."""
        return ["web", "worker", *(["server"] if self._server else [])]

    def start(self, part: str, *, largest_file_bytes: int = 0) -> None:
        """Start a part, which may need a moment; where it is said, no file of it grows beyond so many bytes."""
        if part == "server":
            assert self._server is not None
            self._server.start()
            return
        options = ["--port", str(self.port)] if part == "web" else []
        command = [sys.executable, "-m", "sayso.cli", part, *options]
        if largest_file_bytes:
            command = ["prlimit", f"--fsize={largest_file_bytes}", *command]
        with self._log(part).open("ab") as log:
            self._running[part] = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.installation.environment,
                start_new_session=True,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def kill(self, part: str) -> None:
        """Kill a part, and everything that it started, without a warning."""
        if part == "server":
            assert self._server is not None
            self._server.kill()
            return
        process = self._running.pop(part)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if part == "web":
            self._wait_until_let_go()

    def _wait_until_let_go(self) -> None:
        """Wait until the port is free: what the dead one had started may be held up by the disk for a while."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", self.port)):
                return
            time.sleep(0.1)

    def end(self, part: str) -> None:
        """Ask web or worker to end, and wait until it has."""
        process = self._running.pop(part)
        process.terminate()
        process.wait(timeout=_PATIENCE_SECONDS)

    def wait_until_ready(self) -> None:
        """Wait until the web answers."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(URLError, OSError), urlopen(f"http://127.0.0.1:{self.port}/readyz") as answer:
                if answer.status == 200:
                    return
            time.sleep(0.1)
        raise TimeoutError(f"the service did not become ready: {self._log('web').read_text()[-2000:]}")

    def _log(self, part: str) -> Path:
        return self._folder / f"{part}.log"

    def stop(self) -> None:
        """End what runs."""
        for part in list(self._running):
            self.end(part)


def _free_port() -> int:
    while True:
        port = random.choice(_PORTS)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


@contextlib.contextmanager
def house(*, postgresql: bool, **environment: str) -> Iterator[House]:
    """Run a service on an empty database until the end of the block.

    Args:
        postgresql: on a server of its own; else on a SQLite file.
        environment: more of it.
    """
    with tempfile.TemporaryDirectory(prefix="sayso-house-") as name:
        folder = Path(name)
        server = Server(folder) if postgresql else None
        url = server.url if server else f"sqlite:///{folder / 'sayso.sqlite3'}"
        running = House(folder, Installation(url, folder / "home", **environment), server)
        try:
            yield running
        finally:
            running.stop()
            if server:
                server.stop()
