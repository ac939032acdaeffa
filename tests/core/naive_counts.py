"""A naive count of what referrals and rewards came to, taken from their rows alone.

Owns what the property tests hold the engine's tallies against. It must not ask the engine how it counts anything.
"""

from collections import Counter
from collections.abc import Iterator

from sayso.core.engine.facts import SeriesKey
from sayso.core.engine.memory import MemoryStore
from sayso.core.engine.rows import Referral

NOT_GRANTED = frozenset({"denied", "reversed"})


def miscounted(store: MemoryStore) -> list[str]:
    """Where a tally of steps, friends or grants is not what the rows say."""
    tallies = {key: sum(series.counts) for key, series in store.facts.series.rows.items()}
    naive = Counter[SeriesKey]()
    for referral in store.facts.referrals.rows.values():
        naive.update(_reached(store, referral))
    lapsed = set()
    for reward in store.facts.rewards.rows.values():
        key = (reward.limit_owner, f"granted/{reward.program}/{reward.clause}", "")
        naive[key] += reward.state not in NOT_GRANTED
        if reward.state == "expired":  # before it was handed over or after: only the first counts no more
            lapsed.add(key)
    return [
        f"{key}: {tallies.get(key, 0)} counted, {naive[key]} there"
        for key in {*naive, *tallies}
        if key[0] and key[1].startswith(("reached/", "friends_joined", "granted/"))
        if tallies.get(key, 0) != naive[key] and key not in lapsed
    ]


def _reached(store: MemoryStore, referral: Referral) -> Iterator[SeriesKey]:
    program = store.rulebook.versions[referral.program, referral.version]
    rules = program.document.referral
    for name in referral.steps:
        if name in referral.undone:
            continue
        measure = f"reached/{referral.program}/{name}"
        if measure in store.rulebook.measures:
            yield referral.advocate, measure, ""
        if rules and name == rules.success:
            yield referral.advocate, "friends_joined", ""


def left_behind(store: MemoryStore) -> list[str]:
    """What still belongs to somebody whom another member took over."""
    facts = store.facts
    gone = {row.id for row in facts.members.rows.values() if row.merged_into}
    found = [f"a balance of {owner}" for (_, owner, _), left in facts.balances.rows.items() if left and owner in gone]
    found += [
        f"{key} is counted"
        for key, series in facts.series.rows.items()
        if key[0] in gone and (any(series.counts) or any(series.totals))
    ]
    found += [f"lots of {member}" for (member, _), lots in facts.lots.rows.items() if lots and member in gone]
    found += [f"timers of {member}" for member, timers in facts.timers.rows.items() if timers and member in gone]
    found += [f"referral {row.id}" for row in facts.referrals.rows.values() if gone & {row.advocate, row.friend}]
    found += [f"reward {row.id}" for row in facts.rewards.rows.values() if gone & {row.beneficiary, row.limit_owner}]
    return found
