"""Our own words for each kind of mail, in the language that is active.

Owns what a mail says where the company says nothing else. It must not look anything up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sayso.domains.outreach.models import MailKind
from sayso.domains.outreach.story import Story


@dataclass(frozen=True, slots=True)
class Words:
    """What a mail says, before it is laid out.

    Attributes:
        paragraphs: plain text, line breaks kept.
        label, figures: what stands out, and above it in small letters what it is: a code, a reward.
        button: what it says and where it leads; nothing for none.
        note: in small letters below.
    """

    subject: str
    title: str
    paragraphs: Sequence[str]
    label: str = ""
    figures: Sequence[str] = ()
    button: tuple[str, str] = ("", "")
    note: str = ""


def words_for(kind: str, story: Story, *, company: str, link: str) -> Words:
    """Return our words for a mail that tells a story.

    Args:
        kind: of the mail; one that a workspace turns on.
        story: what it tells of.
        company: what the company calls itself.
        link: where the reader goes from there.
    """
    return _WORDS[kind](story, company, link)


def code_words(code: str, *, company: str, minutes: int) -> Words:
    """Return the words of a mail with a code to sign in."""
    said = {"code": code, "company": company, "minutes": minutes}
    return Words(
        subject=_("%(code)s is your code for %(company)s") % said,
        title=_("Your code to sign in"),
        paragraphs=[_("Type it on the page where you asked for it.")],
        label=_("Code"),
        figures=[code],
        note=_("It works once, for %(minutes)d minutes. If you did not ask for it, you can ignore this mail.") % said,
    )


def test_words(*, company: str) -> Words:
    """Return the words of a mail that only shows that mails arrive."""
    said = {"company": company}
    return Words(
        subject=_("A test from %(company)s") % said,
        title=_("Mails arrive"),
        paragraphs=[_("This is how mails from %(company)s look. Nothing else happened.") % said],
    )


def _welcome(story: Story, company: str, link: str) -> Words:
    said = {"company": company, "advocate": story.advocate, "offered": story.offered}
    paragraphs = [
        _("%(advocate)s recommended us, and we are glad that you are here.") % said
        if story.advocate
        else _("Somebody recommended us, and we are glad that you are here.")
    ]
    if story.offered:
        paragraphs.append(_("You may choose: %(offered)s.") % said)
    elif not story.reward:
        paragraphs.append(_("As soon as there is something for you, you will find it on your page."))
    return Words(
        subject=_("Welcome to %(company)s") % said,
        title=_("Welcome to %(company)s") % said,
        paragraphs=paragraphs,
        label=_("Yours") if story.reward else "",
        figures=_figures(story),
        button=(_("Open your page"), link),
        note=_use_by(story),
    )


def _friend_joined(story: Story, company: str, link: str) -> Words:
    said = {"company": company, "friend": story.friend}
    headline = (
        _("%(friend)s came to %(company)s through you") % said
        if story.friend
        else _("A friend came to %(company)s through you") % said
    )
    return Words(
        subject=headline,
        title=headline,
        paragraphs=[_("Thank you for passing it on. On your page you see what comes next, and what is in it for you.")],
        button=(_("See how it goes"), link),
    )


def _to_choose(story: Story, company: str, link: str) -> Words:
    said = {"company": company, "offered": story.offered}
    return Words(
        subject=_("Your reward from %(company)s: choose it") % said,
        title=_("Your reward is here"),
        paragraphs=[_for_whom(story), _("You may choose: %(offered)s.") % said],
        label=_("Yours already") if story.reward else "",
        figures=[story.reward] if story.reward else [],
        button=(_("Choose your reward"), link),
    )


def _ready(story: Story, company: str, link: str) -> Words:
    return Words(
        subject=_("Your reward from %(company)s is here") % {"company": company},
        title=_("Your reward is here"),
        paragraphs=[_for_whom(story)],
        label=_("Yours"),
        figures=_figures(story),
        button=(_("See your rewards"), link),
        note=_use_by(story),
    )


def _lead(story: Story, company: str, link: str) -> Words:
    said = {"company": company, "advocate": story.advocate}
    headline = (
        _("%(advocate)s recommends %(company)s to you") % said
        if story.advocate
        else _("%(company)s was recommended to you") % said
    )
    why = (
        _("%(advocate)s thought of you, gave us your address and gets a reward if you become a customer.") % said
        if story.advocate
        else _("Somebody who knows you gave us your address and gets a reward if you become a customer.")
    )
    # The disclosure is no part of what the company may say otherwise (TRUST, Privacy and law).
    note = _("This is the only mail that you get from us about it. Your address is forgotten after 30 days.")
    return Words(
        subject=headline,
        title=headline,
        paragraphs=[_("Have a look at what it is, and decide in your own time.")],
        button=(_("See what it is about"), link),
        note=f"{why}\n{note}",
    )


def _for_whom(story: Story) -> str:
    if story.is_friends:
        if story.advocate:
            return _("It is for you because %(advocate)s recommended us to you.") % {"advocate": story.advocate}
        return _("It is for you because somebody recommended us to you.")
    if story.friend:
        return _("It is our thanks for recommending us to %(friend)s.") % {"friend": story.friend}
    if story.is_for_friend:
        return _("It is our thanks for recommending us to a friend.")
    return _("Thank you for being with us.")


def _figures(story: Story) -> list[str]:
    return [*([story.reward] if story.reward else []), *story.codes]


def _use_by(story: Story) -> str:
    return _("Use it by %(day)s.") % {"day": story.use_by} if story.use_by else ""


_WORDS: dict[str, Callable[[Story, str, str], Words]] = {
    MailKind.WELCOME: _welcome,
    MailKind.FRIEND_JOINED: _friend_joined,
    MailKind.REWARD_TO_CHOOSE: _to_choose,
    MailKind.REWARD_READY: _ready,
    MailKind.LEAD: _lead,
}
