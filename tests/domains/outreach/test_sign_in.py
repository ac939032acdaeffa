"""Signing in by a code that comes by mail: right once, for ten minutes, and nobody learns who is known."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sayso.domains.outreach.models import Mail, MailState, SignInCode
from sayso.domains.outreach.sign_in import TooManyTries, check_sign_in_code, code_of, send_sign_in_code
from sayso.domains.people.queries import member_named
from sayso.domains.workspaces.brand import BrandChange, set_brand
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import STARS, START, decide, open_bluebell
from tests.domains.outreach.post_office import PostOffice, code_in, signup

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)


@pytest.fixture
def bluebell() -> Workspace:
    workspace = open_bluebell(STARS)
    set_brand(workspace=workspace, change=BrandChange(name="Bluebell Coffee", reply_to="help@bluebell.example"))
    decide(workspace, [signup("a-1", "Ada", "Ada.Byron@gmail.com"), signup("b-1", "Ben", "ben@example.com")])
    return workspace


def test_ada_signs_in_once(bluebell: Workspace, office: PostOffice) -> None:
    send_sign_in_code(workspace=bluebell, email=" ada.byron@GMAIL.com", now=START)
    (letter,) = office.empty(START)
    assert office.recipients == ["ada.byron@gmail.com"]
    code = code_in(letter)
    tried: dict[str, Any] = {"workspace": bluebell, "email": "ada.byron@gmail.com", "now": START + SECOND}
    assert check_sign_in_code(**tried, code="wrong") is None
    assert check_sign_in_code(workspace=bluebell, email="ben@example.com", code=code, now=START) is None
    assert check_sign_in_code(**tried, code=code.lower().replace("-", " ")) == member_named(bluebell, "Ada").id
    assert check_sign_in_code(**tried, code=code) is None


def test_the_letter_comes_from_the_company(bluebell: Workspace, office: PostOffice) -> None:
    send_sign_in_code(workspace=bluebell, email="ben@example.com", now=START)
    (letter,) = office.empty(START)
    assert letter["From"] == "Bluebell Coffee <hello@bluebell.example>"
    assert letter["Reply-To"] == "help@bluebell.example"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "List-Unsubscribe" not in letter
    assert letter["Message-ID"].endswith("@bluebell.example>")


def test_a_code_ends_after_ten_minutes(bluebell: Workspace, office: PostOffice) -> None:
    send_sign_in_code(workspace=bluebell, email="ben@example.com", now=START)
    (letter,) = office.empty(START)
    late = START + timedelta(minutes=10)
    assert check_sign_in_code(workspace=bluebell, email="ben@example.com", code=code_in(letter), now=late) is None
    send_sign_in_code(workspace=bluebell, email="ben@example.com", now=START)
    assert office.empty(late + SECOND) == []
    assert Mail.objects.get(state=MailState.SKIPPED).reason == "it was too late to be sent"


def test_nobody_learns_whose_address_is_known(bluebell: Workspace, office: PostOffice) -> None:
    send_sign_in_code(workspace=bluebell, email="eva@example.com", now=START)
    send_sign_in_code(workspace=bluebell, email="no address", now=START)
    assert office.empty(START) == []
    assert set(Mail.objects.values_list("reason", flat=True)) == {"nobody has this address"}
    for row in SignInCode.objects.all():
        code = code_of(row)
        assert check_sign_in_code(workspace=bluebell, email="eva@example.com", code=code, now=START) is None


def test_an_answer_takes_as_long_whosever_address_it_is(bluebell: Workspace) -> None:
    asked = []
    # The first answer of a workspace makes the key under which addresses are marked.
    for email in ("eva@example.com", "ben@example.com", "nobody@example.com"):
        with CaptureQueriesContext(connection) as queries:
            send_sign_in_code(workspace=bluebell, email=email, now=START)
        asked.append(len(queries))
    assert asked[1] == asked[2]


def test_neither_address_nor_code_is_in_the_tables(bluebell: Workspace, office: PostOffice) -> None:
    send_sign_in_code(workspace=bluebell, email="ben@example.com", now=START, client="192.0.2.7")
    (letter,) = office.empty(START)
    told = repr([list(model.objects.values()) for model in (Mail, SignInCode)])
    for secret in ("ben@", "192.0.2.7", code_in(letter), code_in(letter).replace("-", "").lower()):
        assert secret not in told


def test_who_tries_too_often_waits_and_others_do_not(bluebell: Workspace, office: PostOffice) -> None:
    send_sign_in_code(workspace=bluebell, email="ben@example.com", now=START)
    (letter,) = office.empty(START)
    guess: dict[str, Any] = {"workspace": bluebell, "email": "ben@example.com"}
    for _ in range(5):
        assert check_sign_in_code(**guess, code="guess", now=START, client="192.0.2.7") is None
    with pytest.raises(TooManyTries) as refused:
        check_sign_in_code(**guess, code=code_in(letter), now=START + 20 * SECOND, client="192.0.2.7")
    assert refused.value.seconds == 40
    soon = START + 21 * SECOND
    assert check_sign_in_code(**guess, code=code_in(letter), now=soon, client="192.0.2.8")
    assert check_sign_in_code(**guess, code="guess", now=START + 61 * SECOND, client="192.0.2.7") is None


def test_codes_are_asked_for_five_times_a_minute_by_whoever_it_is(bluebell: Workspace) -> None:
    for email in ("ben@example.com", "eva@example.com"):
        for second in range(5):
            send_sign_in_code(workspace=bluebell, email=email, now=START + second * SECOND)
        with pytest.raises(TooManyTries):
            send_sign_in_code(workspace=bluebell, email=email, now=START + 5 * SECOND)
        send_sign_in_code(workspace=bluebell, email=email, now=START + 61 * SECOND)


def test_one_network_address_asks_a_hundred_times_an_hour(bluebell: Workspace) -> None:
    for number in range(100):
        send_sign_in_code(workspace=bluebell, email=f"{number}@example.com", now=START, client="192.0.2.7")
    with pytest.raises(TooManyTries):
        send_sign_in_code(workspace=bluebell, email="ben@example.com", now=START + SECOND, client="192.0.2.7")


def test_a_code_works_under_the_same_mailbox_written_otherwise(bluebell: Workspace, office: PostOffice) -> None:
    send_sign_in_code(workspace=bluebell, email="ada.byron@gmail.com", now=START)
    (letter,) = office.empty(START)
    other = "adabyron+shop@gmail.com"
    assert check_sign_in_code(workspace=bluebell, email=other, code=code_in(letter), now=START) is None
