"""What is said of a friend, a reward and a movement, each in a line, to the member whose page it is.

Owns these sentences. It must not look anything up.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from sayso.domains.insight.portal.friends import Friend
from sayso.domains.insight.portal.offer import Recommending
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


def headline(offer: Recommending) -> str:
    """Return what recommending brings to both, in a line or two; the program's title where that cannot be said so."""
    friends = _("Your friend gets %(friend)s.") % {"friend": offer.friend_gets} if offer.friend_gets else ""
    if offer.friend_chooses and not friends:
        friends = _("Your friend chooses a gift.")
    own = _("You get %(you)s.") % {"you": offer.advocate_gets} if offer.advocate_gets else ""
    if offer.advocate_chooses and not own:
        own = _("You choose your reward.")
    return " ".join(filter(None, (friends, own))) or offer.title


def small_print(offer: Recommending) -> str:
    """Return what is asked of whoever uses what the headline promises; empty where nothing is."""
    friends, own = offer.friend_condition, offer.advocate_condition
    return " ".join(
        [
            *([_("Your friend’s gift is %(condition)s.") % {"condition": friends}] if friends else []),
            *([_("Your gift is %(condition)s.") % {"condition": own}] if own else []),
        ]
    )


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
    return _of_reward(friend.reward, friend.arrives)


def _of_reward(state: str, day: str) -> str:
    """How far a reward is; wherever it is told, in the same words.

    Args:
        state: one of the states of rewards, or of those that only their owner sees (`state_of`).
        day: on which it arrives, until when it is good, or how long it waits; empty where that is not told.
    """
    if state == "held":
        return _("Your reward arrives on %(day)s, unless the purchase is returned.") % {"day": day}
    if state == "issued" and day:
        return _("Use it by %(day)s.") % {"day": day}
    if state == "waiting":
        said = _("Your reward waits for budget, the oldest first. If there is none by %(day)s, it lapses.")
        return said % {"day": day}
    return {
        "open": _("Your reward is here."),
        "approved": _("Your reward is on its way to you."),
        "issued": _("You have your reward."),
        "redeemed": _("You have used your reward."),
        "in_review": _("A person looks at your reward first."),
        "reversed": _("Your reward was taken back, since what it was for did not last."),
        "denied": _("There was no reward for it."),
        "expired": _("Your reward was not used in time."),
        "lapsed": _("There was no budget left for your reward, and it lapsed."),
    }.get(state, "")


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
        "lapsed": (_("Expired"), ""),
    }[reward.state]
    return Line(chip, tone, " ".join(filter(None, (because(reward), _of_reward(reward.state, reward.due)))))


def because(reward: OwnReward) -> str:
    """Return what a reward is for."""
    if reward.is_for_friend and reward.friend:
        return _("For %(name)s, %(day)s.") % {"name": reward.friend, "day": reward.granted}
    if reward.is_for_friend:
        return _("For a friend, %(day)s.") % {"day": reward.granted}
    return _("Since %(day)s.") % {"day": reward.granted} if reward.granted else ""


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
