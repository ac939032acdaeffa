"""The sentences that a reason becomes, in their order: what came out, why, what the terms say, and where they say it.

Owns which phrases are said. What stands in their places is `speaker`'s, what a member may be told of a fact `facts`'.
"""

from collections.abc import Iterator

from sayso.core.engine.decision import Verdict
from sayso.core.engine.why.facts import Fact
from sayso.core.engine.why.speaker import Speaker
from sayso.core.program.document import Document
from sayso.core.program.explain.condition_words import condition_in_words
from sayso.core.program.scalars import words
from sayso.core.program.values import Limit

# Verdicts whose own words say what came out; before every other one stands what was given or refused.
_TELLS_ITSELF = frozenset(
    {
        Verdict.TAKEN_BACK, Verdict.OUTSIDE_REFUND_TIME, Verdict.RELEASED, Verdict.EXPIRED, Verdict.REMINDED,
        Verdict.RAISED, Verdict.DROPPED, Verdict.KEPT, Verdict.REFILLED, Verdict.LAPSED, Verdict.DENIED,
        Verdict.ISSUED, Verdict.LOSS, Verdict.MERGED, Verdict.COUNTED_ONLY, Verdict.GUARD_REVIEW, Verdict.NOT_OPEN,
        Verdict.NOT_OFFERED, Verdict.CODE_TAKEN, Verdict.GAVE_WAY, Verdict.NOT_DELIVERED,
    }
)  # fmt: skip
_WITH_ITS_KIND = ("reward", "grant", "earn", "badge")


def sentences_of(speaker: Speaker, fact: Fact | None) -> Iterator[str]:
    """Everything there is to tell of a reason; `fact` is the one on which a condition failed, where it may be told."""
    yield from _outcome(speaker)
    yield from _cause(speaker, fact)
    yield from _terms(speaker)
    if speaker.deed:
        yield speaker.deed
    yield from where(speaker)


def where(speaker: Speaker) -> Iterator[str]:
    """Where the document says so."""
    if speaker.document is None:
        return
    title = speaker.voice.quoted(words(speaker.document.title, speaker.voice.language))
    version = str(speaker.reason.version)
    yield speaker.say(f"place.{speaker.audience}", path=speaker.reason.clause, version=version, program=title)


# --- what came out --------------------------------------------------------------------------------------------------


def _outcome(speaker: Speaker) -> Iterator[str]:
    if speaker.verdict in _TELLS_ITSELF:
        return
    came = "later" if speaker.verdict is Verdict.BUDGET_WAITS else "given" if _was_given(speaker) else "refused"
    kind = "advocate" if speaker.reason.clause == "people.advocates" else speaker.place.kind
    if came == "given" and speaker.clause:
        yield speaker.say(f"given.{_stop_on_the_way(speaker)}.{speaker.audience}")
    elif kind in _WITH_ITS_KIND:
        yield speaker.say(f"{came}.{speaker.audience}")
    elif speaker.knows(f"{came}.{kind}.{speaker.audience}"):
        yield speaker.say(f"{came}.{kind}.{speaker.audience}")
    elif came != "given":
        yield speaker.say(f"refused.other.{speaker.audience}")


def _was_given(speaker: Speaker) -> bool:
    if speaker.verdict is Verdict.CAPPED:
        return bool(speaker.reason.seen)
    return speaker.verdict is Verdict.MET


def _stop_on_the_way(speaker: Speaker) -> str:
    """What a reward that was earned waits for first; a decision never knows whether that is over."""
    clause = speaker.clause
    assert clause is not None
    in_review = clause.review or (speaker.in_review and clause.at is not None)
    return "review" if in_review else "held" if clause.hold else "reward"


# --- why ------------------------------------------------------------------------------------------------------------


def _cause(speaker: Speaker, fact: Fact | None) -> Iterator[str]:
    verdict = speaker.verdict
    if verdict is Verdict.MET:
        return
    if verdict is not Verdict.CONDITION or fact is None:
        name = verdict.name.lower()
        special = f"{name}.{speaker.place.kind}.{speaker.audience}"
        yield speaker.say(special if speaker.knows(special) else f"{name}.{speaker.audience}")
    if fact is not None:
        yield _fact_in_words(speaker, fact)


def cause_of_a_friend(speaker: Speaker) -> str:
    """Why a recommendation of the reader's did not count, in words that would fit any friend."""
    name = speaker.verdict.name.lower()
    special = (f"{name}.friend", f"{name}.{speaker.place.kind}.member", f"{name}.member")
    return speaker.say(next(key for key in special if speaker.knows(key)))


def _fact_in_words(speaker: Speaker, fact: Fact) -> str:
    if not fact.name:
        return speaker.say("asked.seen" if fact.known else "asked", leaf=fact.leaf, seen=fact.seen)
    key = "fact.unknown" if not fact.known else "fact.missing" if fact.missing else "fact"
    return speaker.say(key, fact=fact.name, seen=fact.seen, needed=fact.needed, missing=fact.missing)


# --- what the terms say ---------------------------------------------------------------------------------------------


def _terms(speaker: Speaker) -> Iterator[str]:
    """What would have changed the answer, where the document says it."""
    document, verdict, voice = speaker.document, speaker.verdict, speaker.voice
    if document is None:
        return
    if verdict in (Verdict.LIMIT_REACHED, Verdict.CAPPED) and (limit := _limit(speaker, document)):
        yield speaker.say("limit", limit=voice.limit(limit))
    elif verdict is Verdict.NOT_EVERY and isinstance(speaker.reason.seen, int):
        if speaker.clause and (every := speaker.clause.every):
            yield speaker.say("more", count=voice.number(every - speaker.reason.seen % every))
    elif verdict is Verdict.OUTSIDE_WINDOW and document.referral:
        yield speaker.say("window", length=voice.length(document.referral.window))
    elif verdict is Verdict.STEP_TOO_LATE and document.referral:
        step = document.referral.steps.get(speaker.place.name)
        if step and step.within:
            yield speaker.say("within", length=voice.length(step.within))
    elif verdict is Verdict.NOT_IN_GROUP and speaker.audience == "staff":
        yield from _group(speaker, document)


def _limit(speaker: Speaker, document: Document) -> Limit | None:
    if speaker.clause:
        return speaker.clause.limit
    earn = document.points.earn.get(speaker.place.name) if document.points else None
    # A cap counts points, which "so many times" would not say.
    return earn.limit if earn and speaker.verdict is Verdict.LIMIT_REACHED else None


def _group(speaker: Speaker, document: Document) -> Iterator[str]:
    rule = speaker.program.rules.get(f"people.groups.{speaker.reason.seen}") if speaker.program else None
    if rule is not None:
        text = condition_in_words(rule.condition.tree, document, language=speaker.voice.language)
        yield speaker.say("group", condition=text)
