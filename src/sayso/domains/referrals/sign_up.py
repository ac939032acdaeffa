"""Signing up: a friend says who they are and who recommended, on a page that anybody can open.

Owns what may be said there: who is new is made known, nothing that is known is changed, and nobody signs up twice,
with two forms sent at once neither. An address proves nobody: where it is that of somebody known, the sign-up says so,
and the program's guard has its word. Whether a referral opens is the program's to decide (SEMANTICS 14 to 24).
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any, Literal

from sayso.core.domain_error import DomainError
from sayso.core.engine.decision import Verdict
from sayso.core.engine.events import MEMBER_UPDATED, SIGNUP
from sayso.core.engine.guard import KNOWN_ADDRESS
from sayso.core.engine.referrals import OPENING
from sayso.core.engine.rows import Reason
from sayso.domains.events.act import Actor, Deed, Done, Undecided, act, was_done
from sayso.domains.events.in_turn import in_turn
from sayso.domains.events.models import Event
from sayso.domains.people.consents import PROP, ConsentAnswer, as_prop
from sayso.domains.people.models import Member
from sayso.domains.people.queries import merged_numbers
from sayso.domains.referrals.known import check_nobody_waits, known_by
from sayso.domains.referrals.models import Referral
from sayso.domains.referrals.opened import opened_by
from sayso.domains.sharing.models import Code
from sayso.domains.sharing.queries import known_codes
from sayso.domains.workspaces.models import Workspace

_BEFORE_IT_OPENS = (OPENING, "people.advocates", "people.friends")
_TOUCHES = "touches"
_OF_THEMSELVES = frozenset(("name", "company", "message"))

Refusal = Literal["", "self", "not_new", "already_referred", "too_late", "not_running", "not_eligible"]
_REFUSALS: dict[int, Refusal] = {
    Verdict.SELF_REFERRAL: "self",
    Verdict.SAME_ACCOUNT: "self",
    Verdict.GUARD_BLOCKED: "self",
    Verdict.EACH_OTHER: "already_referred",
    Verdict.ALREADY_REFERRED: "already_referred",
    Verdict.FRIEND_NOT_NEW: "not_new",
    Verdict.OUTSIDE_WINDOW: "too_late",
    Verdict.OUTSIDE_RUN: "not_running",
}


class AlreadyHere(DomainError):
    """Whoever has this address signed up before; nothing was stored."""


class OwnRecommendation(DomainError):
    """Somebody would recommend themselves; nothing was stored."""


@dataclass(frozen=True, slots=True)
class SignUp:
    """What a friend says.

    Attributes:
        program: whose page it was.
        known: who they are: `name`, `email`, `phone`, and whatever else the form asks.
        language: in which they read.
        code: of the advocate, typed by the friend or found by name; it beats every touch.
        touches: recommendations that they followed, each `{code, at, source}`.
        version: of the program whose terms were shown.
        page: what else the page says of itself: `variant`, `account`.
        consents: answers by purpose.
        is_by_address: they are known, and nothing but their address says that it is they who filled in the form.
    """

    program: str
    known: Mapping[str, str]
    language: str
    version: int
    code: str = ""
    touches: Sequence[Mapping[str, str]] = ()
    page: Mapping[str, str] = field(default_factory=dict)
    consents: Mapping[str, ConsentAnswer] = field(default_factory=dict)
    is_by_address: bool = False


@dataclass(frozen=True, slots=True)
class SignedUp:
    """What came of a sign-up.

    Attributes:
        member: the friend's number.
        position: the place of the sign-up in the log; what it made is numbered from it.
        referral: what it opened in the program; None where nothing was.
        refusal: why nothing was opened; empty where something was.
        is_repeat: the same sign-up came before, and this is what came of it then.
        was_known: somebody of this address was known before, so that the page shows no more than it must.
    """

    member: int
    position: int
    referral: Referral | None
    refusal: Refusal
    is_repeat: bool
    was_known: bool


def sign_up(*, workspace: Workspace, said: SignUp, actor: Actor, now: datetime) -> SignedUp:
    """Take in a sign-up as one event, and say what came of it.

    Args:
        workspace: where.
        said: by the friend.
        actor: in whose name; `once` names this sign-up, so that a form that is sent twice is one.
        now: the time.

    Raises:
        AlreadyHere: somebody of this address signed up before.
        OwnRecommendation: the advocate would recommend themselves.
        NotSayable: what they say of themselves cannot be.
        KeyReused: the same form was sent with something else in it.
        Undecided: it was stored and is decided later, or another one of whoever has this address was.
    """
    done, was_known = in_turn(workspace, lambda: _taken_in(workspace, said, actor, now))
    referral, refusal = _came_of(workspace, said.program, done.position, done.reasons)
    return SignedUp(
        member=_member_at(workspace, done.position),
        position=done.position,
        referral=referral,
        refusal=refusal,
        is_repeat=done.repeated,
        was_known=was_known,
    )


def _taken_in(workspace: Workspace, said: SignUp, actor: Actor, now: datetime) -> tuple[Done, bool]:
    """What came of the event, and whether somebody of this address was known before."""
    known = known_by(workspace, said.known)
    ref = known.ref if known else _ref_of(actor)
    was_known = ref != _ref_of(actor)
    told = _no_more_than_known(said) if was_known else said
    deed = Deed("sign_up", SIGNUP, ref, _props(told), referral_code=said.code)
    if not was_done(workspace, deed, actor):
        if known:
            _check(workspace, known, told)
        # An event that was set aside is nobody's yet: what was stored of somebody known does not show it either.
        check_nobody_waits(workspace, said.known, types=(SIGNUP,), member=known)
        if not known:
            _introduce(workspace, ref, said, actor, now)
    return act(workspace=workspace, deed=deed, actor=actor, now=now), was_known


def _introduce(workspace: Workspace, ref: str, said: SignUp, actor: Actor, now: datetime) -> None:
    """Make known what conditions may ask about, before the sign-up is decided."""
    name = said.known.get("name", "")
    props = {"language": said.language, "attributes": {"name": name} if name else None}
    with suppress(Undecided):  # it is decided later, before the sign-up that it belongs to
        act(workspace=workspace, deed=Deed("introduce", MEMBER_UPDATED, ref, props), actor=actor, now=now)


def _ref_of(actor: Actor) -> str:
    """The company will know a friend who came through a page by this: the same form always gives the same."""
    return f"web-{blake2b(actor.once.encode(), digest_size=10).hexdigest()}"


def _props(said: SignUp) -> dict[str, Any]:
    return {
        **{name: value for name, value in said.known.items() if value},
        "language": said.language,
        "shown_version": {said.program: said.version},
        _TOUCHES: [dict(each) for each in said.touches] or None,
        PROP: as_prop(said.consents) or None,
        KNOWN_ADDRESS: said.is_by_address or None,
        "page": {"program": said.program, **{name: value for name, value in said.page.items() if value}},
    }


# --- who is known already ---------------------------------------------------------------------------------------------


def _check(workspace: Workspace, known: Member, said: SignUp) -> None:
    numbers = merged_numbers(workspace, known.id)
    codes = {said.code.casefold()} if said.code else {str(each["code"]).casefold() for each in said.touches}
    theirs = Code.objects.filter(code__in=codes, member__in=numbers, workspace=workspace)
    if codes and theirs.count() == len(known_codes(workspace, codes)) > 0:
        raise OwnRecommendation("nobody recommends to themselves")
    signed_up = Event.objects.filter(member__in=numbers, type=SIGNUP, workspace=workspace)
    # Of typed addresses one is enough, else each form would earn once more; a form that is theirs comes through.
    stands = signed_up if said.is_by_address else signed_up.exclude(props__has_key=KNOWN_ADDRESS)
    if stands.exists():
        raise AlreadyHere("somebody of this address signed up before")


def _no_more_than_known(said: SignUp) -> SignUp:
    """What may be said of somebody who is known: what a stranger says of themselves must not become theirs."""
    dropped = _OF_THEMSELVES | ({"phone"} if said.known.get("email") else set())
    known = {name: value for name, value in said.known.items() if name not in dropped}
    return replace(said, known=known, consents={}, is_by_address=True)


# --- what came of it --------------------------------------------------------------------------------------------------


def _member_at(workspace: Workspace, position: int) -> int:
    found = Event.objects.filter(position=position, workspace=workspace).values_list("member", flat=True).first()
    return found or 0


def _came_of(
    workspace: Workspace, program: str, position: int, reasons: Sequence[Reason]
) -> tuple[Referral | None, Refusal]:
    opened = next((each for each in opened_by(workspace, position) if each.program == program), None)
    if opened is not None and opened.status != "rejected":
        return opened, ""
    verdicts = (each.verdict for each in reasons if each.program == program and each.clause in _BEFORE_IT_OPENS)
    refused = next((verdict for verdict in verdicts if verdict != Verdict.MET), None)
    if opened is not None:  # the guard rejected it
        return None, "self"
    return None, _REFUSALS.get(refused, "not_eligible") if refused is not None else "not_eligible"
