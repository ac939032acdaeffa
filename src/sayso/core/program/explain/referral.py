"""How a recommendation becomes a referral, in sentences: the window, whose touch counts, the steps.

Owns that section. It must not speak of what is given.
"""

from collections.abc import Iterator
from dataclasses import replace

from sayso.core.program.document import ReferralRules, Step
from sayso.core.program.explain.condition_words import deed
from sayso.core.program.explain.explanation import Section, Sentence
from sayso.core.program.explain.people import Conditions
from sayso.core.program.explain.terms import Reader


def referral_section(reader: Reader, conditions: Conditions) -> Section | None:
    """From the first click to the step that counts as success."""
    rules = reader.document.referral
    if rules is None:
        return None
    sentences = [*_referral(rules, replace(reader, subject="friend"), conditions)]
    sentences.append(Sentence(reader.voice.say(f"applies_to.{reader.document.applies_to}"), "applies_to"))
    return Section("referral", reader.voice.say("title.referral"), tuple(sentences))


def _referral(rules: ReferralRules, reader: Reader, conditions: Conditions) -> Iterator[Sentence]:
    voice = reader.voice
    yield Sentence(voice.say("window", length=voice.length(rules.window)), "referral.window")
    yield Sentence(voice.say(f"credit.{rules.credit}"), "referral.window")
    for name in rules.steps:
        yield Sentence(step_in_words(name, rules, reader, conditions), "referral.steps")


def step_in_words(name: str, rules: ReferralRules, reader: Reader, conditions: Conditions) -> str:
    """What the friend does to reach a step, and in which time after the step before (SEMANTICS 17)."""
    step = rules.steps[name]
    key, values = f"step.{_place(name, rules)}", {"deed": step_deed(name, step, reader, conditions)}
    if step.within:
        within = "within.next" if key == "step.success" else "within"
        key, values["within"] = f"{key}.within", reader.voice.say(within, length=reader.voice.length(step.within))
    return reader.voice.say(key, **values)


def _place(name: str, rules: ReferralRules) -> str:
    order = list(rules.steps)
    if name == rules.success:
        return "only" if order.index(name) == 0 else "success"
    if order.index(name) == 0:
        return "first"
    known = rules.success in order
    return "after" if known and order.index(name) > order.index(rules.success) else "next"


def step_deed(name: str, step: Step, reader: Reader, conditions: Conditions) -> str:
    """What the friend does at a step: "spends €20 or more"."""
    condition = conditions.get(f"referral.steps.{name}.when")
    return deed(step.on, condition.tree if condition else None, replace(reader, subject="friend"))
