"""Bluebell Coffee as a browser meets it: the service with its worker, and the company's own pages under another origin.

Owns what runs. It must not check anything.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.request import Request, urlopen

import jwt

from tests.faults.house import House, house
from tests.installation import ROOT, SOUND
from tests.journeys.mailbox import Mailbox

PROGRAM = ROOT / "examples" / "bring-a-friend.yaml"
NAME = "bluebell"
START = datetime(2027, 1, 10, 12, tzinfo=UTC)
_PREPARE = """
import json
from datetime import UTC, datetime
from pathlib import Path
from sayso.domains.workspaces.brand import BrandChange, set_brand
from sayso.domains.workspaces.keys import Grant, create_key
from sayso.domains.workspaces.portal_secret import make_portal_secret
from sayso.domains.outreach.switches import set_mail
from sayso.domains.rewards.set_provider import Scope, set_provider
call_command("migrate", verbosity=0)
from tests.domains.cast import open_bluebell
bluebell = open_bluebell(Path("{program}").read_text())
set_brand(workspace=bluebell, change=BrandChange(
    name="Bluebell Coffee", colour="#00605f", reply_to="hello@bluebell.example", postal_address="Calle Mayor 1, Madrid",
    home_url="https://bluebell.example", privacy_url="https://bluebell.example/privacy", origins=("{origin}",),
))
now = datetime.now(UTC)
for kind in ("welcome", "friend_joined", "reward_to_choose", "reward_ready"):
    set_mail(workspace=bluebell, kind=kind, on=True, now=now)
set_provider(workspace=bluebell, scope=Scope("coupon"), way="generated", now=now, settings={{}})
print(json.dumps([
    make_portal_secret(workspace=bluebell, now=now),
    create_key(workspace=bluebell, name="server", grant=Grant(("*",)), now=now)[1],
    create_key(workspace=bluebell, name="pages", grant=Grant(("*",), is_public=True), now=now)[1],
]))
"""
_LINK = """
from datetime import UTC, datetime
from sayso.domains.sharing.links import link_for
print(link_for(
    workspace=workspace_named("bluebell"), program="bring-a-friend", member="{member}", channel="{channel}",
    now=datetime.now(UTC),
).slug)
"""


@dataclass(slots=True)
class OwnPages:
    """Pages of the company's own, of another origin and another site than the service: `localhost` is not `127.0.0.1`.

    Attributes:
        pages: what is shown, by path.
        tokens: by path, what makes a token for whoever asks, as a company's own server would.
        policy: what browsers may do with these pages; empty for everything.
    """

    port: int = 0
    policy: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, Callable[[], str]] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://localhost:{self.port}"

    def answer(self, path: str) -> tuple[str, str] | None:
        """Return the content and its type; None for what is not there."""
        name = path.partition("?")[0]
        if name in self.tokens:
            return self.tokens[name](), "text/plain"
        page = self.pages.get(name)
        kind = "text/javascript" if name.endswith(".js") else "text/html; charset=utf-8"
        return None if page is None else (page, kind)


@dataclass(slots=True)
class Company:
    """The service of one company, ready to be visited."""

    house: House
    own: OwnPages
    mailbox: Mailbox
    portal_secret: str
    secret_key: str
    public_key: str

    @property
    def origin(self) -> str:
        """Where the service answers."""
        return f"http://127.0.0.1:{self.house.port}"

    def page(self, path: str) -> str:
        """Return the whole address of a page of the company's site."""
        return f"{self.origin}/w/{NAME}{path}"

    def token(self, member: str, **more: Any) -> str:
        """Return the company's word for who a member is, as its own server signs it."""
        now = datetime.now(UTC)
        said = {"sub": member, "aud": NAME, "iat": now, "exp": now + timedelta(minutes=30), **more}
        return jwt.encode(said, self.portal_secret, algorithm="HS256")

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the API in the company's name."""
        content = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.secret_key}", "Content-Type": "application/json"}
        request = Request(f"{self.origin}/api/v1{path}", content, headers, method=method)
        with urlopen(request) as answer:
            return json.loads(answer.read() or b"null")

    def knows(self, member: str, **more: Any) -> None:
        """Tell what is known of a member: an e-mail address, a language."""
        said = {"id": f"{member}-is-known", "type": "member_updated", "member": member, "props": more}
        self.api("POST", "/events", {**said, "occurred_at": self.now().isoformat()})

    def friend_of(self, member: str) -> str:
        """Return the name of the last friend whom a member brought."""
        found = self.api("GET", f"/referrals?member={member}")["items"]
        return str(found[-1]["friend"])

    def now(self) -> datetime:
        """Return what the workspace's clock shows."""
        return datetime.fromisoformat(self.api("GET", "/clock")["now"])

    def move_clock(self, by: timedelta) -> None:
        """Let time pass in the workspace."""
        self.api("PUT", "/clock", {"now": (self.now() + by).isoformat()})

    def buys(self, member: str, order: str, amount_minor: int = 2500) -> Any:
        """Tell that a member bought something."""
        said = {"id": order, "type": "purchase", "member": member, "occurred_at": self.now().isoformat()}
        return self.api("POST", "/events", {**said, "amount_minor": amount_minor, "currency": "EUR"})

    def share_link(self, member: str, channel: str = "copy") -> str:
        """Return the link that a member passes on, as a person opens it."""
        asked = _LINK.format(member=member, channel=channel)
        return self.page(f"/r/{self.house.installation.ask(asked)[-1]}")

    def books_agree(self) -> bool:
        """Whether every book of the workspace adds up."""
        return self.house.installation.ask(SOUND) == ["[]"]


@contextlib.contextmanager
def open_company(**environment: str) -> Iterator[Company]:
    """Run the service and the company's own pages until the end of the block."""
    own, mailbox = OwnPages(), Mailbox()
    with _serving(own), mailbox.opened() as mail_url, house(postgresql=False, **environment) as running:
        running.installation.environment |= {
            "SAYSO_PLAIN_HTTP": "1",
            "SAYSO_MAIL_URL": mail_url,
            "SAYSO_MAIL_FROM": "hello@bluebell.example",
            "SAYSO_PUBLIC_URL": f"http://127.0.0.1:{running.port}",
        }
        prepare = _PREPARE.format(program=PROGRAM, origin=own.origin)
        secret, key, public = json.loads(running.installation.ask(prepare)[-1])
        running.start("web")
        running.start("worker")
        running.wait_until_ready()
        company = Company(running, own, mailbox, secret, key, public)
        company.api("PUT", "/clock", {"now": START.isoformat()})
        yield company


@contextlib.contextmanager
def _serving(own: OwnPages) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = own.answer(self.path)
            self.send_response(200 if found else 404)
            content, kind = found or ("", "text/plain")
            self.send_header("Content-Type", kind)
            if own.policy:
                self.send_header("Content-Security-Policy", own.policy)
            self.end_headers()
            self.wfile.write(content.encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    own.port = server.server_port
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
