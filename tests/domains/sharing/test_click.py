"""Click tokens: read as they were made, and never when they were changed, forged, or another workspace's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import override_settings

from sayso.domains.sharing.click import LONGEST, Click, click_token, read_token, touches_of, with_touch
from sayso.domains.workspaces.models import Workspace

AT = datetime(2027, 1, 10, 12, 30, 5, tzinfo=UTC)
BLUEBELL, OTHER = Workspace(id=7, name="bluebell"), Workspace(id=8, name="other")
CLICK = Click(7, "kq3mvx7pd", "bring-a-friend", "whatsapp", AT, 3)


def test_a_token_says_what_was_clicked() -> None:
    token = click_token(CLICK)
    assert len(token) < 70
    assert read_token(token, BLUEBELL) == CLICK


def test_a_code_of_the_companys_own_making_is_carried_too() -> None:
    click = Click(7, "café-Åda ☕", "friends", "", AT, 1)
    assert read_token(click_token(click), BLUEBELL) == click


def test_a_token_counts_in_its_own_workspace_only() -> None:
    assert read_token(click_token(CLICK), OTHER) is None


@pytest.mark.parametrize("at", range(0, 60, 7))
def test_a_token_that_was_changed_is_none(at: int) -> None:
    token = click_token(CLICK)
    other = "A" if token[at] != "A" else "B"
    assert read_token(token[:at] + other + token[at + 1 :], BLUEBELL) is None


@pytest.mark.parametrize("text", ["", "x", "é" * 40, "=" * 40, "A" * (LONGEST + 1), "A" * 80, "a.b.c", "\r\n" * 30])
def test_what_is_no_token_is_none(text: str) -> None:
    assert read_token(text, BLUEBELL) is None


def test_a_token_is_written_in_one_way_only() -> None:
    token = click_token(CLICK)
    assert all(read_token(text, BLUEBELL) is None for text in (f"{token}=", f"{token}==", f" {token}", f"{token}\n"))


def test_a_token_outlives_a_change_of_the_secret_key() -> None:
    with override_settings(SECRET_KEY="old"):
        token = click_token(CLICK)
    with override_settings(SECRET_KEY="new"):
        assert read_token(token, BLUEBELL) is None
    with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["old"]):
        assert read_token(token, BLUEBELL) == CLICK


def test_a_click_becomes_a_touch_and_the_version_that_was_shown() -> None:
    touch = {
        "code": "kq3mvx7pd", "at": "2027-01-10T12:30:05+00:00", "source": "token", "program": "bring-a-friend",
    }  # fmt: skip
    assert touches_of(CLICK) == {"touches": [touch], "shown_version": {"bring-a-friend": 3}}
    assert touches_of(None) == {}


def test_a_company_passes_a_token_on_in_its_event() -> None:
    sent = {"id": "s-1", "props": {"click": click_token(CLICK), "plan": "gold"}}
    assert with_touch(sent, 7) == {"id": "s-1", "props": {"plan": "gold", **touches_of(CLICK)}}
    earlier = {"code": "ada-10", "at": "2027-01-01T00:00:00Z"}
    both = with_touch({"props": {"click": click_token(CLICK), "touches": [earlier], "shown_version": 2}}, 7)["props"]
    assert both == {"touches": [earlier, CLICK.touch()], "shown_version": 2}


@pytest.mark.parametrize("token", ["forged", "", 5, None, click_token(CLICK)[:-1], ["x"]])
def test_a_token_that_is_none_keeps_nobody_from_signing_up(token: object) -> None:
    assert with_touch({"id": "s-1", "props": {"click": token}}, 7) == {"id": "s-1", "props": {}}


@pytest.mark.parametrize("sent", [None, [], "x", {}, {"props": None}, {"props": []}, {"props": {"plan": "gold"}}])
def test_other_events_stay_as_they_are(sent: object) -> None:
    assert with_touch(sent, 7) is sent


def test_a_token_of_another_workspace_is_none() -> None:
    assert with_touch({"props": {"click": click_token(CLICK)}}, 8) == {"props": {}}
