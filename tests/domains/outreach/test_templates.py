"""What `program check` says of the words for mails: the same engine fills them in, so what it lets through can be sent.

It stands here and not with the core's tests: to load the library takes longer than many of these.
"""

import time
from pathlib import Path

import pytest

from sayso.core.program.problems import Problem
from sayso.core.program.review import check_program, read_published
from sayso.core.program.templates import MAILS, MOST_FLAWS, NAMES, NotUsable, flaws_of, render_template
from sayso.domains.outreach.models import TURNED_ON
from tests.core.documents import EXAMPLES
from tests.domains.outreach.test_company_words import HOSTILE, LONG

HEAD = "sayso: 1\nprogram: bluebell\ntitle: Bluebell\ncurrency: EUR\nmessages:\n"


def problems(messages: str) -> list[Problem]:
    """What is wrong with these messages."""
    return check_program(HEAD + messages).errors


def test_the_names_of_mails_are_those_that_a_workspace_turns_on() -> None:
    assert set(MAILS) == set(TURNED_ON)


WRITTEN = """\
  welcome:
    subject: {en: "Hello {{ frend }}", es: 'Hola {{ friend | upcse }}'}
    text:
      en: |
        Hello {{ friend }}.

        {% if code != "" %}Show {{ cod }} there.{% endif %}
      es: >
        Hola {{ friend }}, de
        parte de {{ avocate }}.
      it: "{% if code != \\"\\" %}{{ cdoe }}{% endif %}"
      nl: Hallo {{ friend.name }}
"""
FOUND = [
    ("frend", "messages.welcome.subject.en", "friend"),
    ("upcse", "messages.welcome.subject.es", "upcase"),
    ("cod }}", "messages.welcome.text.en", "code"),
    ("avocate", "messages.welcome.text.es", "advocate"),
    ("cdoe", "messages.welcome.text.it", "code"),
    ("friend.name", "messages.welcome.text.nl", "friend"),
]


def test_each_slip_is_told_where_it_stands_with_what_to_write() -> None:
    found = problems(WRITTEN)
    lines = (HEAD + WRITTEN).split("\n")
    assert [(each.path, each.instead) for each in found] == [(path, instead) for _, path, instead in FOUND]
    for each, (slip, _, _) in zip(found, FOUND, strict=True):
        assert lines[each.line - 1][each.column - 1 :].startswith(slip)


# A template, what the message says of it, and what to write instead.
SLIPS = [
    ("{{ friend", "expected '}}'", ""),
    ("{% if code %}x", "{% endif %} is missing", "{% endif %}"),
    ("x{% endif %}", "{% endif %} closes or parts nothing here", ""),
    ("{% iff code %}x{% endif %}", "there is no tag iff", "if"),
    ("{% for a in b %}{% endfor %}", "there is no tag for, only if, unless, case, comment", ""),
    ("{{ link code }}", "expected end of expression, found word", ""),
    ("{{ code | upcase: 3 }}", "upcase() takes 1 positional argument", ""),
    ("{{ nobody }}", "there is no nobody, only company, friend", ""),
    ("x" * 5001, "it has 5,001 characters; at most 5,000 are taken", ""),
]


@pytest.mark.parametrize(("template", "said", "instead"), SLIPS)
def test_a_slip_is_told_in_words(template: str, said: str, instead: str) -> None:
    (found,) = problems(f"  lead: {{text: '{template}'}}\n")
    assert found.path == "messages.lead.text"
    assert said in found.message
    assert found.instead == instead


@pytest.mark.parametrize("template", HOSTILE)
def test_what_cannot_be_sent_does_not_pass(template: str) -> None:
    assert flaws_of(template)


@pytest.mark.parametrize("template", [*LONG, "No braces", "{{ company }}", "{% comment %}{{ x }}{% endcomment %}"])
def test_what_passes_can_be_sent(template: str) -> None:
    assert flaws_of(template) == []
    for value in ("", "x"):
        assert isinstance(render_template(template, dict.fromkeys(NAMES, value)), str)


def test_a_branch_that_is_seldom_taken_is_read_too() -> None:
    template = "{% if friend == 'Ada' %}{{ nobody }}{% endif %}x"
    assert render_template(template, dict.fromkeys(NAMES, "")) == "x"
    assert [each.message[:19] for each in flaws_of(template)] == ["there is no nobody,"]


def test_a_slip_that_was_published_before_keeps_nothing_from_running() -> None:
    text = f"{HEAD}  welcome: {{text: '{{{{ nobody }}}}'}}\n"
    assert check_program(text).errors
    assert read_published(text).errors == []
    with pytest.raises(NotUsable):
        render_template("{{ nobody }}", dict.fromkeys(NAMES, ""))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_words_of_every_example_can_be_sent(path: Path) -> None:
    assert check_program(path.read_text(encoding="utf-8")).errors == []


def test_the_longest_words_for_all_mails_are_read_in_seconds() -> None:
    template = ("{{ nobody | upcase | downcase | strip }} some words " * 92)[:4900]
    texts = "".join(f'      {language}: "{template}"\n' for language in ("en", "es", "it", "nl"))
    messages = "".join(f"  {name}:\n    text:\n{texts}    subject:\n{texts}" for name in MAILS)
    began = time.thread_time()
    assert len(problems(messages)) == MOST_FLAWS * len(MAILS) * 8
    assert time.thread_time() - began < 10


def test_words_under_a_name_that_no_mail_has_are_noted() -> None:
    (note,) = check_program(HEAD + "  wellcome: {text: Hello}\n").problems
    assert (note.severity, note.path, note.instead) == ("note", "messages.wellcome", "welcome")
