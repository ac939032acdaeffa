"""How a link is passed on and where it leads, in sentences.

Owns that section. The member's message is quoted, never changed.
"""

from collections.abc import Iterator

from sayso.core.program.document import LINK_PLACE, Sharing
from sayso.core.program.explain.explanation import Section, Sentence
from sayso.core.program.explain.terms import Reader


def sharing_section(reader: Reader) -> Section | None:
    """What the document itself says about sharing; None where it says nothing."""
    told = sharing_in_words(reader.document.sharing, reader)
    sentences = tuple(Sentence(text, f"sharing.{key}") for key, text in told)
    return Section("sharing", reader.voice.say("title.sharing"), sentences) if sentences else None


def sharing_in_words(sharing: Sharing, reader: Reader) -> Iterator[tuple[str, str]]:
    """The sentences about sharing, each with the part that it speaks of."""
    voice = reader.voice
    if sharing.destination:
        yield "destination", voice.say("sharing.destination", url=sharing.destination)
    for system in ("ios", "android"):
        if url := getattr(sharing.app, system):
            yield f"app.{system}", voice.say(f"sharing.{system}", url=url)
    if sharing.message:
        yield "message", voice.say("sharing.message", text=voice.quoted(readable(reader.text(sharing.message))))
    if "channels" in sharing.model_fields_set:
        ways = [voice.say(f"channel.{channel}") for channel in sharing.channels]
        yield "channels", voice.say("sharing.channels", ways=voice.all_of(ways))
    if "utm" in sharing.model_fields_set:
        yield "utm", voice.say("sharing.utm", marks=voice.all_of(list(_marks(sharing))))


def _marks(sharing: Sharing) -> Iterator[str]:
    for name, value in sharing.utm.model_dump(exclude_none=True).items():
        yield f"{name}={value}"


def readable(message: str) -> str:
    """Return a message as people read it, the place of the link in brackets."""
    return message.replace(LINK_PLACE, "[link]")
