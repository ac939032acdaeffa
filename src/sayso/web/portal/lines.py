"""What is said of a friend, a reward and a movement, each in a line, to the member whose page it is.

Owns these sentences. It must not look anything up.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from sayso.domains.insight.portal.friends import Friend
from sayso.domains.insight.portal.rewards import OwnReward
from sayso.domains.insight.portal.wallet import OwnMovement


@dataclass(frozen=True, slots=True)
class Line:
    """A friend or a reward, and what is said of it.

    Attributes:
        chip: how far it is, in a word or two.
        tone: of the chip: good, warn, or empty.
        text: the sentence below.
    """

    chip: str
    tone: str
    text: str


def friend_line(friend: Friend) -> Line:
    """Return what is said of a friend."""
    if friend.stage == "under_way":
        return Line(friend.step or _("Under way"), "", _under_way(friend))
    if friend.stage == "in_review":
        return Line(_("Being checked"), "warn", _("We look at it before it counts."))
    if friend.stage == "expired":
        return Line(_("Too late"), "", _("The next step did not come in time."))
    if friend.stage == "rejected":
        return Line(_("Did not count"), "", _("This recommendation did not count."))
    tone = "warn" if friend.reward in ("held", "waiting", "in_review") else "good"
    return Line(friend.step or _("Came"), tone, _came(friend))


def _under_way(friend: Friend) -> str:
    parts, said = list[str](), {"day": friend.until, "step": friend.next_step}
    if friend.since:
        parts.append(_("Since %(day)s.") % {"day": friend.since})
    if friend.next_step and friend.until:
        parts.append(_("Has until %(day)s for the next step: %(step)s.") % said)
    elif friend.next_step:
        parts.append(_("Next step: %(step)s.") % said)
    if friend.reminded:
        parts.append(_("You sent a reminder on %(day)s.") % {"day": friend.reminded})
    return " ".join(parts) or _("Your friend did not allow us to tell more.")


def _came(friend: Friend) -> str:
    day = _("On %(day)s.") % {"day": friend.since} if friend.since else ""
    return " ".join(filter(None, (day, _what_it_brings(friend))))


def _what_it_brings(friend: Friend) -> str:
    if friend.reward == "held":
        return _("Your reward arrives on %(day)s, unless the purchase is returned.") % {"day": friend.arrives}
    return {
        "approved": _("Your reward is ready."),
        "issued": _("You have your reward."),
        "redeemed": _("You have used your reward."),
        "waiting": _("Your reward comes a little later."),
        "in_review": _("We look at your reward first."),
        "reversed": _("The reward was taken back."),
        "denied": _("There was no reward for it."),
        "expired": _("The reward was not used in time."),
    }.get(friend.reward, "")


def reward_line(reward: OwnReward) -> Line:
    """Return what is said of a reward."""
    chip, tone = {
        "open": (_("Choose"), "good"),
        "approved": (_("On its way"), "warn"),
        "issued": (_("Yours"), "good"),
        "held": (_("On hold"), "warn"),
        "waiting": (_("Waiting"), "warn"),
        "in_review": (_("Being checked"), "warn"),
        "redeemed": (_("Used"), ""),
        "reversed": (_("Taken back"), ""),
        "denied": (_("Not granted"), ""),
        "expired": (_("Expired"), ""),
    }[reward.state]
    return Line(chip, tone, " ".join(filter(None, (because(reward), _state_sentence(reward)))))


def because(reward: OwnReward) -> str:
    """Return what a reward is for."""
    if reward.is_for_friend and reward.friend:
        return _("For %(name)s, %(day)s.") % {"name": reward.friend, "day": reward.granted}
    if reward.is_for_friend:
        return _("For a friend, %(day)s.") % {"day": reward.granted}
    return _("Since %(day)s.") % {"day": reward.granted} if reward.granted else ""


def _state_sentence(reward: OwnReward) -> str:
    if reward.state == "held" and reward.due:
        return _("It arrives on %(day)s, unless the purchase is returned.") % {"day": reward.due}
    if reward.state == "issued" and reward.due:
        return _("Use it by %(day)s.") % {"day": reward.due}
    return {
        "approved": _("We are about to hand it over."),
        "waiting": _("It comes with the next period of the program."),
        "in_review": _("A person looks at it first."),
        "reversed": _("What it was for did not last."),
        "expired": _("It was not used in time."),
    }.get(reward.state, "")


def movement_line(movement: OwnMovement) -> str:
    """Return why something moved."""
    if movement.account == "held":
        return _("No longer on its way") if not movement.is_gain else _("On its way: reward")
    said = {
        "earn": _("Earned"),
        "release": _("Reward arrived"),
        "grant": _("Reward"),
        "spend": _("Spent"),
        "redeem": _("Used"),
        "expire": _("Expired"),
        "clawback": _("Taken back after a refund"),
        "repay": _("Settled what was owed"),
        "return": _("Taken back"),
        "move_in": _("Brought along"),
        "merge": _("From your other account"),
        "correct": _("Corrected"),
    }.get(movement.reason, _("Moved"))
    if movement.deed and movement.reason in ("earn", "clawback"):
        return _("%(reason)s: %(deed)s") % {"reason": said, "deed": movement.deed}
    return said
