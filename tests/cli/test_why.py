"""`sayso why`: a reward or a badge that did not come is explained, with what was seen and what is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import run, told
from tests.cli.test_import import IN_TEST, purchase, written

pytestmark = pytest.mark.django_db(transaction=True)

PROGRAM = """\
sayso: 1
program: bluebell
title: {en: Bluebell Coffee, es: Bluebell Coffee, it: Bluebell Coffee, nl: Bluebell Coffee}
currency: EUR
facts:
  orders_90d: {count: purchase, within: 90d}
people:
  advocates: member.orders_90d >= 2
referral:
  steps:
    signed_up: {on: signup}
  success: signed_up
rewards:
  thanks: {to: advocate, at: signed_up, give: {credit: 10 EUR}}
badges:
  regular:
    name: {en: Regular, es: Habitual, it: Abituale, nl: Vaste klant}
    on: purchase
    if: member.orders_90d >= 4
"""


@pytest.fixture
def coffee(tmp_path: Path) -> Path:
    """Ada bought twice and recommended Ben, who bought once; a folder for files."""
    (tmp_path / "bluebell.yaml").write_text(PROGRAM)
    signup = {"id": "s-1", "type": "signup", "member": "ben", "occurred_at": "2027-02-10T10:00:00Z"}
    signup["referral_code"] = "ADA"
    rows = [purchase(1), purchase(2), signup, purchase(12, "ben")]
    written(tmp_path / "events.ndjson", rows)
    written(tmp_path / "members.ndjson", [{"member": "ada", "code": "ADA"}])
    for command in (
        ("workspace", "create", "test", "--test"),
        ("program", "publish", tmp_path / "bluebell.yaml", "--from", "2027-01-01", *IN_TEST),
        ("import", "members", tmp_path / "members.ndjson", *IN_TEST),
        ("import", "events", tmp_path / "events.ndjson", *IN_TEST),
    ):
        result = run(*command)
        assert result.exit_code == 0, result.output
    return tmp_path


@pytest.mark.parametrize("language", ["en", "es", "it", "nl"])
@pytest.mark.parametrize("audience", ["staff", "member"])
def test_why_ada_did_not_get_the_badge(coffee: Path, language: str, audience: str) -> None:
    asked = ("--clause", "regular", "--language", language, "--audience", audience)
    (found,) = told("why", "ada", *asked, *IN_TEST)["answers"]
    assert (found["clause"], found["verdict"], found["version"]) == ("badges.regular", "condition", 1)
    assert "1" in found["seen"]
    assert "4" in found["needed"]
    assert "3" in found["missing"]
    assert found["fact"]
    assert ("event" in found) == (audience == "staff")
    text = run("why", "ada", *asked, *IN_TEST).stdout
    assert all(sentence in text for sentence in found["sentences"])
    assert ("ada" in text) == (audience == "staff")


def test_why_ada_got_her_thanks(coffee: Path) -> None:
    told_of_ada = run("why", "ada", "--clause", "rewards.thanks", *IN_TEST).stdout
    assert "signup #" in told_of_ada
    assert "This is about a sign-up by ben on 10 February 2027." in told_of_ada
    hers = ("why", "ada", "--clause", "rewards.thanks", "--audience", "member", *IN_TEST)
    assert "This is about a friend you recommended." in run(*hers).stdout
    assert "ben" not in run(*hers).stdout.lower()
    said = {
        "id": "n-1", "type": "member_updated", "member": "ben", "occurred_at": "2027-02-20T10:00:00Z",
        "props": {"attributes": {"first_name": "Benjamin"}, "consents": {"shared": True}},
    }  # fmt: skip
    assert run("import", "events", written(coffee / "said.ndjson", [said]), *IN_TEST).exit_code == 0
    assert "This is about a sign-up by Benjamin on 10 February 2027." in run(*hers).stdout


def test_what_is_not_known_is_refused(coffee: Path) -> None:
    assert run("why", "eva", *IN_TEST).stderr == "Error: Nobody is called 'eva' in test.\n"
    refused = run("why", "ada", "--clause", "badges.regulr", "--json", *IN_TEST)
    assert refused.exit_code == 1
    assert "badges.regular" in json.loads(refused.stdout)["error"]
    assert run("why", "ada", "--audience", "everybody", *IN_TEST).exit_code == 2
