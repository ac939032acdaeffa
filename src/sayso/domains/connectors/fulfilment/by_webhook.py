"""The provider that asks a receiver, by signed messages.

Owns the three questions (may it be issued, hand it over, what became of it) and the receiver's settings. What an answer
means is `judge`'s; when something is asked, and never asked blindly again, is `rewards.fulfilment.deliver`'s.
"""

import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sayso.domains.connectors.fulfilment import judge
from sayso.domains.connectors.fulfilment.message import Question, prepare
from sayso.domains.connectors.http.destination import Unreachable, UrlNotAllowed, check_url
from sayso.domains.connectors.http.message import Reply, Unanswered
from sayso.domains.connectors.http.send import SECONDS, send
from sayso.domains.connectors.webhooks.create import new_secret
from sayso.domains.rewards.fulfilment.port import Handover, Kept, ProviderAnswer, ProviderNotUsable, Said
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

    def may_be_issued(self, wanted: Handover) -> ProviderAnswer:
        """Ask the receiver before anything is issued, where it wants that: the late veto."""
        if not wanted.settings.get("check"):
            return ProviderAnswer(Said.ALLOWED)
        return _ask("fulfilment.check", wanted, judge.of_check, silence=Said.WAITS)

    def order(self, wanted: Handover) -> ProviderAnswer:
        """Send the order."""
        return _ask("fulfilment.order", wanted, judge.of_order, silence=Said.UNKNOWN)

    def status(self, wanted: Handover) -> ProviderAnswer:
        """Ask what became of the order that bears the key."""
        outcome = _ask("fulfilment.status", wanted, judge.of_status, silence=Said.UNKNOWN)
        # That the question did not arrive says nothing about the order.
        return ProviderAnswer(Said.UNKNOWN, reason=outcome.reason) if outcome.said == Said.WAITS else outcome


def _ask(
    question: Question, wanted: Handover, judged: Callable[..., ProviderAnswer], *, silence: Said
) -> ProviderAnswer:
    """Send one question and return what its answer means.

    Args:
        question: the type of the message.
        wanted: what it is about.
        judged: reads the answer.
        silence: what it means when the question was sent and no answer came.
    """
    if "secret" not in wanted.settings:
        return ProviderAnswer(Said.WAITS, reason="it has no receiver any more")
    try:
        outgoing = prepare(question, wanted)
        if time.monotonic() + SECONDS > wanted.until:
            return ProviderAnswer(Said.WAITS, reason="it was not sent, since its worker was asleep for too long")
        reply: Reply = send(outgoing)
    except (UrlNotAllowed, Unreachable, SealBroken) as error:
        return ProviderAnswer(Said.WAITS, reason=str(error))
    except Unanswered as error:
        return ProviderAnswer(silence, reason=f"no answer: {error}")
    return judged(reply, now=wanted.now)
