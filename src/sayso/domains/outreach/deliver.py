"""Sending the mails that are due: a duty of the worker, safe on many hosts at once.

The lines are threads that only send; the database is read and written by the thread of the duty. A process that is
killed leaves a lease behind, and after that the mail goes out again under the same Message-ID.
"""

import secrets
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError

from sayso.domains.jobs.lease import claim
from sayso.domains.outreach.enqueue import TOO_LATE
from sayso.domains.outreach.judge import MailAttempt, late_after, wait_seconds
from sayso.domains.outreach.letter import NotYet, Written, write_letter
from sayso.domains.outreach.models import Mail, MailState
from sayso.domains.outreach.recipient import NotToBeSent
from sayso.domains.outreach.server import Letter, Lines, why_nothing_is_sent
from sayso.domains.outreach.story import TooEarly

LINES = 4
AT_ONCE = 16
LEASE_SECONDS = 60.0
_RENEW_EVERY_SECONDS = 10.0

_log = structlog.get_logger(__name__)
_chance = secrets.SystemRandom().random


def send_mails(now: datetime) -> bool:
    """Send some of the mails that are due; whether there may be more.

    Args:
        now: the time, by the calendar.
    """
    if why_nothing_is_sent():
        return False
    # Found over all workspaces, since a worker serves every one.
    due = Mail.objects.filter(next_at__gt=0, next_at__lte=now).order_by("next_at", "number")
    mails = claim(due, limit=AT_ONCE, now=now, seconds=LEASE_SECONDS)
    send_claimed(mails, now=now)
    return len(mails) == AT_ONCE


def send_claimed(mails: Sequence[Mail], *, now: datetime) -> None:
    """Send mails that are ours, and write down what came of each.

    Args:
        mails: claimed for `LEASE_SECONDS`.
        now: the time, by the calendar.
    """
    if not mails:
        return
    lines = Lines()
    try:
        with ThreadPoolExecutor(LINES, thread_name_prefix="mail") as pool:
            _Round(pool, lines, now).send(mails)
    finally:
        lines.close()


class _Round:
    """One call of the duty."""

    def __init__(self, pool: ThreadPoolExecutor, lines: Lines, now: datetime) -> None:
        self._pool, self._lines, self._now, self._started = pool, lines, now, time.monotonic()
        self._open: dict[Future[MailAttempt], Mail] = {}

    def _clock(self) -> datetime:
        return self._now + timedelta(seconds=time.monotonic() - self._started)

    def send(self, mails: Sequence[Mail]) -> None:
        """Send mails that are ours, and write down what came of each."""
        for mail in mails:
            self._prepare(mail)
        while self._open:
            ended, _ = wait(self._open, timeout=_RENEW_EVERY_SECONDS, return_when=FIRST_COMPLETED)
            for each in ended:
                self._settle(self._open.pop(each), each.result())
            for mail in self._open.values():
                mail.renew(now=self._clock(), seconds=LEASE_SECONDS)

    def _prepare(self, mail: Mail) -> None:
        try:
            written = self._write(mail)
        except NotToBeSent as reason:
            self._end(mail, MailState.SKIPPED, str(reason))
        except TooEarly as early:
            self._keep(mail, next_at=early.again_at)
        except NotYet as reason:
            self._settle(mail, MailAttempt(str(reason)))
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            _log.exception("mail could not be written", mail=mail.id)
            self._settle(mail, MailAttempt(f"it could not be written: {type(error).__name__}"))
        else:
            # Until it is sent it is ours, so these are kept with its outcome.
            mail.mark, mail.told, mail.ended_at = written.mark, list(written.told), self._clock()
            self._open[self._pool.submit(self._attempt, written.letter, mail)] = mail

    def _write(self, mail: Mail) -> Written:
        now = self._clock()
        if mail.made_at is not None and now - mail.made_at > late_after(mail.kind):
            raise NotToBeSent(TOO_LATE)
        return write_letter(mail, now)

    def _attempt(self, letter: Letter, mail: Mail) -> MailAttempt:
        if mail.leased_until is not None and self._clock() > mail.leased_until:
            return MailAttempt("it was not sent, since its worker was asleep for too long")
        return self._lines.send(letter)

    def _settle(self, mail: Mail, outcome: MailAttempt) -> None:
        attempts = mail.attempts + 1
        if not outcome.problem:
            sent = {"mark": mail.mark, "told": mail.told, "ended_at": mail.ended_at}
            self._keep(mail, state=MailState.SENT, reason="", attempts=attempts, next_at=None, **sent)
            return
        seconds = wait_seconds(outcome, attempts=attempts, chance=_chance())
        if seconds is None:
            self._end(mail, MailState.FAILED, outcome.problem, attempts=attempts)
        else:
            next_at = self._clock() + timedelta(seconds=seconds)
            self._keep(mail, attempts=attempts, reason=outcome.problem, next_at=next_at)

    def _end(self, mail: Mail, state: MailState, reason: str, **more: int) -> None:
        self._keep(mail, state=state, reason=reason, next_at=None, ended_at=self._clock(), **more)

    def _keep(self, mail: Mail, **values: object) -> None:
        if not mail.release(**values):
            _log.warning("mail was taken over by another worker", mail=mail.id)
