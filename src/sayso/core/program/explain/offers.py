"""The program as members and friends may read it: what each reward is in a few words, and the terms.

Owns what is left out for them: what things cost the company, its goals, how it judges people. It must not say anything
that `explain` does not.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sayso.core.program.conditions import Condition
from sayso.core.program.document import Choice, Clause, Document, Gift
from sayso.core.program.explain.explanation import Explanation, Section, Sentence
from sayso.core.program.explain.frame import dates_in_words, guard_in_words, when_spent_in_words
from sayso.core.program.explain.gifts import bare, described_in_short, gift_in_words
from sayso.core.program.explain.loyalty import badges_section, points_section, tiers_section
from sayso.core.program.explain.people import people_section
from sayso.core.program.explain.referral import referral_section
from sayso.core.program.explain.rewards import Written, reward_in_words, rewards_section
from sayso.core.program.explain.terms import Reader
from sayso.core.program.explain.voice import Language, Voice, voice_of
from sayso.core.program.values import Money, Percent

Conditions = Mapping[str, Condition]
_SIGN_UP = "signup"
_FOR_MEMBERS = ("people.advocates", "people.friends")


@dataclass(frozen=True, slots=True)
class Offer:
    """One reward in a few words.

    Attributes:
        clause: its name in the document.
        step: at which it is earned; empty for a reward that no referral leads to.
        at_once: signing up is all that it takes.
        gifts: what is given, with its conditions; empty where that depends on more than can be said in a few words.
        short: the same without conditions.
        headline: the same as a headline says that it is for the reader; a donation is for others.
        worth: the amount or share alone, where there is one: "€10".
        sentence: the whole clause, as the terms have it, with the steps before it; what friends get is said to whoever
            reads it.
    """

    clause: str
    to: Literal["advocate", "friend", "member"]
    step: str
    at_once: bool
    gifts: str
    short: str
    headline: str
    worth: str
    sentence: str


def offers_in(document: Document, conditions: Conditions, *, language: Language) -> list[Offer]:
    """Return what a program offers to each side, in the order of the document.

    Args:
        document: a checked one.
        conditions: the document's conditions by their place.
        language: of the reader.
    """
    reader = Reader(voice_of(language), for_members(document), is_outside=True)
    clauses = reader.document.rewards.items()
    return [_offer(Written(name, clause, conditions, alone=True), reader) for name, clause in clauses]


def terms_for_members(document: Document, conditions: Conditions, *, language: Language) -> Explanation:
    """Return the terms of a program as a member would read them; arguments as in `offers_in`."""
    reader = Reader(voice_of(language), for_members(document), is_outside=True)
    people = people_section(reader, conditions)
    sections = (
        _dates(reader),
        people and _only(people, _FOR_MEMBERS),
        referral_section(reader, conditions),
        rewards_section(reader, conditions),
        points_section(reader, conditions),
        tiers_section(reader),
        badges_section(reader, conditions),
        _when_spent(reader),
        _refused(reader),
    )
    return Explanation(language, tuple(each for each in sections if each and each.sentences))


def who_is_a_friend(document: Document, conditions: Conditions, *, language: Language) -> list[str]:
    """Return for whom the offer is, in sentences; arguments as in `offers_in`."""
    section = people_section(Reader(voice_of(language), document, is_outside=True), conditions)
    return [each.text for each in section.sentences if each.path == "people.friends"] if section else []


def for_members(document: Document) -> Document:
    """Return a document without what rewards and points cost the company, and without reminders nobody sends yet."""
    rewards = {name: _without_cost(clause) for name, clause in document.rewards.items()}
    points = document.points
    if points:
        expire = points.expire and points.expire.model_copy(update={"remind": None})
        points = points.model_copy(update={"value": None, "expire": expire})
    return document.model_copy(update={"rewards": rewards, "points": points})


# --- one offer --------------------------------------------------------------------------------------------------------


def _offer(written: Written, reader: Reader) -> Offer:
    clause, document = written.clause, reader.document
    gifts = _plain_gifts(clause)
    step = document.referral.steps.get(clause.at or "") if document.referral else None
    at_once = step is not None and step.on == _SIGN_UP and step.when is None and not clause.hold and not clause.review
    return Offer(
        written.name,
        clause.to,
        clause.at or "",
        at_once,
        reader.voice.all_of([_named(each, reader) for each in gifts]) if gifts else "",
        reader.voice.all_of([_named(_bare(each), reader) for each in gifts]) if gifts else "",
        _headline(gifts, reader),
        next(filter(None, (_worth(each, reader.voice) for each in gifts)), ""),
        " ".join(reward_in_words(_said_to_the_reader(written), reader)),
    )


def _said_to_the_reader(written: Written) -> Written:
    """A friend's clause as "whoever signs up gets", which a friend reads as meant for them."""
    is_friends = written.clause.to == "friend"
    return replace(written, clause=written.clause.model_copy(update={"to": "member"})) if is_friends else written


def _plain_gifts(clause: Clause) -> tuple[Gift | Choice, ...]:
    """What everybody gets for it; nothing where it depends on who they are, or on how many came before."""
    depends = clause.if_ or clause.for_ or clause.by_count or clause.every or clause.recurring or clause.when
    return () if depends else clause.give or ()


def _named(given: Gift | Choice, reader: Reader) -> str:
    if isinstance(given, Choice):
        return reader.voice.one_of([gift_in_words(gift, reader) for gift in given.choice])
    return gift_in_words(given, reader)


def _headline(gifts: Sequence[Gift | Choice], reader: Reader) -> str:
    theirs = [_headlined(_bare(each), reader) for each in gifts if isinstance(each, Choice) or each.kind != "donation"]
    return reader.voice.all_of(theirs) if theirs else ""


def _headlined(given: Gift | Choice, reader: Reader) -> str:
    if isinstance(given, Gift) and isinstance(given.value, dict):
        return described_in_short(given.kind, reader.text(given.value), reader.voice)
    return _named(given, reader)


def _worth(given: Gift | Choice, voice: Voice) -> str:
    """The figure of a gift that is one; of a choice there is none that holds for all of it."""
    value = given.value if isinstance(given, Gift) else None
    if isinstance(value, Money):
        return voice.money(value)
    return voice.share(value) if isinstance(value, Percent) else ""


def _changed(given: Gift | Choice, change: Callable[[Gift], Gift]) -> Gift | Choice:
    if isinstance(given, Choice):
        return given.model_copy(update={"choice": [change(gift) for gift in given.choice]})
    return change(given)


def _bare(given: Gift | Choice) -> Gift | Choice:
    return _changed(given, bare)


def _without_cost(clause: Clause) -> Clause:
    def free(give: tuple[Gift | Choice, ...]) -> tuple[Gift | Choice, ...]:
        return tuple(_changed(each, lambda gift: gift.model_copy(update={"cost": None})) for each in give)

    by_count = clause.by_count and {count: free(give) for count, give in clause.by_count.items()}
    return clause.model_copy(update={"give": clause.give and free(clause.give), "by_count": by_count})


# --- the terms --------------------------------------------------------------------------------------------------------


def _dates(reader: Reader) -> Section | None:
    text = dates_in_words(reader.document, reader.voice)
    return Section("program", reader.text(reader.document.title), (Sentence(text, "runs"),)) if text else None


def _only(section: Section, paths: tuple[str, ...]) -> Section:
    return replace(section, sentences=tuple(each for each in section.sentences if each.path in paths))


def _when_spent(reader: Reader) -> Section | None:
    """What becomes of a reward for which there is no budget; how much there is in all is the company's to know."""
    budget, voice = reader.document.budget, reader.voice
    if budget is None:
        return None
    texts = voice.say("budget.shared"), when_spent_in_words(budget, voice)
    return Section("budget", voice.say("title.budget.spent"), tuple(Sentence(text, "budget") for text in texts))


def _refused(reader: Reader) -> Section | None:
    """What is refused at once; what a person looks at is not told to those who would like to know."""
    guard = reader.document.guard
    signs = (guard.same_person, guard.same_device, guard.disposable_email, guard.known_address)
    if reader.document.referral is None or "block" not in (*signs, guard.on_speed if guard.speed else ""):
        return None
    blocked = next(iter(guard_in_words(guard, reader.voice)))
    return Section("guard", reader.voice.say("title.guard"), (Sentence(blocked, "guard"),))
