"""Webhooks from the command line: what the guide does not show."""

from __future__ import annotations

import json
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import run, told
from tests.domains.connectors.receiver import answering, receiving

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def bluebell(settings: Any) -> None:
    settings.ALLOWED_INTERNAL = [ip_network("127.0.0.0/8")]
    told("init")


def test_a_test_delivery_says_what_the_receiver_answered_and_is_listed() -> None:
    with receiving(answering(204), answering(503)) as receiver:
        made = told("webhook", "create", receiver.url, "--description", "the till")
        assert run("webhook", "test", receiver.url).output == "Delivered: the receiver answered 204.\n"
        failed = run("webhook", "test", made["endpoint"], "--json")
    assert (failed.exit_code, json.loads(failed.output)["status"]) == (1, 503)
    (latest, first) = told("webhook", "list", made["endpoint"])["deliveries"]
    assert (latest["state"], first["state"]) == ("failed", "delivered")
    assert run("webhook", "replay", first["delivery"]).output == "1 on the way again.\n"


def test_an_endpoint_is_removed_by_its_url_and_is_gone() -> None:
    url = "https://bluebell.example/"
    told("webhook", "create", url)
    told("webhook", "remove", url)
    assert told("webhook", "list") == {"endpoints": []}
    assert run("webhook", "disable", url).output.startswith("Error: There is no endpoint")


def test_an_endpoint_is_sent_again_what_happened_since_a_moment() -> None:
    url = "https://bluebell.example/"
    made = told("webhook", "create", url)
    for what in (url, made["endpoint"]):
        refused = run("webhook", "replay", what)
        assert (refused.exit_code, f"{what} is an endpoint; say since when" in refused.stderr) == (2, True)


def test_two_endpoints_at_one_url_are_told_apart_by_id() -> None:
    for kind in ("tier.changed", "member.joined"):
        told("webhook", "create", "https://bluebell.example/", "--kind", kind)
    assert "say which by its id" in run("webhook", "disable", "https://bluebell.example/").output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["create", "https://10.0.0.1/"], "10.0.0.1 is not called"),
        (["create", "https://bluebell.example/", "--kind", "tea"], "There is no kind of notice 'tea'"),
        (["rotate", "whe_0000000000000"], "There is no endpoint"),
        (["replay", "whd_0000000000000"], "There is no delivery"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_sentence(arguments: list[str], said: str) -> None:
    result = run("webhook", *arguments)
    assert result.exit_code == 1
    assert said in result.output


def test_a_mapping_that_is_no_json_or_no_mapping_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mapping.json"
    for text, said in (("{", "mapping.json is no JSON"), ('{"rules": {}}', "rules")):
        file.write_text(text)
        result = run("incoming", "create", "till", file, "--signed-by", "hmac")
        assert result.exit_code == 1
        assert said in result.output


def test_a_source_by_hmac_gets_a_secret_and_its_headers_are_tried(tmp_path: Path) -> None:
    file, sample = tmp_path / "mapping.json", tmp_path / "sample.json"
    event = {"type": "visit", "member": {"path": "who"}}
    file.write_text(json.dumps({"rules": {"visit": {"when": {"header:x-topic": "visits/made"}, "event": event}}}))
    sample.write_text('{"who": "Ada"}')
    made = told("incoming", "create", "till", file, "--signed-by", "hmac", "--prefix", "sha256=")
    assert len(made["secret"]) > 40
    assert told("incoming", "try", "till", sample)["events"] == []
    (tried,) = told("incoming", "try", "till", sample, "--header", "X-Topic: visits/made")["events"]
    assert (tried["member"], tried["id"]) == ("Ada", "sample/visit")
    told("incoming", "enable", "till")
    told("incoming", "map", "till", file)
    assert run("incoming", "enable", "till").exit_code == 1
    told("incoming", "disable", "till")
    assert told("incoming", "list")["sources"][0]["state"] == "off"
