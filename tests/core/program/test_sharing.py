"""How a program is shared: where a link may lead, what the message must hold, and what is refused."""

from __future__ import annotations

import pytest

from sayso.core.program.document import CHANNELS, Sharing
from sayso.core.program.parse import parse_program

PROGRAM = "sayso: 1\nprogram: friends\ntitle: Friends\ncurrency: EUR\n"


def problems(sharing: str) -> list[str]:
    return [str(each) for each in parse_program(f"{PROGRAM}sharing: {sharing}\n").problems]


def test_without_a_word_everything_has_its_default() -> None:
    found = parse_program(PROGRAM).document
    assert found is not None
    assert found.sharing == Sharing()
    assert found.sharing.channels == list(CHANNELS)


@pytest.mark.parametrize(
    "url",
    [
        "https://bluebell.example",
        "https://bluebell.example/a/b?c=d&e=%20#part",
        "https://bluebell.example:8443/x",
        "https://xn--caf-dma.example/",
    ],
)
def test_a_whole_encrypted_address_is_a_destination(url: str) -> None:
    assert problems(f'{{destination: "{url}"}}') == []


@pytest.mark.parametrize(
    "url",
    [
        "http://bluebell.example",
        "//bluebell.example",
        "/welcome",
        "javascript:alert(1)",
        "data:text/html,x",
        "https:///welcome",
        "https://ada:secret@bluebell.example",
        "https://bluebell.example@evil.example",
        "https://bluebell.example\\\\@evil.example",
        "https://bluebell.example/ x",
        "https://bluebell.example/\\r\\nSet-Cookie: a=b",
        "https://bluebell.example/é",
        "https://[::1",
        "https://bluebell.example/" + "x" * 2000,
    ],
)
def test_nothing_else_is(url: str) -> None:
    for field in (f'destination: "{url}"', f'app: {{ios: "{url}"}}', f'app: {{android: "{url}"}}'):
        found = problems(f"{{{field}}}")
        assert len(found) == 1, field
        assert "https://" in found[0] or "2000" in found[0]


def test_a_message_says_where_the_link_goes_in_every_language() -> None:
    assert problems('{message: {en: "Look: {link}", es: "Mira: {link}"}}') == []
    [problem] = problems('{message: {en: "Look: {link}", es: "Mira"}}')
    assert "{link}" in problem


def test_a_channel_is_known_and_listed_once() -> None:
    assert problems("{channels: [copy, qr]}") == []
    assert len(problems("{channels: [pigeon]}")) == 1
    assert "twice" in problems("{channels: [copy, copy]}")[0]
    assert len(problems("{channels: []}")) == 1
