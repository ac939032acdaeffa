"""Members: how they appear, change, are merged, banned and erased."""

from collections.abc import Mapping
from typing import Any

from sayso.core.engine.decision import Verdict
from sayso.core.engine.draft import Draft
from sayso.core.engine.events import MEMBER_UPDATED, SURVEY
from sayso.core.engine.invitations import CONTACT
from sayso.core.engine.rows import ERASED, Code, Identity, Member
from sayso.core.program.calendar import time_meant

ACCOUNT = "account"
MEMBER = "member"


def appear(draft: Draft) -> None:
    """Know the event's member, who appears with their first event, and take in what it says about them."""
    event = draft.event
    if draft.facts.members.find(event.member) is None:
        draft.put("members", event.member, Member(event.member, event.ref, event.occurred_at))
        if event.ref:
            draft.put("identities", ("ref", event.ref), Identity("ref", event.ref, event.member))
    if event.identities:
        recognise(draft, event.identities)
    if event.type in (SURVEY, MEMBER_UPDATED):
        update(draft)


def recognise(draft: Draft, identities: Any) -> None:
    """Keep further identities; one that another member already gave marks the two as alike (TRUST, same person)."""
    me = draft.event.member
    for kind, value in identities:
        if kind == CONTACT:  # by which an invitation is found, and nobody else
            continue
        found = draft.see("identities", (kind, value))
        if found is None:
            draft.put("identities", (kind, value), Identity(kind, value, me))
        elif found.member != me and (found.member, kind) not in draft.member(me).alike:
            row = draft.edit("members", me)
            row.alike = (*row.alike, (found.member, kind))


def update(draft: Draft) -> None:
    """Take in what the event says about its member: attributes, tags, groups, account, code, language, country."""
    event = draft.event
    if event.type == SURVEY and isinstance(event.props.get("score"), int):
        row = draft.edit("members", event.member)
        row.attributes = {**row.attributes, "last_score": event.props["score"]}
    if event.type != MEMBER_UPDATED:
        return
    row, props = draft.edit("members", event.member), event.props
    row.attributes = {**row.attributes, **_read_times(draft, props.get("attributes") or {})}
    row.joined_at = min(row.joined_at, event.occurred_at)
    for name in ("tags", "groups"):
        if props.get(name) is not None:
            setattr(row, name, tuple(sorted({str(each) for each in props[name]})))
    row.language = props.get("language") or row.language
    row.country = props.get("country") or row.country
    if props.get(ACCOUNT):
        row.account = _account(draft, str(props[ACCOUNT]))
    for code in codes_in(props):
        own_code(draft, code, event.member)


def codes_in(props: Mapping[str, Any]) -> list[str]:
    """The codes that an event of a member hands out to them: `codes`, else the one `code`."""
    codes = props.get("codes")
    return [str(code) for code in ([props.get("code")] if codes is None else codes) if code]


def _read_times(draft: Draft, attributes: dict[str, Any]) -> dict[str, Any]:
    """Attributes with those that are declared as a date or a moment read as such, where they are one."""
    declared = draft.rulebook.times
    found = {}
    for name in declared.keys() & attributes.keys():
        value = attributes[name]
        meant = time_meant(value, declared[name], draft.calendar) if isinstance(value, str) else None
        found[name] = value if meant is None else meant
    return {**attributes, **found}


def own_code(draft: Draft, code: str, member: int) -> None:
    """Let a member recommend with a code; one that somebody has stays theirs."""
    key = code.casefold()
    found: Code | None = draft.see("codes", key)
    if found is None:
        draft.put("codes", key, Code(key, member))
    elif found.member != member:
        draft.say(None, MEMBER, Verdict.CODE_TAKEN, seen=found.member, subject=member)


def _account(draft: Draft, name: str) -> int:
    found = draft.see("identities", (ACCOUNT, name))
    if found is None:
        found = draft.put("identities", (ACCOUNT, name), Identity(ACCOUNT, name, draft.number()))
    return found.member


def same_account(draft: Draft, one: int, other: int) -> bool:
    """Whether two members belong to one household or company."""
    account = draft.member(one).account
    return account != 0 and account == draft.member(other).account


def ban(draft: Draft) -> None:
    """Bar a member: nothing is granted to them any more."""
    draft.edit("members", draft.event.member).status = "banned"


def erase(draft: Draft) -> None:
    """Remove the person and keep the books (SEMANTICS 39)."""
    number = draft.event.member
    row = draft.edit("members", number)
    row.ref, row.status = f"{ERASED}{number}", "erased"
    row.language = row.country = ""
    row.tags, row.groups, row.attributes, row.alike = (), (), {}, ()
    draft.decision.erased.add(number)


def active(draft: Draft, number: int) -> bool:
    """Whether a member takes part; says so when they do not."""
    if draft.member(number).status == "active":
        return True
    draft.say(None, "", Verdict.INACTIVE, subject=number)
    return False
