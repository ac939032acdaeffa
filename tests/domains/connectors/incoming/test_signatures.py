"""A message is taken only when it is signed with the secret of its source, within five minutes where time is signed."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta

import pytest

from sayso.domains.connectors.incoming.signatures import (
    BadSignature,
    Signed,
    Signing,
    SigningNotUsable,
    check_signing,
    verify,
)
from sayso.domains.connectors.webhooks.create import new_secret
from tests.domains.connectors.incoming.messages import NOW, by_shopify, by_standard, by_stripe, digest

SECRET = "a secret of the shop"
CONTENT = {"order": 7}


def signed_plainly(signing: Signing, content: bytes = b'{"order": 7}', *, time: str = "") -> Signed:
    """A message as a source with plain HMAC signs it."""
    seal = digest(SECRET, (f"{time}.".encode() if time else b"") + content)
    written = seal.hex() if signing.encoding == "hex" else b64encode(seal).decode()
    return Signed(content, {signing.header.lower(): signing.prefix + written, signing.timestamp_header.lower(): time})


PLAIN = [
    Signing("hmac"),
    Signing("hmac", "X-Hub-Signature-256", "hex", "sha256="),
    Signing("hmac", "X-Seal", "base64"),
    Signing("hmac", "X-Seal", "hex", timestamp_header="X-Time"),
]


@pytest.mark.parametrize("signing", PLAIN)
def test_plain_hmac_holds_in_every_setting_and_for_no_other_body(signing: Signing) -> None:
    time = str(int(NOW.timestamp())) if signing.timestamp_header else ""
    signed = signed_plainly(signing, time=time)
    assert verify(signed, signing, SECRET, now=NOW)
    with pytest.raises(BadSignature):
        verify(replace(signed, body=b'{"order": 8}'), signing, SECRET, now=NOW)
    with pytest.raises(BadSignature):
        verify(signed, signing, "another secret", now=NOW)
    with pytest.raises(BadSignature):
        verify(Signed(signed.body, {}), signing, SECRET, now=NOW)


def test_stripe_standard_and_shopify_hold() -> None:
    secret = new_secret()
    assert verify(by_stripe(CONTENT), Signing("stripe"), "whsec_of_the_dashboard", now=NOW)
    assert verify(by_shopify(CONTENT, SECRET), Signing("shopify"), SECRET, now=NOW)
    assert verify(by_standard(CONTENT, secret), Signing("standard_webhooks"), secret, now=NOW) == "msg_1"


@pytest.mark.parametrize("late", [timedelta(seconds=301), timedelta(seconds=-301)])
def test_what_was_signed_more_than_five_minutes_from_now_is_refused(late: timedelta) -> None:
    secret, plain = new_secret(), PLAIN[-1]
    for signed, signing, with_ in (
        (by_stripe(CONTENT, at=NOW + late), Signing("stripe"), "whsec_of_the_dashboard"),
        (by_standard(CONTENT, secret, at=NOW + late), Signing("standard_webhooks"), secret),
        (signed_plainly(plain, time=str(int((NOW + late).timestamp()))), plain, SECRET),
    ):
        with pytest.raises(BadSignature, match="300"):
            verify(signed, signing, with_, now=NOW)


@pytest.mark.parametrize(
    "header",
    ["", "t=,v1=", "t=1", "v1=abc", "t=abc,v1=abc", "t=٣,v1=abc", f"t={'9' * 40},v1=abc", "é", ",,,", "t=1,v1=é"],
)
def test_headers_that_make_no_sense_are_bad_signatures(header: str) -> None:
    with pytest.raises(BadSignature):
        verify(Signed(b"{}", {"stripe-signature": header}), Signing("stripe"), SECRET, now=NOW)


def test_the_id_comes_from_what_is_signed() -> None:
    """A captured message sent again under another id in a header that nobody signed is still the same message."""
    first = by_shopify(CONTENT, SECRET, **{"x-shopify-webhook-id": "1"})
    again = by_shopify(CONTENT, SECRET, **{"x-shopify-webhook-id": "2"})
    names = {verify(each, Signing("shopify"), SECRET, now=NOW) for each in (first, again)}
    assert len(names) == 1


def stripe_id(content: object) -> str:
    return verify(by_stripe(content), Signing("stripe"), "whsec_of_the_dashboard", now=NOW)


def test_a_message_of_stripe_is_the_same_one_when_it_is_sent_again_to_fewer_who_wait() -> None:
    first, again = ({"id": "evt_1", "pending_webhooks": left} for left in (2, 1))
    assert stripe_id(first) == stripe_id(again) == "evt_1"


@pytest.mark.parametrize(
    "said", [{}, {"id": ""}, {"id": 7}, {"id": "x" * 151}, {"id": "a\0"}, {"id": "\ud800"}, [], "id"]
)
def test_a_message_of_stripe_without_an_id_is_known_by_its_body(said: object) -> None:
    assert len(stripe_id(said)) == 32
    assert stripe_id(said) == stripe_id(said) != stripe_id([said])


@pytest.mark.parametrize(
    ("signing", "secret"),
    [
        (Signing("paypal"), SECRET),
        (Signing("hmac", encoding="rot13"), SECRET),
        (Signing("hmac"), "short"),
        (Signing("hmac"), "sécret that is long"),
        (Signing("standard_webhooks"), "whsec_!"),
    ],
)
def test_what_cannot_sign_is_refused(signing: Signing, secret: str) -> None:
    with pytest.raises(SigningNotUsable):
        check_signing(signing, secret)
