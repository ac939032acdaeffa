"""The provider that asks a receiver, by signed messages.

Owns the three questions (may it be issued, hand it over, what became of it) and the receiver's settings. What an answer
means is `judge`'s; when something is asked, and never asked blindly again, is `rewards.fulfilment.course`'s.
"""

import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sayso.domains.connectors.fulfilment import judge
from sayso.domains.connectors.fulfilment.message import Question, prepare
from sayso.domains.connectors.http.destination import Unreachable, UrlNotAllowed, check_url
from sayso.domains.connectors.http.message import Unanswered
from sayso.domains.connectors.http.send import SECONDS, send
from sayso.domains.connectors.webhooks.create import new_secret
from sayso.domains.rewards.fulfilment.port import Asking, Handover, Kept, ProviderAnswer, ProviderNotUsable, Said
from sayso.domains.workspaces.models import Workspace
from sayso.domains.workspaces.sealing import SealBroken, seal

# So long a secret that was replaced signs beside the new one.
EARLIER_LIVES = timedelta(hours=48)


class ByWebhook:
    """Has a receiver hand things over."""

    takes: Collection[str] = ("url", "check", "new_secret")

    def checked(self, workspace: Workspace, settings: Mapping[str, Any]) -> Kept:
        """Keep the address and whether it is asked first; a new receiver gets a secret, one that wants it a new one."""
        url = str(settings.get("url", ""))
        try:
            check_url(url)
        except UrlNotAllowed as error:
            raise ProviderNotUsable(str(error)) from None
        kept = {"url": url, "check": settings.get("check") is True}
        names = ("secret", "earlier_secret", "earlier_until")
        kept.update({name: settings[name] for name in names if name in settings})
        if "secret" in kept and not settings.get("new_secret"):
            return Kept(kept, {})
        if "secret" in kept:
            kept["earlier_secret"] = kept["secret"]
            kept["earlier_until"] = int((datetime.now(UTC) + EARLIER_LIVES).timestamp())
        secret = new_secret()
        kept["secret"] = seal(secret)
        return Kept(kept, {"secret": secret})

    def may_be_issued(self, wanted: Handover) -> ProviderAnswer | Asking:
        """Ask the receiver before anything is issued, where it wants that: the late veto."""
        if not wanted.settings.get("check"):
            return ProviderAnswer(Said.ALLOWED)
        return _ask("fulfilment.check", wanted, judge.of_check, silence=Said.WAITS)

    def order(self, wanted: Handover) -> ProviderAnswer | Asking:
        """Send the order."""
        return _ask("fulfilment.order", wanted, judge.of_order, silence=Said.UNKNOWN)

    def status(self, wanted: Handover) -> ProviderAnswer | Asking:
        """Ask what became of the order that bears the key; that the question did not arrive says nothing about it."""
        return _ask("fulfilment.status", wanted, judge.of_status, silence=Said.UNKNOWN, unsent=Said.UNKNOWN)


def _ask(
    question: Question,
    wanted: Handover,
    judged: Callable[..., ProviderAnswer],
    *,
    silence: Said,
    unsent: Said = Said.WAITS,
) -> ProviderAnswer | Asking:
    """Prepare one question.

    Args:
        question: the type of the message.
        wanted: what it is about.
        judged: reads the answer.
        silence: what it means when the question was sent and no answer came.
        unsent: what it means when it was not sent.
    """
    if "secret" not in wanted.settings:
        return ProviderAnswer(unsent, reason="it has no receiver any more")
    try:
        outgoing = prepare(question, wanted)
    except SealBroken as error:
        return ProviderAnswer(unsent, reason=str(error))

    def ask() -> ProviderAnswer:
        if time.monotonic() + SECONDS > wanted.until:
            return ProviderAnswer(unsent, reason="it was not sent, since its worker was asleep for too long")
        try:
            return judged(send(outgoing), now=wanted.now)
        except (UrlNotAllowed, Unreachable) as error:
            return ProviderAnswer(unsent, reason=str(error))
        except Unanswered as error:
            return ProviderAnswer(silence, reason=f"no answer: {error}")

    return ask
