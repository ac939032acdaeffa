"""The brand, the figures of landing pages and the texts of consents, over the API."""

import base64
from datetime import UTC, datetime

import pytest

from sayso.domains.pages.counting import count_sign_up, count_view, page_counts
from sayso.domains.workspaces.models import Brand, Workspace
from tests.domains.cast import FRIENDS, open_bluebell
from tests.web.api.calling import Caller, secret_of

pytestmark = pytest.mark.django_db(transaction=True)

PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def bluebell() -> Workspace:
    return open_bluebell(FRIENDS)


@pytest.fixture
def api(bluebell: Workspace) -> Caller:
    return Caller(secret_of(bluebell))


def test_a_brand_is_changed_part_by_part(api: Caller, bluebell: Workspace) -> None:
    assert api.get("/brand").json()["name"] == "Bluebell"
    logo = base64.b64encode(PICTURE).decode()
    changed = api.put("/brand", {"name": "Bluebell Coffee", "colour": "#005b5c", "logo": logo}).json()
    assert (changed["name"], changed["colour"], changed["has_logo"]) == ("Bluebell Coffee", "#005b5c", True)
    again = api.put("/brand", {"origins": ["https://shop.bluebell.example"]}).json()
    assert (again["name"], again["has_logo"]) == ("Bluebell Coffee", True)
    assert bytes(Brand.objects.get(workspace=bluebell).logo) == PICTURE
    assert api.put("/brand", {"logo": ""}).json()["has_logo"] is False


@pytest.mark.parametrize(
    "body",
    [
        {"colour": "red;}"},
        {"logo": "no base64"},
        {"logo": base64.b64encode(b"<svg onload=alert(1)>").decode()},
        {"home_url": "javascript:alert(1)"},
        {"origins": ["https://a.example/path"]},
        {"position": 7},
    ],
)
def test_a_brand_that_cannot_be_shown_is_refused(api: Caller, body: dict[str, object]) -> None:
    assert api.put("/brand", body).status_code == 422


def test_the_figures_of_a_page_are_told_by_variant(api: Caller, bluebell: Workspace, nobody_looked_yet: None) -> None:
    today = datetime.now(UTC).date()
    for variant, views in (("", 30), ("warm", 200)):
        for _ in range(views):
            count_view(bluebell, "friends", variant, today.toordinal())
    count_sign_up(bluebell, "friends", "warm", today.toordinal())
    page_counts.write()
    told = api.get("/programs/friends/page").json()
    assert [(each["name"], each["shown"], each["signed_up"]) for each in told["variants"]] == [
        ("", 30, 0),
        ("warm", 200, 1),
    ]
    assert told["variants"][1]["share"] == 0.005
    assert told["fair"] is False
    assert api.get("/programs/friends/page?since=2199-01-01").json()["variants"] == []
    assert api.get("/programs/unknown/page").status_code == 404


def test_consent_is_asked_with_the_companys_own_words(api: Caller) -> None:
    made = api.put("/consent-texts/news", {"texts": {"en": "May we write?", "nl": "Mogen wij mailen?"}}).json()["items"]
    assert [(each["language"], each["version"], each["own"]) for each in made] == [("en", 1, True), ("nl", 1, True)]
    assert len(api.get("/consent-texts").json()["items"]) == 2
    assert api.put("/consent-texts/anything", {"texts": {"en": "Yes?"}}).status_code == 422
    assert api.put("/consent-texts/news", {"texts": {"xx": "Yes?"}}).status_code == 422
