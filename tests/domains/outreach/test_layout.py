"""A mail says the same as text and as HTML, whatever is put into it."""

import re

import pytest

from sayso.domains.outreach.layout import Frame, as_html, as_text
from sayso.domains.outreach.words import Words
from sayso.domains.workspaces.models import Brand

SCRIPT = '"><script>alert(1)</script><mj-raw>&amp;{{ x }}'


def frame(**brand: object) -> Frame:
    """A frame around words, of a company."""
    company = Brand(**({"name": "Bluebell Coffee", "colour": "#b4472e"} | brand))
    stop = ("Stop", "https://friends.example/mail/stop/x")
    return Frame(company, "nl", "https://bluebell.example", "https://friends.example/logo", ("Calle Mayor 1",), stop)


def words(**other: object) -> Words:
    """Words with everything that there can be."""
    said = {
        "subject": "Hello", "title": "Hello Ben", "paragraphs": ["One", "Two\nlines"], "label": "Yours",
        "figures": ["a coupon worth €10", "BLUE-1234"], "button": ("Open it", "https://friends.example/?a=1&b=2"),
        "note": "Small",
    }  # fmt: skip
    return Words(**(said | other))  # type: ignore[arg-type]


def test_both_forms_say_the_same() -> None:
    html, text = as_html(words(), frame()), as_text(words(), frame())
    shown = re.sub(r"<[^>]+>", " ", html)
    for said in ("Hello Ben", "One", "Two", "Yours", "a coupon worth €10", "BLUE-1234", "Open it", "Small", "Stop"):
        assert said in text
        assert said in shown
    assert "https://friends.example/?a=1&b=2" in text
    assert 'href="https://friends.example/?a=1&amp;b=2"' in html
    assert 'lang="nl"' in html


@pytest.mark.parametrize("slot", ["subject", "title", "label", "note"])
def test_a_text_is_never_markup(slot: str) -> None:
    html = as_html(words(**{slot: SCRIPT}), frame())
    assert "<script" not in html
    assert "mj-raw" not in re.sub(r"&lt;.*?&gt;", "", html)


def test_no_list_nor_address_nor_name_is_markup() -> None:
    hostile = words(paragraphs=[SCRIPT], figures=[SCRIPT, SCRIPT], button=(SCRIPT, f"https://x.example/{SCRIPT}"))
    html = as_html(hostile, frame(name=SCRIPT, logo_type="image/png"))
    assert "<script" not in html
    assert 'href="https://x.example/&quot;&gt;' in html


@pytest.mark.parametrize("kind", ["", "image/png"])
def test_the_company_is_named_or_shown(kind: str) -> None:
    html = as_html(words(), frame(logo_type=kind))
    assert ('src="https://friends.example/logo"' in html) == bool(kind)
    assert "Bluebell Coffee" in html


def test_lines_of_text_are_short_and_addresses_whole() -> None:
    long = "https://friends.example/mail/stop/" + "x" * 90
    text = as_text(words(paragraphs=["word " * 60], button=("Open", long)), frame())
    assert long in text.splitlines()
    assert max(len(line) for line in text.splitlines() if line != long) <= 72
