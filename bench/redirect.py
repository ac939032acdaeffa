"""`redirect`: visits through share links, 32 connections, against nginx answering 302 by itself.

Ours is `sayso web` as it is started in production, over loopback: 100 links of one program, each visit by another
visitor, so that every one is counted, written, and carries a signed token of its own second. The links are warm. The
reference is Debian's nginx with `return 302` and nothing else. wrk asks both, in turn. Each side's processor time is
told beside it, since on a busy machine two processes get more of it than one.
"""

import argparse
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.databases import WORKSPACE, fresh_database, set_up, take, write_events
from bench.event import serving
from bench.processor import processor_seconds
from bench.report import Bar, report

MUST = 0.10
LINKS = 100
THREADS = 2
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"
PACKAGES = {"nginx": "nginx-light", "wrk": "wrk"}
# Where Debian keeps what only an administrator needs.
PLACES = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"

CONFIGURATION = """
daemon off; pid {folder}/pid; error_log {folder}/log; worker_processes auto;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
    uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
    server {{
        listen 127.0.0.1:{port};
        return 302 https://bluebell.example/welcome;
    }}
}}
"""
SCRIPT = """
local paths = {{ {paths} }}
local visitors, count = {{}}, 0
-- Each thread of each run draws others: where a table lies differs between them.
math.randomseed(os.time() + tonumber(tostring(visitors):match("0x(%x+)"), 16) % 1000000007)
for each = 1, 20000 do
    local address = "10." .. math.random(0, 255) .. "." .. math.random(0, 255) .. "." .. math.random(0, 255)
    visitors[each] = {{ ["User-Agent"] = "{browser}", ["X-Forwarded-For"] = address }}
end
request = function()
    count = count + 1
    return wrk.format("GET", paths[count % #paths + 1], visitors[math.random(#visitors)])
end
"""


@dataclass(frozen=True)
class Side:
    """One of the two servers."""

    name: str
    process: int
    port: int


def tool(name: str) -> str:
    """Where a program is; it is installed where that can be done without asking.

    Raises:
        SystemExit: it is missing and cannot be installed.
    """
    found = shutil.which(name, path=PLACES)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        # Debian would start a server beside ours, were it told that the machine is up.
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", PACKAGES[name]]
        subprocess.run(["apt-get", "update", "-qq"], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        found = shutil.which(name, path=PLACES)
    if found is None:
        raise SystemExit(f"{name} is missing; install Debian's package {PACKAGES[name]} and try again")
    return found


@contextmanager
def plain_redirects() -> Iterator[Side]:
    """Run nginx until the measurement is over."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        file = Path(folder) / "conf"
        file.write_text(CONFIGURATION.format(folder=folder, port=port))
        process = subprocess.Popen([tool("nginx"), "-c", str(file)])
        while socket.socket().connect_ex(("127.0.0.1", port)):
            time.sleep(0.05)
        try:
            yield Side("nginx", process.pid, port)
        finally:
            process.terminate()
            process.wait()


def prepare(url: str) -> list[str]:
    """Fill a workspace with people who share, and return the paths of their links: codes, as they stand on paper."""
    set_up(url)
    codes = [f"code-{number}" for number in range(LINKS)]
    fields = [
        {
            "id": code, "type": "member_updated", "member": code, "occurred_at": "2027-02-01T12:00:00Z",
            "props": {"codes": [code]},
        }
        for code in codes
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "people.ndjson"
        write_events(file, fields)
        take(url, file)
    return [f"/w/{WORKSPACE}/r/{code}" for code in codes]


def ask(side: Side, paths: list[str], chosen: argparse.Namespace) -> float:
    """Answers per second of one side; what each took of the processor is printed.

    Raises:
        SystemExit: something else than 302 came back.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT.format(paths=", ".join(f'"{path}"' for path in paths), browser=BROWSER))
        script.flush()
        before = processor_seconds(side.process)
        command = [
            tool("wrk"),
            f"-t{THREADS}",
            f"-c{chosen.connections}",
            f"-d{chosen.seconds:.0f}s",
            "-s",
            script.name,
        ]
        done = subprocess.run([*command, f"http://127.0.0.1:{side.port}/"], check=True, capture_output=True, text=True)
        spent = processor_seconds(side.process) - before
    if "Non-2xx or 3xx" in done.stdout or "Socket errors" in done.stdout:
        raise SystemExit(done.stdout)
    rate, count = (re.search(pattern, done.stdout) for pattern in (r"Requests/sec: +([\d.]+)", r"(\d+) requests in"))
    assert rate is not None
    assert count is not None
    print(f"  {side.name:6} {float(rate[1]):9,.0f} /s, processor time each: {spent / int(count[1]) * 1e6:5.1f} µs")
    return float(rate[1])


def counted(url: str) -> int:
    """How many clicks are written."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM sharing_click").fetchone()
    return int(row[0]) if row else 0


def pairs(chosen: argparse.Namespace) -> list[tuple[float, float]]:
    """Both sides of each pair, as answers per second."""
    with fresh_database("bench_redirect") as url, plain_redirects() as nginx:
        paths = prepare(url)
        os.environ["SAYSO_BEHIND_PROXY"] = os.environ["SAYSO_PLAIN_HTTP"] = "true"
        with serving(url, "", "WARNING") as server:
            ours = Side("ours", server.process, server.port)
            warm = argparse.Namespace(connections=chosen.connections, seconds=2)
            ask(ours, paths, warm)
            found = [(ask(ours, paths, chosen), ask(nginx, paths, chosen)) for _ in range(chosen.pairs)]
            time.sleep(1)
            asked = sum(rate for rate, _ in found) * chosen.seconds
            print(f"  {counted(url):,} clicks written, of about {asked:,.0f} and those before the first pair")
    return found


def main() -> None:
    """Run the pairs and print answers per second of both sides."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--connections", type=int, default=32)
    options.add_argument("--seconds", type=float, default=5)
    options.add_argument("--pairs", type=int, default=5)
    options.add_argument("--json", action="store_true")
    ours, others = zip(*pairs(options.parse_args()), strict=True)
    report("redirect", ours=ours, reference=others, bar=Bar("answers per second", MUST))


if __name__ == "__main__":
    main()
