"""The course of one order that others are asked about, from `pending` to its outcome.

Owns which question is asked when. An order is sent only after it says `asking`; one found like that, or `unknown`, is
asked about by its key and never just sent again. It must not ask itself: whoever carries it on does, where that takes
time.
"""

from collections.abc import Generator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from sayso.domains.rewards.fulfilment.leased import (
    LeaseLost,
    Place,
    barred,
    call_off,
    handover_of,
    note,
    still_approved,
    write,
)
from sayso.domains.rewards.fulfilment.port import Asking, Handover, ProviderAnswer, Remote, Said, remote_providers
from sayso.domains.rewards.models import Order, OrderState

# The workspace, the kind, and the provider's program and clause.
Via = tuple[int, str, str, str]
# Yields what is to be asked, and is sent the answer.
Steps = Generator[Asking, ProviderAnswer, None]
Heard = Generator[Asking, ProviderAnswer, ProviderAnswer | None]


def via(order: Order) -> Via:
    """Return through which receiver an order goes."""
    return order.workspace_id, order.kind, order.via_program, order.via_clause


class Course:
    """One order while it is ours.

    Attributes:
        order: which.
        place: where it belongs.
        silence: the answer of a receiver that did not say what is to become of the order; None while there is none.
    """

    def __init__(self, order: Order, place: Place) -> None:
        self.order, self.place = order, place
        self.silence: ProviderAnswer | None = None
        self._steps = self._carry_out()

    def go_on(self, answer: ProviderAnswer | None, now: datetime) -> Asking | None:
        """Carry the order on, and return what is to be asked next; None when all was done that can be done now.

        Args:
            answer: to what was to be asked last; None at first.
            now: the time.
        """
        self._now = now
        try:
            return self._steps.send(answer) if answer else next(self._steps)
        except (StopIteration, LeaseLost):
            return None

    def _carry_out(self) -> Steps:
        order = self.order
        sent = order.state != OrderState.PENDING
        wanted = handover_of(order, self.place, self._now, whatever_state=sent)
        if wanted is None:
            call_off(order)
        elif order.way not in remote_providers():
            order.release()  # it goes through another provider now, and is due there
        else:
            outcome = yield from self._asked(wanted, remote_providers()[order.way], sent=sent)
            if outcome is not None:
                note(replace(wanted, now=self._now), outcome)

    def _asked(self, wanted: Handover, provider: Remote, *, sent: bool) -> Heard:
        """Ask the receiver what comes next; None when the order was called off instead."""
        if sent:
            outcome = yield from self._heard(provider.status(wanted))
            if outcome.said != Said.NOT_FOUND:
                return outcome
            if not self._marked(state=OrderState.PENDING):
                return None
        allowed = barred(wanted) or (yield from self._heard(provider.may_be_issued(replace(wanted, now=self._now))))
        if allowed.said != Said.ALLOWED:
            return allowed
        # From here on nobody can tell from our rows alone whether it was sent.
        if not self._marked(state=OrderState.ASKING, sent_at=self.order.sent_at or self._now):
            return None
        return (yield from self._heard(provider.order(replace(wanted, now=self._now))))

    def _heard(self, asked: ProviderAnswer | Asking) -> Generator[Asking, ProviderAnswer, ProviderAnswer]:
        """What is known without asking, or the answer."""
        if isinstance(asked, ProviderAnswer):
            return asked
        answer = yield asked
        self.silence = answer if answer.said in (Said.UNKNOWN, Said.WAITS) else None
        return answer

    def _marked(self, **values: Any) -> bool:
        """Write values, or call the order off where its reward has come to an end; whether they were written."""
        with transaction.atomic():
            approved = still_approved(self.order)
            if approved:
                write(self.order, **values)
            else:
                call_off(self.order)
        return approved
