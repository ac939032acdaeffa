"""A stored reason put into words, for the staff or for the member, in four languages.

Owns what a reader gets to see of an answer. Which sentences it becomes is `sentences`', the words are `phrases`'.
"""

import datetime as dt
from dataclasses import dataclass, replace

from sayso.core.engine.decision import Verdict
from sayso.core.engine.events import CANCELLED, REFUND, SURVEY
from sayso.core.engine.rows import Reason
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.engine.why.clauses import place_of, what_in_words
from sayso.core.engine.why.facts import Fact, fact_of, failed_leaf, may_be_told
from sayso.core.engine.why.phrases import PHRASES
from sayso.core.engine.why.selection import Because, Silence
from sayso.core.engine.why.sentences import cause_of_a_friend, sentences_of, where
from sayso.core.engine.why.speaker import Audience, Names, Speaker
from sayso.core.program.explain.loyalty import multiplied
from sayso.core.program.explain.terms import Reader
from sayso.core.program.explain.voice import Language, sentence, voice_of

_NOT_TO_BE_SEEN = frozenset({CANCELLED, REFUND, SURVEY})


@dataclass(frozen=True, slots=True)
class Explained:
    """One reason in words.

    Attributes:
        sentences: what came out, why, what is missing, and where the document says so.
        verdict: how the clause came out; None when nothing happened yet that it listens to.
        path: the clause's place in the document, `badges.regular`.
        version: of the program that decided; 0 for the workspace itself.
        fact, seen, needed, missing: of a condition that failed; empty where there is none, or it is not theirs to know.
    """

    sentences: tuple[str, ...]
    verdict: Verdict | None
    path: str
    program: str
    version: int
    fact: str = ""
    seen: str = ""
    needed: str = ""
    missing: str = ""

    def as_text(self) -> str:
        """The sentences in a row."""
        return " ".join(self.sentences)


def render(
    reason: Reason, program: CompiledProgram | None, *, language: Language, audience: Audience, names: Names
) -> Explained:
    """Put a reason into words; for the member, it is theirs.

    Args:
        reason: as it was given or stored.
        program: the version that decided; None for the workspace itself, or when that version is gone.
        language: of the reader.
        audience: whoever works here, or the member whom the reason is about. The member is never told what the guard
            saw, what the budget holds, or anything about somebody else.
        names: how the reader may call a member, by number; empty for whom they may not know.
    """
    return _explained(Speaker(reason, program, voice_of(language), audience, names))


def tell(found: Because | Silence, *, language: Language, audience: Audience, names: Names) -> Explained:
    """Put an answer of `why` into words; the parameters are those of `render`.

    What a friend did is told to the member without the values that were seen.
    """
    if isinstance(found, Silence):
        return _silence(found, language)
    reason = found.reason
    if audience == "member" and reason.subject not in (0, found.asked_by):
        return _about_a_friend(found, language)
    deed = _deed(found, language, audience, names)
    told = _explained(Speaker(reason, found.program, voice_of(language), audience, names, found.in_review, deed))
    if more := _multiplied(found, language):
        told = replace(told, sentences=(told.sentences[0], more, *told.sentences[1:]))
    if audience == "member" or not found.turned_away:
        return told
    named = PHRASES[language]["named.staff"].format(who=names(found.heard.member), other=names(found.asked_by))
    return replace(told, sentences=(named, *told.sentences))


def _explained(speaker: Speaker) -> Explained:
    fact, reason = _fact(speaker), speaker.reason
    told = (fact.name or fact.leaf, fact.seen, fact.needed, fact.missing) if fact else ()
    sentences = tuple(sentences_of(speaker, fact))
    return Explained(sentences, speaker.verdict, reason.clause, reason.program, reason.version, *told)


def _multiplied(found: Because, language: Language) -> str | None:
    """What a level made of the points that were earned; None where they were not more than anybody's."""
    reason, document = found.reason, found.program.document if found.program else None
    path, _, name = reason.clause.rpartition(".")
    clause = document.points.earn.get(name) if document and document.points and path == "points.earn" else None
    if clause is None or document is None:
        return None
    of_clause = (reason.program, reason.version, name)
    factor = next((times for *which, _, times, _, _ in found.heard.earned if tuple(which) == of_clause), 1)
    return multiplied(clause, Reader(voice_of(language), document), by=factor) if factor > 1 else None


def _deed(found: Because, language: Language, audience: Audience, names: Names) -> str:
    """Whose deed it was, and which; the member hears that of friends who let themselves be named, and no amount."""
    deed, program = found.deed, found.program
    if deed is None or program is None or found.turned_away:
        return ""
    voice, who, phrases = voice_of(language), names(deed.member), PHRASES[language]
    # A friend who lets themselves be seen lets their steps be seen, and nothing else.
    if not who or (audience == "member" and deed.type in _NOT_TO_BE_SEEN):
        return phrases["deed.friend"]
    event = Reader(voice, program.document).event(deed.type).a
    date = voice.date(dt.date.fromordinal(program.calendar.day(deed.occurred_at)))
    if audience == "member" or deed.amount_minor is None:
        return phrases["deed"].format(event=event, who=who, date=date)
    amount = voice.minor(deed.amount_minor, deed.currency)
    return phrases["deed.amount"].format(event=event, who=who, date=date, amount=amount)


def _fact(speaker: Speaker) -> Fact | None:
    """The fact on which a condition failed, where the reader may be told."""
    leaf = failed_leaf(speaker.reason, speaker.program)
    if leaf is None or speaker.program is None:
        return None
    if speaker.audience == "member" and not may_be_told(leaf, speaker.program, speaker.place):
        return None
    return fact_of(speaker.reason, speaker.program, speaker.voice.language)


def _about_a_friend(found: Because, language: Language) -> Explained:
    """What a friend, or whoever recommended the reader, did not do: that it is so, and nothing of theirs."""
    bare, program = found.reason._replace(leaf=-1, seen=None), found.program
    speaker = Speaker(bare, program, voice_of(language), "member", str)
    if speaker.place.kind == "step" and program is not None:
        sentences = [speaker.say("refused.step.friend"), *where(speaker)]
    elif found.turned_away:
        sentences = [speaker.say("refused.referral.friend"), cause_of_a_friend(speaker), *where(speaker)]
    else:
        return _explained(speaker)
    return Explained(tuple(sentences), speaker.verdict, bare.clause, bare.program, bare.version)


def _silence(found: Silence, language: Language) -> Explained:
    document, voice = found.program.document, voice_of(language)
    place = place_of(found.path, document)
    text = PHRASES[language]["nothing"]
    if found.listening is not None:
        key = "silence.early" if found.early else "silence.friend" if found.listening.by_friend else "silence"
        event = Reader(voice, document).event(found.listening.event).a
        clause = what_in_words(place, document, language)
        date = voice.date(dt.date.fromordinal(found.program.calendar.day(found.early)))
        text = sentence(PHRASES[language][key].format(clause=clause, event=event, date=date))
    return Explained((text,), None, found.path, found.program.name, found.program.version)
