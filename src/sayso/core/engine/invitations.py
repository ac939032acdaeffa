"""Invitations: a member names somebody by their address or number, and who comes with it later is recognised.

Owns what an invitation leaves behind, and when it speaks for its advocate (SEMANTICS 14, 15). An address or number is
known here by its keyed hash only. It must not open a referral.
"""

from collections.abc import Iterator

from sayso.core.engine.draft import Draft
from sayso.core.engine.events import LEAD, MEMBER_UPDATED, SIGNUP
from sayso.core.engine.rows import Invitation

# The kind of identity that is such a hash.
CONTACT = "contact"


def invite(draft: Draft) -> None:
    """Remember whom the event's member invited: props `contact`, a keyed hash, maybe `program` and `channel`."""
    contact, program, channel = (str(draft.event.props.get(name) or "") for name in (CONTACT, "program", "channel"))
    if not contact:  # wiped, because whoever it was of is gone
        return
    row = Invitation(draft.number(), contact, draft.event.member, program, channel, draft.now)
    draft.put("invitations", row.id, row)
    draft.hang("contact_invitations", contact, row.id)


def that_reached(draft: Draft) -> Iterator[tuple[int, Invitation]]:
    """The invitations by which the event's member comes, each with whom its advocate has become; they note who came.

    They speak at a sign-up and for a lead. Who gives an address or number only later was invited if that was before
    they were known, and if nobody came with it until now.
    """
    event = draft.event
    if event.type not in (SIGNUP, LEAD, MEMBER_UPDATED):
        return
    contacts = [value for kind, value in event.identities if kind == CONTACT]
    found = (number for contact in contacts for number in draft.numbers("contact_invitations", contact))
    for number in dict.fromkeys(found):
        row = draft.see("invitations", number)
        assert row is not None
        advocate = draft.become(row.advocate)
        if "erased" in (advocate.status, draft.become(row.friend).status if row.friend else ""):
            continue
        if event.type == MEMBER_UPDATED and (row.friend or row.invited_at > draft.member(event.member).joined_at):
            continue
        if not row.friend:
            row = draft.edit("invitations", number)
            row.friend = event.member
        yield advocate.id, row
