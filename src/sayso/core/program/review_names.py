"""Whether the names that one section uses are declared in another.

Owns references between sections: steps, groups, levels, badges, facts. Amounts are `review_money`'s.
"""

from collections import Counter
from collections.abc import Iterator

from sayso.core.program.conditions import Condition
from sayso.core.program.document import Clause
from sayso.core.program.finder import Finder
from sayso.core.program.parse import Parsed
from sayso.core.program.problems import Problem
from sayso.core.program.tree import Compare, Name, Value, leaves
from sayso.core.program.values import Duration
from sayso.core.program.vocabulary import PERSON, nearest, vocabulary_of
from sayso.core.program.yaml_source import Path

# The events that Sayso itself gives a meaning to; companies add their own.
KNOWN_EVENTS = ("signup", "lead", "purchase", "refund", "cancelled", "survey_answered", "coupon_redeemed")


def review_names(finder: Finder) -> Iterator[Problem]:
    """Names that are not declared, or cannot mean anything where they stand."""
    yield from _facts(finder)
    yield from _score(finder)
    yield from _referral(finder)
    for name, clause in finder.document.rewards.items():
        yield from _clause(finder, ("rewards", name), clause)
    yield from _one_of(finder)
    yield from _groups(finder)
    yield from _levels(finder)
    yield from _badges(finder)
    yield from _asking(finder)
    yield from _events(finder)
    yield from _compared_words(finder)
    yield from _called(finder)


def _facts(finder: Finder) -> Iterator[Problem]:
    document = finder.document
    for section, names in (("facts", document.facts), ("attributes", document.attributes)):
        for name in names:
            if name in PERSON:
                yield finder.error((section, name), f"{name} is known of every member already; choose another name.")
    for name in document.facts:
        if name in document.attributes:
            yield finder.error(("facts", name), f"{name} is an attribute too; choose another name for one of them.")


def _score(finder: Finder) -> Iterator[Problem]:
    for path, condition in finder.conditions.items():
        if path.startswith("score.") and any(name.field == "score" for name in condition.names):
            yield finder.error(finder.path_of(path), "The score is made of its signals, so a signal cannot ask for it.")


def _referral(finder: Finder) -> Iterator[Problem]:
    referral = finder.document.referral
    if referral is None:
        return
    steps = list(referral.steps)
    if referral.success not in steps:
        yield finder.unknown(("referral", "success"), referral.success, steps, "step")
    for number, step in enumerate(steps):
        condition = finder.conditions.get(f"referral.steps.{step}.when")
        later = {name.field for name in condition.names if name.role == "referral"} if condition else set()
        for name in sorted(later & set(steps[number:])):
            message = f"The step {step} can never be reached: referral.{name} is not known before it."
            yield finder.error(("referral", "steps", step, "when"), message)


def _clause(finder: Finder, path: Path, clause: Clause) -> Iterator[Problem]:
    document = finder.document
    steps = list(document.referral.steps) if document.referral else []
    if clause.at and not document.referral:
        message = "This reward waits for a step, and the program has no referral section."
        yield finder.error((*path, "at"), message, "referral: with its steps, or on: EVENT and to: member")
    elif clause.at and clause.at not in steps:
        yield finder.unknown((*path, "at"), clause.at, steps, "step")
    if clause.recurring and not clause.at:
        message = "A recurring reward follows a referral; it needs the step after which it begins."
        yield finder.error((*path, "recurring"), message, f"at: {steps[-1]}" if steps else "")
    if clause.every and clause.by_count:
        yield finder.error((*path, "every"), "every and by_count both count referrals; keep one of them.")
    if clause.by_count and min(clause.by_count) != 1:
        yield finder.error(
            (*path, "by_count"), "The counts begin at the first referral.", "1: with what the first one gets"
        )
    if clause.limit and clause.limit.count == 0:
        yield finder.error((*path, "limit"), "A limit of 0 lets nothing through; leave the reward out instead.")


def _one_of(finder: Finder) -> Iterator[Problem]:
    shared: dict[str, list[str]] = {}
    for name, clause in finder.document.rewards.items():
        if clause.one_of:
            shared.setdefault(clause.one_of, []).append(name)
    for word, names in shared.items():
        if len(names) == 1:
            near = nearest(word, [other for other in shared if other != word])
            yield finder.note(("rewards", names[0], "one_of"), f"No other reward says one_of: {word}.", near)
        clauses = [finder.document.rewards[name] for name in names]
        if len({(clause.to, clause.at, clause.on) for clause in clauses}) > 1:
            message = f"The rewards that share one_of: {word} are not for the same side and the same step."
            yield finder.error(("rewards", names[-1], "one_of"), message)


def _groups(finder: Finder) -> Iterator[Problem]:
    document = finder.document
    groups = list(document.people.groups)
    named: list[tuple[Path, str | None]] = [
        (("rewards", name, "for"), clause.for_) for name, clause in document.rewards.items()
    ]
    if document.points:
        named += [(("points", "earn", name, "for"), earn.for_) for name, earn in document.points.earn.items()]
    for path, group in named:
        if group and group not in groups:
            yield finder.unknown(path, group, groups, "group")
    for group in document.asking.through if document.asking else ():
        if group not in (*groups, "everyone"):
            yield finder.unknown(("asking", "through", group), group, [*groups, "everyone"], "group")
    if "everyone" in groups:
        yield finder.error(("people", "groups", "everyone"), "everyone is always there; choose another name.")


def _levels(finder: Finder) -> Iterator[Problem]:
    document = finder.document
    levels = list(document.tiers.levels) if document.tiers else []
    for name, earn in document.points.earn.items() if document.points else ():
        for level in earn.multiply:
            path = ("points", "earn", name, "multiply", level)
            if not document.tiers:
                yield finder.error(path, "Points are multiplied by level, and the program has no tiers section.")
            elif level not in levels:
                yield finder.unknown(path, level, levels, "level")
    if document.tiers is None:
        return
    for level in document.tiers.names:
        if level not in levels:
            yield finder.unknown(("tiers", "names", level), level, levels, "level")
    if document.tiers.measure == "points_earned" and not document.points:
        yield finder.error(("tiers", "by"), "Levels go by points earned, and the program has no points section.")
    if document.tiers.measure == "referrals_completed" and not document.referral:
        yield finder.error(("tiers", "by"), "Levels go by referrals, and the program has no referral section.")


def _badges(finder: Finder) -> Iterator[Problem]:
    declared = list(finder.document.badges)
    for path, _, gift in finder.gifts():
        if gift.badge and gift.badge not in declared and (near := nearest(gift.badge, declared)):
            message = f"The badges section has no {gift.badge}, but a name that looks like it."
            yield finder.note((*path, "badge"), message, near)


def _asking(finder: Finder) -> Iterator[Problem]:
    asking = finder.document.asking
    if asking is None:
        return
    vocabulary = vocabulary_of(finder.document)
    for key, text in (("not_before", asking.not_before), ("not_after", asking.not_after)):
        length, _, name = (text or "").partition(" after member.")
        if not text:
            continue
        try:
            Duration.parse(length)
        except ValueError as error:
            message = f"{str(error).partition(';')[0]}."
            yield finder.error(("asking", key), message, f"for example 30d after member.{name}")
            continue
        if vocabulary.type_of("member", name) not in ("moment", "date"):
            yield finder.error(("asking", key), f"member.{name} is no moment.", f"{length} after member.joined")


# --- words that look like others ----------------------------------------------------------------------------------


def events_of(parsed: Parsed) -> set[str]:
    """The types of event that a program speaks of: whatever else comes in, it takes no notice of."""
    if parsed.document is None:
        return set()
    return {event for _, event in _used_events(Finder(parsed.document, parsed.conditions, parsed.source))}


def _events(finder: Finder) -> Iterator[Problem]:
    used = list(_used_events(finder))
    counts = Counter(event for _, event in used)
    settled = {*KNOWN_EVENTS, *(event for event, count in counts.items() if count > 1)}
    for path, event in used:
        near = None if event in settled else nearest(event, settled, likeness=0.85)
        if near:
            yield finder.note(path, f"Only this place speaks of the event {event}, which looks like {near}.", near)


def _used_events(finder: Finder) -> Iterator[tuple[Path, str]]:
    document = finder.document
    for name, fact in document.facts.items():
        yield ("facts", name), fact.event
    for name, step in document.referral.steps.items() if document.referral else ():
        yield ("referral", "steps", name, "on"), step.on
    for name, clause in document.rewards.items():
        if clause.on:
            yield ("rewards", name, "on"), clause.on
        if clause.recurring:
            yield ("rewards", name, "recurring", "on"), clause.recurring.on
    for name, earn in document.points.earn.items() if document.points else ():
        yield ("points", "earn", name, "on"), earn.on
    for name, badge in document.badges.items():
        yield ("badges", name, "on"), badge.on
    for number, moment in enumerate(document.asking.when if document.asking else ()):
        yield ("asking", "when", number, "after"), moment.after
    yield from _last_events(finder)


def _last_events(finder: Finder) -> Iterator[tuple[Path, str]]:
    declared = {*finder.document.facts, *finder.document.attributes, *PERSON}
    for path, condition in finder.conditions.items():
        for name in sorted(condition.names, key=lambda one: one.path):
            if name.field.startswith("last_") and name.role not in ("event", "referral") and name.field not in declared:
                yield finder.path_of(path), name.field.removeprefix("last_")


def _compared_words(finder: Finder) -> Iterator[Problem]:
    levels = list(finder.document.tiers.levels) if finder.document.tiers else []
    for path, condition in finder.conditions.items():
        for name, word in _compared(condition):
            if name.field == "tier" and word not in levels:
                yield finder.unknown(finder.path_of(path), word, levels, "level")
            if name.field == "country" and word != word.upper():
                yield finder.error(
                    finder.path_of(path), "Countries have two capital letters (ISO 3166).", f'"{word.upper()}"'
                )


def _compared(condition: Condition) -> Iterator[tuple[Name, str]]:
    for leaf in leaves(condition.tree):
        if isinstance(leaf, Compare):
            for name, value in ((leaf.left, leaf.right), (leaf.right, leaf.left)):
                if isinstance(name, Name) and name.role != "event" and isinstance(value, Value):
                    words = value.value if isinstance(value.value, tuple) else (value.value,)
                    yield from ((name, word) for word in words if isinstance(word, str))


# --- what things are called ----------------------------------------------------------------------------------------


def _called(finder: Finder) -> Iterator[Problem]:
    """Words for names that the program does not have."""
    known = sorted(_nameable(finder)) if finder.document.names else []
    for word in finder.document.names:
        if word not in known:
            yield finder.note(("names", word), f"Nothing in this program has the name {word}.", nearest(word, known))


def _nameable(finder: Finder) -> set[str]:
    document = finder.document
    found = {*document.attributes, *document.facts, *document.people.groups, *document.score, *document.rewards}
    found |= set(document.referral.steps) if document.referral else set()
    found |= set(document.points.earn) if document.points else set()
    page = document.page
    found |= {*document.messages, *(page.variants | page.accounts if page else ()), document.exclusive or ""}
    found |= {event for _, event in _used_events(finder)} - {*KNOWN_EVENTS}
    found |= {clause.one_of for clause in document.rewards.values() if clause.one_of}
    for condition in finder.conditions.values():
        found |= {name.field for name in condition.names if name.role == "event"}
        for leaf in leaves(condition.tree):
            for side in (leaf.left, leaf.right) if isinstance(leaf, Compare) else ():
                if isinstance(side, Value):
                    words = side.value if isinstance(side.value, tuple) else (side.value,)
                    found |= {word for word in words if isinstance(word, str)}
    return found
