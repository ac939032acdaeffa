"""When we ask, the messages and the landing page, in sentences.

Owns those three sections. The document's own words are quoted, never changed.
"""

from collections.abc import Iterator

from sayso.core.program.document import Asking, Page, When
from sayso.core.program.explain.condition_words import clause
from sayso.core.program.explain.explanation import Section, Sentence
from sayso.core.program.explain.people import Conditions
from sayso.core.program.explain.terms import Reader
from sayso.core.program.explain.voice import sentence
from sayso.core.program.values import Duration


def asking_section(reader: Reader, conditions: Conditions) -> Section | None:
    """When we invite somebody to recommend us, how, and when we stop."""
    asking = reader.document.asking
    if asking is None:
        return None
    sentences = tuple(Sentence(text, f"asking.{key}") for key, text in asking_in_words(asking, reader, conditions))
    return Section("asking", reader.voice.say("title.asking"), sentences)


def asking_in_words(asking: Asking, reader: Reader, conditions: Conditions) -> Iterator[tuple[str, str]]:
    """The sentences about asking, each with the part that it speaks of."""
    voice = reader.voice
    moments = [_moment(number, when, reader, conditions) for number, when in enumerate(asking.when)]
    yield "when", voice.say("ask", moments=voice.all_of(moments))
    for key in ("not_before", "not_after"):
        if bound := getattr(asking, key):
            length, anchor = bound_in_words(bound, reader)
            yield "when", voice.say(f"ask.{key}", length=length, anchor=anchor)
    if remind := asking.remind:
        key = "ask.remind" if remind.times == 1 else "ask.reminds"
        yield "remind", voice.say(key, times=voice.times(remind.times), length=voice.length(remind.after))
    if asking.at_most:
        yield "at_most", voice.say("ask.at_most", limit=voice.limit(asking.at_most))
    if asking.through:
        yield "through", voice.say("ask.through", ways=voice.all_of(list(_ways(asking, reader))))


def _moment(number: int, when: When, reader: Reader, conditions: Conditions) -> str:
    voice, event = reader.voice, reader.event(when.after).a
    if when.wait == Duration():
        moment = voice.say("ask.right_after", event=event)
    else:
        moment = voice.say("ask.after", wait=voice.length(when.wait), event=event)
    condition = conditions.get(f"asking.when.{number}.if")
    if condition is None:
        return moment
    return voice.say("ask.if", moment=moment, condition=clause(condition.tree, reader))


def bound_in_words(bound: str, reader: Reader) -> tuple[str, str]:
    """The length, and what it counts from, of `30d after member.joined`."""
    length, _, field = bound.partition(" after member.")
    voice = reader.voice
    if field == "joined":
        anchor = voice.say("ask.joining")
    elif field.startswith("last_") and field not in reader.document.attributes:
        anchor = reader.event(field.removeprefix("last_")).last
    else:
        anchor = reader.named(field)
    return voice.length(Duration.parse(length)), anchor


def _ways(asking: Asking, reader: Reader) -> Iterator[str]:
    voice = reader.voice
    for group, channel in asking.through.items():
        if group != "everyone":
            named = voice.say("ask.group", name=reader.named(group))
        else:
            named = voice.say("ask.everyone" if len(asking.through) == 1 else "ask.everyone_else")
        yield voice.say("ask.way", group=named, channel=voice.say(f"channel.{channel}"))


# --- words ----------------------------------------------------------------------------------------------------------


def messages_section(reader: Reader) -> Section | None:
    """Which messages are written."""
    messages, voice = reader.document.messages, reader.voice
    if not messages:
        return None
    names = [_message(name, reader) for name in messages]
    count = voice.spelled(len(names))
    text = sentence(voice.count("messages", len(names), count=count, names=voice.all_of(names)))
    return Section("messages", voice.say("title.messages"), (Sentence(text, "messages"),))


def _message(name: str, reader: Reader) -> str:
    key = f"message.{name}"
    return reader.voice.say(key) if reader.voice.knows(key) else reader.named(name)


def page_section(reader: Reader) -> Section | None:
    """What stands on the landing page."""
    page = reader.document.page
    sentences = tuple(Sentence(text, "page") for text in page_in_words(page, reader)) if page else ()
    return Section("page", reader.voice.say("title.page"), sentences) if sentences else None


def page_in_words(page: Page, reader: Reader) -> Iterator[str]:
    """The landing page part by part."""
    voice = reader.voice
    for part in ("headline", "offer"):
        if text := getattr(page, part):
            yield voice.say(f"page.{part}", text=voice.quoted(reader.text(text)))
    if page.proof:
        yield voice.say("page.proof", texts=voice.all_of([voice.quoted(reader.text(text)) for text in page.proof]))
    if page.form:
        yield voice.say("page.form", fields=voice.all_of([voice.say(f"field.{field}") for field in page.form]))
    if page.call_to_action:
        yield voice.say("page.call_to_action", text=voice.quoted(reader.text(page.call_to_action)))
    if page.questions:
        asked = [voice.quoted(reader.text(question.question)) for question in page.questions]
        yield voice.count("page.questions", len(asked), count=voice.spelled(len(asked)), texts=voice.all_of(asked))
    if page.variants:
        names = [reader.named(name) for name in page.variants]
        count = voice.spelled(len(names))
        yield sentence(voice.count("page.variants", len(names), count=count, names=voice.all_of(names)))
    if page.accounts:
        names = [reader.named(name) for name in page.accounts]
        yield sentence(voice.count("page.accounts", len(names), names=voice.all_of(names)))
