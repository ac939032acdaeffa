"""Calls go where they may, to the address that was checked, and end in time whatever the other side does."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import time
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from sayso.domains.connectors.http import line as lines
from sayso.domains.connectors.http.destination import Unreachable, UrlNotAllowed, check_url
from sayso.domains.connectors.http.message import MOST_BYTES, Outgoing, Unanswered
from sayso.domains.connectors.http.send import send
from tests.domains.connectors.receiver import answering, dripping, receiving, resetting

LOOPBACK = [ip_network("127.0.0.0/8")]


@pytest.fixture
def loopback_allowed(settings: Any) -> None:
    settings.ALLOWED_INTERNAL = LOOPBACK


def resolving_to(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Have names resolve to these addresses, one answer after the other; return who was asked for."""
    asked: list[str] = []
    system = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *rest: Any, **named: Any) -> list[Any]:
        if host[0].isdigit():  # an address, on the way to being connected to
            return list(system(host, port, *rest, **named))
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize(
    "url",
    [
        "http://bluebell.example/hook",
        "https://bluebell.example:8080/hook",
        "ftp://bluebell.example/hook",
        "https:///hook",
        "https://ada:secret@bluebell.example/hook",
        "https://bluebell.example/a b",
        "https://blüebell.example/hook",
        "https://bluebell.example/\r\nHost: other",
        "https://bluebell.example:99999/",
        "https://[::1/hook",
        "https://127.0.0.1/hook",
        "https://[::ffff:10.0.0.1]/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://bluebell.example/" + "a" * 2000,
        "file:///etc/passwd",
        "",
    ],
)
def test_a_url_of_another_form_is_refused_before_anything_is_looked_up(url: str) -> None:
    with pytest.raises(UrlNotAllowed):
        check_url(url)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "localhost"])
def test_loopback_in_disguise_is_refused(host: str) -> None:
    with pytest.raises(UrlNotAllowed, match="is not called"):
        send(Outgoing(f"https://{host}/hook"))


def test_a_name_that_resolves_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving_to(monkeypatch, ["10.0.0.7"])
    with pytest.raises(UrlNotAllowed, match="is not called"):
        send(Outgoing("https://inside.example/hook"))


@pytest.mark.usefixtures("loopback_allowed")
def test_a_name_is_resolved_once_so_a_second_answer_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as receiver:
        asked = resolving_to(monkeypatch, ["127.0.0.1"], ["10.0.0.7"])
        reply = send(Outgoing(f"http://rebinding.example:{receiver.port}/hook?a=1", b"{}"))
    assert (reply.status, asked) == (200, ["rebinding.example"])
    assert receiver.got[0].line == "POST /hook?a=1 HTTP/1.1"
    assert receiver.got[0].headers["host"] == f"rebinding.example:{receiver.port}"


@pytest.mark.usefixtures("loopback_allowed")
def test_only_the_addresses_that_are_allowed_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as receiver:
        resolving_to(monkeypatch, ["10.0.0.7", "127.0.0.1"])
        assert send(Outgoing(f"http://mixed.example:{receiver.port}/")).ok


@pytest.mark.usefixtures("loopback_allowed")
def test_a_redirect_is_not_followed_and_is_no_success() -> None:
    with receiving(answering(302, Location="https://169.254.169.254/")) as receiver:
        reply = send(Outgoing(receiver.url))
    assert (reply.status, reply.ok, reply.headers["location"]) == (302, False, "https://169.254.169.254/")
    assert len(receiver.got) == 1


@pytest.mark.usefixtures("loopback_allowed")
def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with receiving() as receiver:
        assert send(Outgoing(receiver.url)).ok


@pytest.mark.usefixtures("loopback_allowed")
def test_an_answer_is_read_up_to_its_limit() -> None:
    with receiving(answering(200, b"a" * (MOST_BYTES + 1)), answering(200, b"a" * MOST_BYTES)) as receiver:
        long, whole = send(Outgoing(receiver.url)), send(Outgoing(receiver.url))
    assert (long.cut, len(long.body)) == (True, MOST_BYTES)
    assert (whole.cut, len(whole.body)) == (False, MOST_BYTES)


@pytest.mark.usefixtures("loopback_allowed")
def test_one_byte_at_a_time_does_not_hold_the_line() -> None:
    """The time is for everything: each byte comes well within any time limit of a single read."""
    with receiving(dripping(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 1000, 0.05)) as receiver:
        started = time.monotonic()
        with pytest.raises(Unanswered):
            send(Outgoing(receiver.url), seconds=0.4)
        assert time.monotonic() - started < 2


@pytest.mark.usefixtures("loopback_allowed")
def test_a_body_that_drips_leaves_the_status_and_says_that_it_was_cut() -> None:
    with receiving(dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + b"a" * 1000, 0.005)) as receiver:
        reply = send(Outgoing(receiver.url), seconds=1)
    assert (reply.ok, reply.cut) == (True, True)


@pytest.mark.usefixtures("loopback_allowed")
def test_a_reset_after_the_request_leaves_it_unknown() -> None:
    with receiving(resetting) as receiver, pytest.raises(Unanswered):
        send(Outgoing(receiver.url))


@pytest.mark.usefixtures("loopback_allowed")
def test_what_is_no_http_leaves_it_unknown() -> None:
    with receiving(lambda line: line.sendall(b"220 mail.example ESMTP\r\n\r\n")) as receiver, pytest.raises(Unanswered):
        send(Outgoing(receiver.url))


@pytest.mark.usefixtures("loopback_allowed")
def test_where_nobody_listens_nothing_was_sent() -> None:
    with receiving() as receiver:
        url = receiver.url
    with pytest.raises(Unreachable):
        send(Outgoing(url))


def test_a_name_without_an_address_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror("Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(Unreachable, match="has no address"):
        send(Outgoing("https://nowhere.example/"))


def test_a_resolver_that_hangs_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(*_: Any, **__: Any) -> list[Any]:
        time.sleep(1)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(Unreachable, match="in time"):
        send(Outgoing("https://slow.example/"), seconds=0.1)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of bluebell.example that signs itself, with its key, in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("making a certificate needs openssl")
    place = tmp_path / "bluebell.pem"
    names = ["-subj", "/CN=bluebell.example", "-addext", "subjectAltName=DNS:bluebell.example"]
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names]
    subprocess.run([*command, "-keyout", place, "-out", f"{place}.crt"], check=True, capture_output=True)
    place.write_text(place.read_text() + Path(f"{place}.crt").read_text())
    return place


@pytest.mark.usefixtures("loopback_allowed")
def test_the_certificate_must_be_of_the_name_not_of_the_address(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_for: list[str | None] = []
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    server.sni_callback = lambda _socket, name, _context: asked_for.append(name)
    monkeypatch.setattr(lines, "_trust", lambda: ssl.create_default_context(cafile=str(certificate)))
    resolving_to(monkeypatch, ["127.0.0.1"])
    with receiving(tls=server) as receiver:
        assert send(Outgoing(f"https://bluebell.example:{receiver.port}/")).ok
        with pytest.raises(Unreachable, match="certificate"):
            send(Outgoing(f"https://other.example:{receiver.port}/"))
    assert asked_for == ["bluebell.example", "other.example"]


@pytest.mark.usefixtures("loopback_allowed")
def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    resolving_to(monkeypatch, ["127.0.0.1"])
    with receiving(tls=server) as receiver, pytest.raises(Unreachable, match="certificate"):
        send(Outgoing(f"https://bluebell.example:{receiver.port}/"))
