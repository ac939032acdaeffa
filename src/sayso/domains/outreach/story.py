"""What a mail tells of: who recommended whom, what the reward is, and where the reader goes from there.

Owns looking it up when the mail is sent. A friend is named to the advocate only if that friend allows it. It must not
word anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.engine.states import HANDED_OVER
from sayso.core.program.explain.voice import Voice
from sayso.domains.outreach.models import Mail, MailKind
from sayso.domains.outreach.recipient import NotToBeSent
from sayso.domains.people.consents import SHARED, consenting
from sayso.domains.people.names import first_names
from sayso.domains.people.queries import NoSuchMember, member_numbered
from sayso.domains.programs.rulebook import rulebook_of
from sayso.domains.referrals.models import Referral
from sayso.domains.rewards.fulfilment.queries import handed_over
from sayso.domains.rewards.in_words import reward_in_words
from sayso.domains.rewards.models import Reward
from sayso.domains.sharing.links import MayNotShare, link_for
from sayso.domains.workspaces.head import head_of

OPEN, ISSUED = "approved", "issued"
# So long a welcome waits at most for the friend's reward to be handed over, so that its code is in the mail.
_FOR_THE_CODE = timedelta(seconds=15)
_A_MOMENT = timedelta(seconds=1)


class TooEarly(Exception):
    """What a mail tells of, or what is told before it, is only about to be there.

    Attributes:
        again_at: when to look again.
    """

    def __init__(self, again_at: datetime) -> None:
        super().__init__(f"to be looked at again at {again_at}")
        self.again_at = again_at


@dataclass(frozen=True, slots=True)
class Story:
    """What there is to tell; what is not known, or not theirs to know, is empty.

    Attributes:
        friend, advocate: first names.
        reward: what is theirs, in words.
        offered: of what one thing is to be chosen, in words.
        codes: with which the reward is used.
        use_by: the last day on which the first of it can be used, as the reader writes it.
        told: the rewards that it tells of, each as the mail of its own would: kind and number.
        is_friends: the reader is the friend, not who recommended.
        is_for_friend: the reader has it for having recommended a friend, who may be named or not.
        slug: of the advocate's own link, where that is where the reader goes.
        program: in whose words it is told, its latest version; None where no program is behind it.
    """

    friend: str = ""
    advocate: str = ""
    reward: str = ""
    offered: str = ""
    codes: Sequence[str] = ()
    use_by: str = ""
    told: Sequence[tuple[str, int]] = ()
    is_friends: bool = False
    is_for_friend: bool = False
    slug: str = ""
    program: CompiledProgram | None = None


def story_of(mail: Mail, voice: Voice, now: datetime) -> Story:
    """Return what a mail tells of, as it stands now.

    Args:
        mail: which.
        voice: how its reader's language speaks.
        now: the time, by the calendar.

    Raises:
        NotToBeSent: there is nothing to tell any more.
        TooEarly: as it says.
    """
    if mail.kind in (MailKind.REWARD_TO_CHOOSE, MailKind.REWARD_READY):
        return _of_reward(mail, voice, now)
    return _of_referral(mail, voice, now)


def _of_referral(mail: Mail, voice: Voice, now: datetime) -> Story:
    referral = Referral.objects.filter(id=mail.cause, workspace=mail.workspace_id).first()
    if referral is None or referral.status == "rejected":
        raise NotToBeSent("the referral was rejected")
    rewards = _rewards_of_friend(mail, referral) if mail.kind == MailKind.WELCOME else []
    if any(map(_is_being_handed_over, rewards)) and mail.made_at and now < mail.made_at + _FOR_THE_CODE:
        raise TooEarly(now + _A_MOMENT)
    story = _told(mail, voice, rewards, referral)
    return replace(story, slug=_slug(mail, referral.advocate)) if mail.kind == MailKind.LEAD else story


def _slug(mail: Mail, advocate: int) -> str:
    """The advocate's link for mails."""
    try:
        ref = member_numbered(mail.workspace, advocate).ref
        now = datetime.now(UTC)
        return link_for(workspace=mail.workspace, program=mail.program, member=ref, channel="email", now=now).slug
    except (NoSuchMember, MayNotShare):
        raise NotToBeSent("whoever recommended may not any more") from None


def _of_reward(mail: Mail, voice: Voice, now: datetime) -> Story:
    reward = Reward.objects.filter(id=mail.cause, workspace=mail.workspace_id).first()
    wanted = (OPEN,) if mail.kind == MailKind.REWARD_TO_CHOOSE else HANDED_OVER
    if reward is None or reward.state not in wanted:
        raise NotToBeSent("the reward was chosen" if reward and wanted == (OPEN,) else "the reward was taken back")
    referral = Referral.objects.filter(id=reward.referral, workspace=mail.workspace_id).first()
    is_friends = referral is not None and referral.friend in (mail.member, reward.beneficiary)
    if is_friends:
        _check_not_in_welcome(mail, reward, now)
    is_for_friend = referral is not None and not is_friends
    return replace(_told(mail, voice, [reward], referral), is_friends=is_friends, is_for_friend=is_for_friend)


def _rewards_of_friend(mail: Mail, referral: Referral) -> list[Reward]:
    theirs = Reward.objects.filter(referral=referral.id, workspace=mail.workspace_id, beneficiary=referral.friend)
    return [each for each in theirs.order_by("id") if each.state in (OPEN, *HANDED_OVER)]


def _is_being_handed_over(reward: Reward) -> bool:
    return reward.state == OPEN and not reward.offered


def _check_not_in_welcome(mail: Mail, reward: Reward, now: datetime) -> None:
    """Let the friend's welcome go first: it may tell of a reward what a mail would.

    Raises:
        NotToBeSent: it did.
        TooEarly: it is still to be sent, and knows by then what there is to tell.
    """
    found = Mail.objects.filter(cause=reward.referral, kind=MailKind.WELCOME, workspace=reward.workspace_id)
    welcome = found.first()
    if welcome is None:
        return
    if welcome.next_at:
        raise TooEarly(max(now, welcome.next_at) + _A_MOMENT)
    if [mail.kind, reward.id] in welcome.told:
        raise NotToBeSent("the welcome tells of it")


def _kind_for(reward: Reward) -> str:
    return MailKind.REWARD_READY if reward.state in HANDED_OVER else MailKind.REWARD_TO_CHOOSE


def _told(mail: Mail, voice: Voice, rewards: Sequence[Reward], referral: Referral | None) -> Story:
    rulebook = rulebook_of(head_of(mail.workspace))
    words = [reward_in_words(each, program, voice) for each in rewards
             if (program := rulebook.versions.get((each.program, each.version)))]  # fmt: skip
    codes = handed_over(mail.workspace, [each.id for each in rewards])
    names = _names(mail, referral)
    given = [each.given for each in words if each.given]
    versions = [program for (name, _), program in rulebook.versions.items() if name == mail.program]
    return Story(
        friend=names.get(referral.friend, "") if referral else "",
        advocate=names.get(referral.advocate, "") if referral else "",
        reward=voice.all_of(given) if given else "",
        offered=next((each.offered for each in words if each.offered), ""),
        codes=[each.code for found in codes.values() for each in found if each.code],
        use_by=_last_day(mail, voice, rewards),
        told=[(_kind_for(each), each.id) for each in rewards],
        program=max(versions, key=lambda program: program.version, default=None),
    )


def _last_day(mail: Mail, voice: Voice, rewards: Sequence[Reward]) -> str:
    """The day before the first midnight at which a reward that was handed over ends."""
    ends = [each.due_at for each in rewards if each.state == ISSUED and each.due_at]
    last = min(ends) - _A_MOMENT if ends else None
    return voice.date(last.astimezone(mail.workspace.zone).date()) if last else ""


def _names(mail: Mail, referral: Referral | None) -> dict[int, str]:
    """First names of the two sides: the reader's own, and the other's as far as that one allows it.

    An advocate passed the recommendation on under their name; a friend is asked.
    """
    if referral is None:
        return {}
    allowed = consenting(mail.workspace, [referral.friend], SHARED) | {referral.advocate, mail.member}
    return first_names(mail.workspace, allowed & {referral.advocate, referral.friend})
