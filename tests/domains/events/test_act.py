"""Doing something in somebody's name: once under one key, refused when it cannot be, kept when it cannot be decided."""

from datetime import timedelta

import pytest

from sayso.core.engine import decide
from sayso.core.engine.draft import Draft
from sayso.domains.events.act import Actor, Deed, KeyReused, NotSayable, Undecided, act, fresh_id, was_done
from sayso.domains.events.models import Event, State
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import STARS, START, open_bluebell

pytestmark = pytest.mark.django_db(transaction=True)

KEYED = Actor("shop", "Eva", "k-1")
TAGGED = Deed("tag", "member_updated", "Ada", {"tags": ["vip"]})


@pytest.fixture
def bluebell() -> Workspace:
    return open_bluebell(STARS, is_test=False)


def test_a_repeat_is_the_first_one_however_late(bluebell: Workspace) -> None:
    first = act(workspace=bluebell, deed=TAGGED, actor=KEYED, now=START)
    assert was_done(bluebell, TAGGED, KEYED)
    again = act(workspace=bluebell, deed=TAGGED, actor=KEYED, now=START + timedelta(days=1))
    assert (again.position, again.repeated) == (first.position, True)
    assert Event.objects.get(position=first.position).occurred_at == START


def test_the_same_key_stands_for_one_thing_of_each_verb(bluebell: Workspace) -> None:
    act(workspace=bluebell, deed=TAGGED, actor=KEYED, now=START)
    with pytest.raises(KeyReused, match="props"):
        act(workspace=bluebell, deed=Deed("tag", "member_updated", "Ada", {"tags": []}), actor=KEYED, now=START)
    act(workspace=bluebell, deed=Deed("ban", "member_banned", "Ada"), actor=KEYED, now=START)
    assert not was_done(bluebell, TAGGED, Actor("till", "Eva", "k-1"))


def test_what_cannot_be_said_is_not_stored(bluebell: Workspace) -> None:
    with pytest.raises(NotSayable) as refused:
        act(workspace=bluebell, deed=Deed("tag", "member_updated", "Ada", {"email": "no"}), actor=KEYED, now=START)
    assert [each.path for each in refused.value.problems] == ["props.email"]
    assert not Event.objects.filter(type="member_updated").exists()


def test_what_cannot_be_decided_is_kept(bluebell: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(_: Draft) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(decide._OWN, "member_banned", break_down)
    with pytest.raises(Undecided) as kept:
        act(workspace=bluebell, deed=Deed("ban", "member_banned", "Ada"), actor=KEYED, now=START)
    assert Event.objects.get(position=kept.value.position).state == State.SET_ASIDE


def test_fresh_ids_sort_by_their_time() -> None:
    made = [fresh_id() for _ in range(50)]
    assert len(set(made)) == 50
    assert [each[:13] for each in made] == sorted(each[:13] for each in made)
    assert {(each[14], each[19] in "89ab") for each in made} == {("7", True)}
