"""Erasing: who somebody was is gone from every table, what they have stays in the books."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import Model

from sayso.domains.decisions.verify import verify
from sayso.domains.events.models import Event, Naming
from sayso.domains.ledger.queries import balances
from tests.domains.cast import FRIENDS, TABLES, ada_recommends_ben, decide, event, open_bluebell

pytestmark = pytest.mark.django_db


def everything() -> str:
    """Every value of every table, as one text."""
    found = []
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table}")
            found += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(found)


def test_ada_is_gone_and_the_books_stay() -> None:
    bluebell = open_bluebell(FRIENDS)
    identities = (("email", "ada@example.com"), ("mailbox", "ada@example.com"))
    known = {"attributes": {"nickname": "Adita", "vip": True}, "tags": ["knits"]}
    decide(bluebell, ada_recommends_ben())
    touched = {"touches": [{"code": "ada-10", "at": "2027-01-10T12:00:00+00:00"}], "email": "ada@example.com"}
    decide(bluebell, [
        event("a-3", "member_updated", "Ada", props=known, identities=identities),
        event("a-4", "signup", "Ada", props={"email": "ada@example.com"}),
        event("a-5", "points_moved_in", "Ada", props={"note": "Adita"}),
        event("a-6", "purchase", "Ada", amount_minor=300),
        event("b-3", "signup", "Ben", props={name: touched[name] for name in ("touches",)}),
    ])  # fmt: skip
    before = everything()
    names = ("ada@example.com", "Adita", "knits", "Ada", "ada-10")
    assert all(name in before for name in names)
    decide(bluebell, [event("a-9", "member_erased", "Ada")])
    after = everything()
    assert [name for name in names if name in after] == []
    assert [(row.ref.partition("-")[0], row.available, row.held) for row in balances(bluebell, "EUR")] == [
        ("Ben", 0, 0),
        ("erased", 0, 2000),
    ]
    assert verify(bluebell) == []


def test_who_comes_again_after_erasure_is_somebody_new() -> None:
    bluebell = open_bluebell(FRIENDS)
    decide(bluebell, [event("b-1", "purchase", "Ben", amount_minor=700), event("b-2", "member_erased", "Ben")])
    decide(bluebell, [event("b-3", "purchase", "Ben", amount_minor=500)])
    assert sorted(row.available for row in balances(bluebell, "stars")) == [5, 7]
    assert verify(bluebell) == []


def test_who_was_merged_goes_with_who_they_became() -> None:
    bluebell = open_bluebell(FRIENDS)
    decide(bluebell, [
        event("b-1", "signup", "Ben"),
        event("b-2", "member_updated", "Benjamin", props={"attributes": {"city": "Vigo"}}),
        event("b-3", "member_merged", "Ben", props={"other": "Benjamin"}),
    ])  # fmt: skip
    assert "Vigo" in everything()
    decide(bluebell, [event("b-4", "member_erased", "Ben")])
    assert not any(name in everything() for name in ("Vigo", "Benjamin"))
    assert verify(bluebell) == []


def test_an_erasure_reads_what_is_about_ada_and_no_more_of_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    bluebell = open_bluebell(FRIENDS)
    decide(bluebell, [
        *ada_recommends_ben(),
        event("d-1", "member_updated", "Dario", props={"code": "dario-7"}),
        *(event(f"s-{number}", "signup", f"friend-{number}", referral_code="dario-7") for number in range(40)),
    ])  # fmt: skip
    read: list[int] = []

    def note(*given: Any) -> Any:
        read.append(1)
        return Model.from_db.__func__(Event, *given[1:])  # type: ignore[attr-defined]

    monkeypatch.setattr(Event, "from_db", classmethod(note))
    decide(bluebell, [event("a-9", "member_erased", "Ada")])
    assert len(read) == 1
    assert verify(bluebell) == []


def test_no_mark_of_adas_name_or_code_stays() -> None:
    bluebell = open_bluebell(FRIENDS)
    decide(bluebell, [
        event("d-1", "member_updated", "Dario", props={"code": "dario-7"}),
        *ada_recommends_ben(),
        event("a-4", "signup", "Ada", referral_code="dario-7"),
        event("c-2", "referral_attributed", "Ben", props={"advocate": "Ada"}),
    ])  # fmt: skip
    assert Naming.objects.count() == 3
    decide(bluebell, [event("a-9", "member_erased", "Ada")])
    assert not Naming.objects.exists()


TOUCHED = {"touches": [{"code": "ada-10", "at": "2026-01-10T12:00:00+00:00"}]}


@pytest.mark.parametrize("size", [1, 1000])
def test_nobody_elses_event_names_ada_any_more_whatever_came_of_it(size: int) -> None:
    bluebell = open_bluebell(FRIENDS)
    decide(bluebell, [
        *ada_recommends_ben(),
        event("c-1", "signup", "Chloé", props=TOUCHED),
        event("c-2", "referral_attributed", "Ben", props={"advocate": "Ada"}),
        event("c-3", "refund", "Ada", refers_to="nothing"),
        event("a-9", "member_erased", "Ada"),
        event("d-1", "member_updated", "Ada", props={"code": "ADA-10"}),
        event("d-2", "signup", "Dario", referral_code="ada-10"),
    ], size=size)  # fmt: skip
    told = list(Event.objects.order_by("position").values_list("external_id", "referral_code", "props", "ref"))
    assert [each[0] for each in told if "ada" in str(each[1:]).casefold()] == ["d-1", "d-2"]
    assert verify(bluebell) == []


@pytest.mark.parametrize("name", ["b-1", "c-1", "c-2"])
def test_a_name_that_was_left_is_noticed(name: str) -> None:
    bluebell = open_bluebell(FRIENDS)
    attributed = event("c-2", "referral_attributed", "Ben", props={"advocate": "Ada"})
    decide(bluebell, [*ada_recommends_ben(), event("c-1", "signup", "Chloé", props=TOUCHED), attributed])
    was = Event.objects.get(external_id=name)
    decide(bluebell, [event("a-9", "member_erased", "Ada")])
    Event.objects.filter(external_id=name).update(props=was.props, referral_code=was.referral_code)
    assert [(each.promise, each.row) for each in verify(bluebell)] == [(10, str(was.position))]


def test_what_stands_beside_the_name_of_ada_is_judged_for_itself() -> None:
    """A code that is nobody's goes, since it may be hers, mistyped; an empty list names nobody; Dario's code stays."""
    bluebell = open_bluebell(FRIENDS)
    late = {"touches": [{"code": "dario-7", "at": "2026-01-10T12:00:00+00:00"}]}
    decide(bluebell, [
        *ada_recommends_ben(),
        event("d-1", "member_updated", "Dario", props={"code": "dario-7"}),
        event("c-1", "signup", "Chloé", props=TOUCHED, referral_code="nobodys"),
        event("e-1", "signup", "Eva", props={"touches": []}, referral_code="ada-10"),
        event("f-1", "signup", "Flor", props=late, referral_code="ada-10"),
        event("a-9", "member_erased", "Ada"),
    ])  # fmt: skip
    told = Event.objects.filter(type="signup", position__gt=3).values_list("external_id", "referral_code", "props")
    assert {each[0]: each[1:] for each in told if each[0] in ("c-1", "e-1", "f-1")} == {
        "c-1": ("", {}),
        "e-1": ("", {"touches": []}),
        "f-1": ("", late),
    }
    assert verify(bluebell) == []
