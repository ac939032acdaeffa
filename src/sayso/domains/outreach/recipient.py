"""To whom a mail goes, looked up at the moment it is sent.

Owns the choice of address and language. Who was erased has neither. It must not keep what it finds.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings

from sayso.domains.events.models import Event
from sayso.domains.outreach.marks import address_in, mark_of_mailbox
from sayso.domains.outreach.models import Mail, MailKind, SignInCode
from sayso.domains.people.models import Identity, Member
from sayso.domains.people.queries import NoSuchMember, member_now, merged_numbers
from sayso.domains.programs.rulebook import rulebook_of
from sayso.domains.workspaces.head import head_of
from sayso.domains.workspaces.models import Workspace

NO_ADDRESS = "no mail address is known"


class NotToBeSent(Exception):
    """A mail is not sent, for good; the message says why."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a mail, and where.

    Attributes:
        address: where.
        language: in which the mail is written.
    """

    member: Member
    address: str
    language: str


def recipient_of(mail: Mail) -> Recipient:
    """Return who gets a mail now.

    Raises:
        NotToBeSent: nobody, and why.
    """
    member = _present(mail.workspace_id, mail.member)
    address = _for_code(mail, member) if mail.kind == MailKind.SIGN_IN else latest_address(member)
    if not address:
        raise NotToBeSent(NO_ADDRESS)
    return Recipient(member, address, language_of(member))


def latest_address(member: Member) -> str:
    """Return the address that a member gave last; empty where none is known."""
    addresses = _addresses(member)
    if len(addresses) < 2:
        return next(iter(addresses), "")
    told = Event.objects.filter(member__in=_numbers(member), workspace=member.workspace_id, props__has_key="email")
    for given in told.order_by("-position").values_list("props__email", flat=True):
        if isinstance(given, str) and (address := address_in(given)) in addresses:
            return address
    return min(addresses)


def language_of(member: Member) -> str:
    """Return the language of a member: their own if we speak it, else the first that the company wrote a program in."""
    spoken = dict(settings.LANGUAGES)
    wanted = member.language.partition("-")[0].casefold()
    return wanted if wanted in spoken else _first_language(member.workspace, spoken)


def country_of(member: Member) -> str:
    """Return the country of a member, ISO 3166: as it is known, as an event of theirs gave it, or that of their number.

    Empty where none of these is there.
    """
    if member.country:
        return member.country
    told = Event.objects.filter(member__in=_numbers(member), workspace=member.workspace_id, props__has_key="country")
    for given in told.order_by("-position").values_list("props__country", flat=True):
        if isinstance(given, str) and len(given) == 2:
            return given
    import phonenumbers  # noqa: PLC0415 - it is large, and only a worker that sends mails needs it

    found = Identity.objects.filter(member=member.id, kind="phone", workspace=member.workspace_id)
    for number in found.order_by("value").values_list("value", flat=True):
        return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    return ""


def _first_language(workspace: Workspace, spoken: Collection[str]) -> str:
    versions = rulebook_of(head_of(workspace)).versions.values()
    for program in sorted(versions, key=lambda each: each.position):
        for language in program.document.title:
            if language in spoken:
                return language
    return settings.LANGUAGE_CODE


def _present(workspace: int, number: int) -> Member:
    """The member of a number, or whom they have become."""
    try:
        found = member_now(workspace, number)
    except NoSuchMember:
        raise NotToBeSent("nobody has this address" if not number else "the member is not known") from None
    if found.status == "erased":
        raise NotToBeSent("the member was erased")
    return found


def _for_code(mail: Mail, member: Member) -> str:
    """Of a member's addresses the one that was typed."""
    code = SignInCode.objects.filter(number=mail.cause, workspace=mail.workspace_id).first()
    if code is None:
        return ""
    marks = {bytes(mark_of_mailbox(mail.workspace_id, each)): each for each in sorted(_addresses(member))}
    return marks.get(bytes(code.account), "")


def _addresses(member: Member) -> set[str]:
    found = Identity.objects.filter(member=member.id, kind="email", workspace=member.workspace_id)
    return set(found.values_list("value", flat=True))


def _numbers(member: Member) -> set[int]:
    return merged_numbers(member.workspace, member.id)
