"""The frame of a program in sentences: why, when, goals, budget, staff grants and guard.

Owns those sections. It must not speak of rewards.
"""

from collections.abc import Iterator

from sayso.core.program.document import Budget, Document, Goal, Guard
from sayso.core.program.explain.explanation import Section, Sentence
from sayso.core.program.explain.terms import Reader
from sayso.core.program.explain.voice import Voice, after_colon, sentence
from sayso.core.program.values import Limit, Money, Percent


def program_section(reader: Reader) -> Section:
    """What the program is for, when it runs, what it aims at."""
    return Section("program", reader.text(reader.document.title), tuple(_program(reader)))


def _program(reader: Reader) -> Iterator[Sentence]:
    document, voice = reader.document, reader.voice
    if document.why:
        yield Sentence(sentence(reader.text(document.why)), "why")
    if text := dates_in_words(document, voice):
        yield Sentence(text, "runs")
    for number, goal in enumerate(document.goals):
        yield Sentence(goal_in_words(goal, voice), f"goals.{number}")
    if document.ideal_customer:
        text = voice.say("ideal_customer", text=after_colon(reader.text(document.ideal_customer)))
        yield Sentence(sentence(text), "ideal_customer")
    if worth := document.customer_value:
        lifetime, margin = voice.money(worth.lifetime), voice.share(worth.margin)
        yield Sentence(voice.say("customer_value", lifetime=lifetime, margin=margin), "customer_value")
    if document.exclusive:
        yield Sentence(voice.say("exclusive", name=reader.named(document.exclusive)), "exclusive")


def dates_in_words(document: Document, voice: Voice) -> str | None:
    """Between which days the program runs; None when no day is given."""
    runs = document.runs
    values = {}
    if runs.from_:
        values["from_"] = voice.on_date("date.from", runs.from_)
    if runs.until:
        values["until"] = voice.on_date("date.until", runs.until)
    if not values:
        return None
    key = "both" if len(values) == 2 else "from" if runs.from_ else "until"
    return voice.say(f"runs.{key}", **values)


def goal_in_words(goal: Goal, voice: Voice) -> str:
    """A figure to reach, and by when."""
    key = f"goal.{goal.measure}"
    shared = f"{key}.share"
    chosen = shared if isinstance(goal.target, Percent) and voice.knows(shared) else key
    target = voice.say(chosen, target=target_in_words(goal.target, voice))
    return voice.say("goal", target=target, by=voice.on_date("date.by", goal.by))


def target_in_words(target: Percent | Money | int, voice: Voice) -> str:
    """A number, a share or an amount."""
    if isinstance(target, Percent):
        return voice.share(target)
    return voice.money(target) if isinstance(target, Money) else voice.number(target)


# --- budget and staff -----------------------------------------------------------------------------------------------


def budget_section(reader: Reader) -> Section | None:
    """What all rewards may cost, and what happens then."""
    voice, document, sentences = reader.voice, reader.document, []
    if document.budget:
        sentences += [Sentence(text, "budget") for text in budget_in_words(document.budget, voice)]
    if document.staff_grants:
        limit = voice.money_limit(document.staff_grants.limit)
        sentences.append(Sentence(voice.say("staff_grants", limit=limit), "staff_grants"))
    return Section("budget", voice.say("title.budget"), tuple(sentences)) if sentences else None


def budget_in_words(budget: Budget, voice: Voice) -> Iterator[str]:
    """The amount, what happens when it is spent, and what becomes of the rest (SEMANTICS 29, 30)."""
    amount = voice.money(budget.amount)
    if budget.per is None:
        yield voice.say("budget", amount=amount)
        yield when_spent_in_words(budget, voice)
        return
    yield voice.say("budget.per", amount=amount, per=voice.per(budget.per))
    yield when_spent_in_words(budget, voice)
    key = "budget.roll_over" if budget.roll_over else "budget.no_roll_over"
    yield voice.say(key, next=voice.say(f"next.{budget.per}"))


def when_spent_in_words(budget: Budget, voice: Voice) -> str:
    """What happens when it is spent; without a period there is nothing to wait for, whatever the document says."""
    if budget.per is None:
        return voice.say("budget.stop")
    next_ = voice.say(f"next.{budget.per}")
    if budget.when_spent == "stop":
        return voice.say("budget.stop.per", next=next_)
    return voice.say("budget.wait.per", next=next_, two=voice.say(f"two.{budget.per}"))


# --- guard ----------------------------------------------------------------------------------------------------------


def guard_section(reader: Reader) -> Section | None:
    """What makes a referral suspicious; only a program with referrals has it."""
    if reader.document.referral is None:
        return None
    sentences = tuple(Sentence(text, "guard") for text in guard_in_words(reader.document.guard, reader.voice))
    return Section("guard", reader.voice.say("title.guard"), sentences)


def guard_in_words(guard: Guard, voice: Voice) -> Iterator[str]:
    """What is refused, what a person looks at, and what passes."""
    signs: dict[str, list[str]] = {}
    for sign in ("same_person", "same_device", "disposable_email", "known_address"):
        signs.setdefault(getattr(guard, sign), []).append(voice.say(f"guard.{sign}"))
    if guard.speed:
        signs.setdefault(guard.on_speed, []).append(voice.say("guard.speed", limit=_speed(guard.speed, voice)))
    for verdict in ("block", "review", "allow"):
        if verdict in signs:
            yield voice.say(f"guard.{verdict}", signs=voice.all_of(signs[verdict]))


def _speed(limit: Limit, voice: Voice) -> str:
    return voice.count("guard.referrals", limit.count, per=voice.per(limit.per))
