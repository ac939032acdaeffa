"""Merging two members into one: both histories stay, books and tallies are summed (SEMANTICS 38)."""

from sayso.core.engine import refunds
from sayso.core.engine.decision import Verdict
from sayso.core.engine.draft import ByNumber, Draft
from sayso.core.engine.guard import KEPT_OPENINGS
from sayso.core.engine.opening import KEPT_TURNED_AWAY
from sayso.core.engine.referrals import WAIT, end, undo_all
from sayso.core.engine.rows import Referral, Timer
from sayso.core.engine.settle import BARRED, EXPIRY, HOLD
from sayso.core.engine.states import HANDED_OVER, STANDING, UNPAID
from sayso.core.engine.tiers import raise_tier
from sayso.core.ledger.chart import Kind
from sayso.core.ledger.transfers import Purpose
from sayso.core.program.calendar import Moment


def merge(draft: Draft) -> None:
    """Let the event's member take over another one: props `other`, the other's name with the company."""
    kept = draft.event.member
    found = draft.see("identities", ("ref", str(draft.event.props.get("other", ""))))
    if found is None or found.member == kept:
        draft.say(None, "member", Verdict.NOT_FOUND, seen=draft.event.props.get("other"), subject=kept)
        return
    gone = found.member
    fallen = [*_between_them(draft, kept, gone), *_younger(draft, kept, gone)]
    for number in fallen:
        end(draft, number, "rejected")
    _referrals(draft, kept, gone)
    _rewards(draft, kept, gone)
    _books(draft, kept, gone)
    _tallies(draft, kept, gone)
    for number in fallen:
        _let_fall(draft, number)
        undo_all(draft, number)
    _standing(draft, kept, gone)
    _person(draft, kept, gone)
    for program in draft.rulebook.running(draft.now, draft.event.position):
        if program.tiers is not None:
            raise_tier(draft, program, program.tiers, kept)
    draft.say(None, "member", Verdict.MERGED, seen=gone, subject=kept)


def _between_them(draft: Draft, kept: int, gone: int) -> list[int]:
    """The referrals in which one was the other's friend."""
    found: set[int] = set()
    for member in (kept, gone):
        for table in ("friend_referrals", "advocate_referrals"):
            found.update(draft.numbers(table, member))
    seen = [draft.referral(number) for number in sorted(found)]
    return [row.id for row in seen if {row.advocate, row.friend} == {kept, gone}]


def _younger(draft: Draft, kept: int, gone: int) -> list[int]:
    """Where both were referred in one program, one that a typed address alone made, else the one that opened later."""
    rivals = {row.program: row for row in _referred(draft, kept, gone)}
    both = [(rivals[row.program], row) for row in _referred(draft, gone, kept) if row.program in rivals]
    return [
        max(mine, theirs, key=lambda row: (row.by_address, row.opened_at, row.friend == gone)).id
        for mine, theirs in both
    ]


def _referred(draft: Draft, friend: int, other: int) -> list[Referral]:
    """The referrals of a friend that still count, but for those by the other one of the two."""
    return [row for row in draft.referrals_of(friend) if row.status in STANDING and row.advocate != other]


def _let_fall(draft: Draft, number: int) -> None:
    """What is unpaid of a referral that fell is taken back; what is paid goes to a person."""
    for each in draft.numbers("referral_rewards", number):
        reward = draft.reward(each)
        program = draft.rulebook.versions[reward.program, reward.version]
        if reward.state in UNPAID:
            refunds.reverse(draft, program, each)
        elif reward.state in HANDED_OVER:
            path = f"rewards.{reward.clause}"
            draft.say(program, path, Verdict.GUARD_REVIEW, seen=each, subject=reward.beneficiary)


def _referrals(draft: Draft, kept: int, gone: int) -> None:
    """Hand the referrals over, on both sides."""
    for number in draft.numbers("friend_referrals", gone):
        draft.edit("referrals", number).friend = kept
    for number in draft.numbers("advocate_referrals", gone):
        draft.edit("referrals", number).advocate = kept
    _hang_over(draft, "friend_referrals", kept, gone)
    _hang_over(draft, "advocate_referrals", kept, gone)


def _rewards(draft: Draft, kept: int, gone: int) -> None:
    for number in draft.numbers("member_rewards", gone):
        row = draft.edit("rewards", number)
        row.beneficiary = kept
        row.limit_owner = kept if row.limit_owner == gone else row.limit_owner
    _hang_over(draft, "member_rewards", kept, gone)


def _hang_over(draft: Draft, index: ByNumber, kept: int, gone: int) -> None:
    """Let what hangs on the one hang on the other, oldest first, as it would be found again."""
    together = sorted([*draft.numbers(index, kept), *draft.numbers(index, gone)])
    draft.hang(index, gone, 0)
    draft.hang(index, kept, 0)
    for number in together:
        draft.hang(index, kept, number)


def _books(draft: Draft, kept: int, gone: int) -> None:
    """Sum every ledger account and lot; a debt of either is a debt of both."""
    units = {account[2] for account in (*draft.facts.balances.rows, *draft.decision.balances) if account[1] == gone}
    for unit in sorted(units):
        for kind in (Kind.AVAILABLE, Kind.HELD, Kind.PROMISED):
            here, there = (int(kind), gone, unit), (int(kind), kept, unit)
            draft.book(here, there, draft.balance(here), Purpose.MERGE)
        owed = -draft.balance((int(Kind.DEBT), gone, unit))
        draft.book((int(Kind.DEBT), kept, unit), (int(Kind.DEBT), gone, unit), owed, Purpose.MERGE)
        mine, theirs = draft.lots((kept, unit)), draft.lots((gone, unit))
        if theirs:
            joined = {at: mine.get(at, 0) + theirs.get(at, 0) for at in (*mine, *theirs)}
            draft.decision.lots[kept, unit], draft.decision.lots[gone, unit] = joined, {}
    planned = {_what_falls_due(timer) for timer in _pending(draft, kept)}
    for timer in _pending(draft, gone):
        draft.drop_timer(gone, timer.id)
        if _what_falls_due(timer) in planned:
            continue
        number = draft.set_timer(kept, timer.kind, timer.due_at, about=timer.about, detail=timer.detail)
        if timer.kind in (HOLD, EXPIRY) and draft.see("rewards", timer.about):
            draft.edit("rewards", timer.about).timer = number
        if timer.kind == WAIT and draft.see("referrals", timer.about):
            draft.edit("referrals", timer.about).timer = number


def _pending(draft: Draft, member: int) -> list[Timer]:
    timers = draft.see("timers", member) or {}
    return [timer for timer in timers.values() if timer.id not in draft.decision.gone]


def _what_falls_due(timer: Timer) -> tuple[str, Moment, int, str]:
    return timer.kind, timer.due_at, timer.about, timer.detail


def _tallies(draft: Draft, kept: int, gone: int) -> None:
    for key, series in list(draft.facts.series.rows.items()):
        if key[0] != gone:
            continue
        for day, count, total in zip(series.days, series.counts, series.totals, strict=True):
            if count or total:
                draft.tally((kept, key[1], key[2]), day, count, total)
                draft.tally(key, day, -count, -total)


def _standing(draft: Draft, kept: int, gone: int) -> None:
    """Keep the higher tier, the badges of both, and how fast their friends came."""
    for name, versions in draft.rulebook.programs.items():
        other = draft.see("participations", (gone, name))
        if other is None:
            continue
        row = draft.edit_participation(kept, name)
        row.badges = tuple(dict.fromkeys((*row.badges, *other.badges)))
        row.openings = tuple(sorted((*row.openings, *other.openings)))[-KEPT_OPENINGS:]
        row.turned_away = tuple(sorted((*row.turned_away, *other.turned_away)))[-KEPT_TURNED_AWAY:]
        tiers = versions[-1].document.tiers
        order = list(tiers.levels) if tiers else []
        if other.tier in order and (row.tier not in order or order.index(other.tier) > order.index(row.tier)):
            row.tier, row.tier_before, row.tier_day = other.tier, other.tier_before, other.tier_day
            row.review_at, row.drop_at = other.review_at, other.drop_at


def _person(draft: Draft, kept: int, gone: int) -> None:
    """Recognise the other's names as the kept member's; their row stays and says whom they became."""
    other = draft.edit("members", gone)
    row = draft.edit("members", kept)
    if other.status in BARRED:
        row.status = other.status
    other.status, other.merged_into = "merged", kept
    row.language, row.country = row.language or other.language, row.country or other.country
    row.attributes = {**other.attributes, **row.attributes}
    row.tags = tuple(sorted({*row.tags, *other.tags}))
    row.groups = tuple(sorted({*row.groups, *other.groups}))
    row.account = row.account or other.account
    row.joined_at = min(row.joined_at, other.joined_at)
    row.alike = tuple(each for each in {*row.alike, *other.alike} if each[0] not in (kept, gone))
    for table in ("identities", "codes"):
        held = {**getattr(draft.facts, table).rows, **draft.decision.rows.get(table, {})}
        for key, found in held.items():
            if found.member == gone:
                draft.edit(table, key).member = kept
