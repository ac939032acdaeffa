"""The database store as scenarios play it: the domains' own verbs, and what came of it read from the tables.

Owns nothing but that translation.
"""

from collections.abc import Iterator, Sequence

import msgspec

from sayso.core.engine.events import Arrival
from sayso.core.engine.tiers import tier_shown
from sayso.core.ledger.chart import Kind
from sayso.core.program.calendar import Moment, datetime_of
from sayso.domains.decisions.batch import decide_batch
from sayso.domains.decisions.sweep import sweep
from sayso.domains.decisions.verify import verify
from sayso.domains.events.models import Event, State
from sayso.domains.events.outcome import reasons_of
from sayso.domains.ledger.models import Balance
from sayso.domains.people.models import Member
from sayso.domains.programs.publish import ProgramRefused, publish_programs
from sayso.domains.programs.rulebook import rulebook_of
from sayso.domains.referrals.models import Participation, Referral
from sayso.domains.referrals.rows import PARTICIPATIONS
from sayso.domains.rewards.models import Reward
from sayso.domains.workspaces.create import create_workspace
from sayso.domains.workspaces.head import head_of
from sayso.domains.workspaces.models import Workspace
from tests.core.scenarios.outcome import GivenReason, GrantedReward, OpenedReferral, Outcome, verdict_words
from tests.core.scenarios.scenario import Publication

START = datetime_of(1_700_000_000_000_000)


class Database:
    """A test workspace in the database that documents can be published to.

    Attributes:
        refused: paths of what kept documents from being published.
    """

    def __init__(self, zone: str, *, name: str = "bluebell") -> None:
        self.workspace = create_workspace(name=name, timezone=zone, is_test=True, now=START)
        self.refused: list[str] = []

    def publish(self, publication: Publication) -> None:
        """Publish documents at their moment."""
        if self.refused:
            return
        at = datetime_of(publication.at)
        try:
            publish_programs(
                workspace=self.workspace, texts=publication.texts, valid_from=at, approved_by="Chloé", now=at
            )
        except ProgramRefused as error:
            self.refused += [problem.path for problem in error.problems]

    def receive(self, arrivals: Sequence[Arrival]) -> None:
        """Decide a batch of arrivals."""
        decide_batch(self.workspace.pk, arrivals, now=START)

    def move_clock(self, moment: Moment) -> None:
        """Move the clock forward and fire what falls due; as in memory, the log does not tell of it."""
        self.workspace.refresh_from_db()
        if self.workspace.clock is None or self.workspace.clock < datetime_of(moment):
            Workspace.objects.filter(pk=self.workspace.pk).update(clock=datetime_of(moment))
        sweep(self.workspace.pk, now=START)

    def outcome(self) -> Outcome:
        """What came of it; every promise must hold."""
        assert verify(self.workspace) == []
        self.workspace.refresh_from_db()
        members = Member.objects.filter(workspace=self.workspace)
        names = {row.id: "erased" if row.status == "erased" else row.ref for row in members}
        found = Outcome(numbers={name: number for number, name in names.items()}, refused=self.refused)
        for row in Reward.objects.filter(workspace=self.workspace).order_by("id"):
            kinds = [item[0] for item in msgspec.json.decode(row.items)]
            found.rewards.append(
                GrantedReward(
                    names[row.beneficiary], row.program, row.version, row.clause, row.state, row.cost_minor, kinds
                )
            )
        for each in Referral.objects.filter(workspace=self.workspace).order_by("id"):
            sides = names[each.advocate], names[each.friend]
            found.referrals.append(OpenedReferral(each.program, each.version, *sides, each.status))
        self._standing(names, found)
        self._books(names, found)
        for event in Event.objects.filter(workspace=self.workspace).order_by("position"):
            found.reasons += _reasons(event, names)
            if event.state == State.SET_ASIDE:
                found.set_aside.append(event.external_id)
        return found

    def _standing(self, names: dict[int, str], found: Outcome) -> None:
        rulebook = rulebook_of(head_of(self.workspace))
        values = Participation.objects.filter(workspace=self.workspace).values_list(*PARTICIPATIONS.names)
        for part in PARTICIPATIONS.to_rows(list(values)):
            found.badges[names[part.member], part.program] = list(part.badges)
            found.tiers[names[part.member], part.program] = tier_shown(rulebook.programs[part.program][-1], part)

    def _books(self, names: dict[int, str], found: Outcome) -> None:
        places = {Kind.AVAILABLE: 0, Kind.HELD: 1, Kind.DEBT: 2}
        rulebook = rulebook_of(head_of(self.workspace))
        for row in Balance.objects.filter(workspace=self.workspace):
            kind = Kind(row.kind)
            key = (kind.name.lower(), row.unit)
            found.books[key] = found.books.get(key, 0) + row.balance
            if kind in places:
                wallet = list(found.wallets.get((names[row.owner], row.unit), (0, 0, 0)))
                wallet[places[kind]] = abs(row.balance)
                found.wallets[names[row.owner], row.unit] = (wallet[0], wallet[1], wallet[2])
            if kind is Kind.BUDGET:
                found.budgets[rulebook.by_number[row.owner]] = row.balance


def _reasons(event: Event, names: dict[int, str]) -> Iterator[GivenReason]:
    for reason in reasons_of(event.outcome):
        yield GivenReason(
            event.external_id,
            reason.program,
            reason.clause,
            verdict_words(reason.verdict),
            names.get(reason.subject, ""),
            reason.seen,
        )
