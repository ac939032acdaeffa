"""The company's words can say what there is to say, and no template costs more time or room than its length."""

import resource
import time

import pytest

from sayso.core.program.document import Message
from sayso.core.program.templates import NotUsable
from sayso.domains.outreach.company_words import LONGEST_SUBJECT, company_words

VALUES = {"company": "Bluebell Coffee", "friend": "Ben", "link": "https://friends.example/w/bluebell/portal/"}
SECONDS = 1.0
MEGABYTES = 30


def said(template: str, **values: str) -> str:
    """What a template for the text makes."""
    message = Message(text={"en": template})
    return "\n\n".join(company_words(message, VALUES | values, language="en")[1])


def test_words_of_the_language_are_filled_in() -> None:
    message = Message(
        subject={"en": "Hello from {{ company }}", "es": "Hola de {{ company }}"},
        text={
            "en": "x",
            "es": "{% if friend != '' %}Con {{ friend | upcase }}{% else %}Sin nadie{% endif %}.\n\n{{ link }}",
        },
    )
    subject, paragraphs = company_words(message, VALUES, language="es")
    assert subject == "Hola de Bluebell Coffee"
    assert paragraphs == ["Con BEN.", "https://friends.example/w/bluebell/portal/"]


def test_what_is_not_known_is_an_empty_text() -> None:
    assert said("{{ advocate | default: 'Somebody' }} sent you.") == "Somebody sent you."


def test_values_are_never_read_as_templates() -> None:
    assert said("{{ friend }}", friend="{{ link }}{% for x in y %}") == "{{ link }}{% for x in y %}"


def test_a_subject_is_one_line() -> None:
    message = Message(subject={"en": "Hello\r\nBcc: eva@example.com {{ friend }}"}, text={"en": "x"})
    subject, _ = company_words(message, {"friend": "B\r\nX: y" * 100}, language="en")
    assert "\n" not in subject
    assert "\r" not in subject
    assert len(subject) <= LONGEST_SUBJECT


HOSTILE = [
    "{{ nobody }}",
    "{{ friend.__class__ }}",
    "{{ friend['__class__'] }}",
    "{{ friend | replace: 'B', 'BBBB' }}",
    "{{ friend",
    "{% if %}",
    "{% include 'settings' %}",
    "{% render '/etc/passwd' %}",
    "{% assign x = friend %}",
    "{% capture x %}{% endcapture %}",
    "{% liquid echo friend %}",
    "{% for i in (1..1000000000) %}{% endfor %}",
    "{% for i in (1..1000000000) %}{{ i }}{% endfor %}",
    "{% tablerow i in (1..1000000000) %}{% endtablerow %}",
    "{% if (1..1000000000) contains 'x' %}x{% endif %}",
    "{% unless friend %}{% elsif (1..1000000000) contains 'x' %}x{% endunless %}",
    "{% case friend %}{% when (1..1000000000) %}x{% endcase %}",
    "{{ friend | default: (1..1000000000) }}",
    "{% if true %}" * 40 + "{% endif %}" * 40,
    "{{ friend" + "[friend" * 500 + "]" * 500 + " }}",
    "{% if " + "(" * 2000 + " true %}{% endif %}",
    "{{ friend }}" + "{" * 4000,
    "{{ " + "9" * 4900 + " }}",
    "{{ friend }}" * 1000,
    "x" * 5001,
]


@pytest.mark.parametrize("template", HOSTILE)
def test_hostile_templates_are_refused_at_once(template: str) -> None:
    said("{{ friend }}")  # what is only slow the first time
    room, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.thread_time()
    with pytest.raises(NotUsable):
        said(template)
    assert time.thread_time() - began < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - room < MEGABYTES * 1024


LONG = [
    "{% if " + "friend and " * 400 + "friend %}x{% endif %}",
    "{{ friend" + " | upcase" * 500 + " }}",
    "{{ company }}" * 99,
    "{% comment %}" + "{% if %}" * 60 + "{% endcomment %}x",
]


@pytest.mark.parametrize("template", LONG)
def test_long_templates_take_no_longer_than_their_length(template: str) -> None:
    said("{{ friend }}")
    began = time.thread_time()
    assert said(template)
    assert time.thread_time() - began < SECONDS
