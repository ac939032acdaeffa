"""Links and invitations over the API: what a company's own app needs so that members share without a code."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from sayso.domains.events.models import Event
from sayso.domains.referrals.models import Referral
from sayso.domains.rewards.models import Reward
from sayso.domains.sharing.clicks import clicks
from sayso.domains.sharing.invite import MOST_A_DAY
from sayso.domains.workspaces.brand import add_host
from sayso.domains.workspaces.queries import workspace_named
from tests.domains.cast import FRIENDS, decide, event, open_bluebell, publish
from tests.web.api.calling import Caller, secret_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def secret() -> Iterator[Caller]:
    """A company that knows Ada."""
    workspace = open_bluebell(FRIENDS)
    decide(workspace, [event("a-1", "signup", "Ada")])
    yield Caller(secret_of(workspace))
    clicks.stop()


@pytest.fixture
def page(secret: Caller) -> Caller:
    """The same, from a page that anybody can read."""
    made = secret.post("/keys", {"name": "page", "public": True}).json()
    return Caller(made["secret"])


def test_a_page_gives_a_member_their_link(secret: Caller, page: Caller) -> None:
    wanted = {"program": "friends", "channel": "whatsapp"}
    first, again = (page.post("/members/Ada/links", wanted) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    link = first.json()
    assert link["url"] == f"https://testserver/w/bluebell/r/{link['slug']}"
    assert (link["member"], link["channel"]) == ("Ada", "whatsapp")
    assert (link["shares"], link["shared_at"]) == (0, None)
    assert [each["slug"] for each in secret.get("/members/Ada/links").json()["items"]] == [link["slug"]]
    assert page.get("/members/Ada/links").status_code == 403


def test_links_stand_on_the_companys_own_host_and_have_a_picture(secret: Caller) -> None:
    add_host(workspace=workspace_named("bluebell"), host="friends.bluebell.example")
    link = secret.post("/members/Ada/links", {"program": "friends"}).json()
    assert link["url"] == f"https://friends.bluebell.example/r/{link['slug']}"
    for kind, media in (("svg", "image/svg+xml"), ("png", "image/png")):
        path = f"/w/bluebell/qr/{link['slug']}.{kind}"
        assert link[f"qr_{kind}"] == f"https://friends.bluebell.example/qr/{link['slug']}.{kind}"
        shown = secret.client.get(path, secure=True)
        assert (shown.status_code, shown["Content-Type"]) == (200, media)
        assert shown["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert secret.client.get("/w/bluebell/qr/nobody22.svg", secure=True).status_code == 404


def test_pictures_are_not_a_way_to_guess_links(secret: Caller) -> None:
    found = [secret.client.get(f"/w/bluebell/qr/guess{n}.png", secure=True).status_code for n in range(12)]
    assert found == [404] * 10 + [429] * 2


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/members/Nobody/links", {"program": "friends"}, 404),
        ("/members/Ada/links", {"program": "enemies"}, 404),
        ("/members/Ada/links", {"program": "friends", "channel": "pigeon"}, 422),
        ("/members/Ada/links", {"program": "friends", "destination": "https://evil.example"}, 422),
        ("/invitations", {"member": "Nobody", "email": "ben@example.com"}, 404),
        ("/invitations", {"member": "Ada"}, 422),
        ("/invitations", {"member": "Ada", "email": "ben"}, 422),
        ("/invitations", {"member": "Ada", "email": "ben@example.com", "phone": "+34600000000"}, 422),
        ("/invitations", {"member": "Ada", "contact": "ben"}, 422),
        ("/invitations", {"member": "Ada", "email": "ben@example.com", "program": "enemies"}, 404),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    secret: Caller, path: str, body: dict[str, str], status: int
) -> None:
    before = Event.objects.count()
    assert secret.post(path, body).status_code == status
    assert Event.objects.count() == before


def test_one_tap_without_a_code(secret: Caller) -> None:
    """The app names the advocate, and whom they invited by a hash of its own; the sign-up says only the address."""
    salt = bytes.fromhex(secret.get("/invitation-salt").json()["salt"])
    contact = hmac.new(salt, b"ben@bluebell.example", hashlib.sha256).hexdigest()
    answer = secret.post("/invitations", {"member": "Ada", "contact": contact, "channel": "sms"})
    assert answer.status_code == 201
    assert set(answer.json()) == {"id", "member", "program", "channel", "invited_at"}
    assert [each["joined"] for each in secret.get("/members/Ada/invitations").json()["items"]] == [False]
    signup = {"id": "s-1", "type": "signup", "member": "Ben", "occurred_at": "2027-01-10T13:00:00Z"}
    secret.post("/events", {**signup, "props": {"email": "Ben@Bluebell.example"}})
    assert Referral.objects.get().status == "open"
    assert [each["joined"] for each in secret.get("/members/Ada/invitations").json()["items"]] == [True]


def test_the_companys_page_passes_the_token_of_its_address_on(secret: Caller, page: Caller) -> None:
    """A link leads to the company's own page; its sign-up needs nothing but what stood in the address."""
    workspace = workspace_named("bluebell")
    publish(workspace, f"{FRIENDS}sharing: {{destination: 'https://bluebell.example/welcome'}}\n")
    slug = page.post("/members/Ada/links", {"program": "friends"}).json()["slug"]
    answer = secret.client.get(f"/w/bluebell/r/{slug}", secure=True)
    token = parse_qs(urlsplit(answer["Location"]).query)["sayso"][0]
    signup = {"id": "s-1", "type": "signup", "member": "Ben", "occurred_at": "2027-01-10T13:00:00Z"}
    sent = {**signup, "props": {"click": token}}
    assert secret.post("/events", sent).status_code == 200
    assert secret.post("/events", sent).json()["repeated"]
    referral = Referral.objects.get()
    assert (referral.program, referral.version) == ("friends", 2)
    other = {**signup, "id": "s-2", "member": "Chloé", "props": {"click": f"{token}x"}}
    assert secret.post("/events", other).status_code == 200
    assert Referral.objects.count() == 1


def test_a_page_neither_reads_salts_and_invitations_nor_makes_anything_that_pays(page: Caller) -> None:
    assert page.get("/invitation-salt").status_code == page.get("/members/Ada/invitations").status_code == 403
    page.post("/members/Ada/links", {"program": "friends"})
    # Else a stranger would make up a member and name them as the advocate of whoever signs up next.
    assert page.post("/invitations", {"member": "Ada", "email": "ben@example.com"}).status_code == 403
    assert not Reward.objects.exists()
    assert not Referral.objects.exists()


def test_an_invitation_is_noted_once_under_one_key(secret: Caller) -> None:
    body, once = {"member": "Ada", "email": "ben@example.com"}, {"Idempotency-Key": "tap-1"}
    assert secret.post("/invitations", body, **once).json() == secret.post("/invitations", body, **once).json()
    assert secret.post("/invitations", {**body, "email": "eva@example.com"}, **once).status_code == 409
    assert len(secret.get("/members/Ada/invitations").json()["items"]) == 1


def test_a_member_invites_only_so_many(secret: Caller) -> None:
    bodies = [{"member": "Ada", "email": f"f{number}@example.com"} for number in range(MOST_A_DAY + 2)]
    found = [secret.post("/invitations", body).status_code for body in bodies]
    assert found == [201] * MOST_A_DAY + [429] * 2
