"""Owns how tests ask why: what a store in memory answers about one of its members."""

from functools import cache
from typing import Any

from sayso.core.engine.memory import MemoryStore
from sayso.core.engine.rulebook import CompiledProgram
from sayso.core.engine.why import Explained, Heard, tell, why
from tests.core.documents import BRING_A_FRIEND
from tests.core.engine.history import compiled

LANGUAGES = ("en", "es", "it", "nl")


def called(store: MemoryStore, number: int) -> str:
    """What the company calls a member."""
    row = store.facts.members.rows.get(number)
    return row.ref if row else "nobody"


def asked(
    store: MemoryStore, ref: str, clause: str | None, language: Any = "en", audience: Any = "staff"
) -> list[Explained]:
    """What the store answers to a question about a member, who may name nobody else."""
    member = next(row.id for row in store.facts.members.rows.values() if row.ref == ref)
    parts = store.facts.participations.rows.values()
    turned_away = {position for each in parts if each.member == member for position in each.turned_away}
    heard = map(Heard.of, store.decided)
    found = why(heard, store.rulebook, member=member, clause=clause, turned_away=turned_away)

    def name(number: int) -> str:
        return called(store, number) if audience == "staff" else ""

    return [tell(each, language=language, audience=audience, names=name) for each in found]


@cache
def friends() -> CompiledProgram:
    """The program that brings friends; nobody changes it."""
    return compiled(BRING_A_FRIEND)
