"""Creating workspaces."""

import pytest

from sayso.domains.workspaces.create import NameNotUsable, NameTaken, UnknownTimeZone, create_workspace
from sayso.domains.workspaces.head import NoSuchWorkspace
from sayso.domains.workspaces.queries import all_workspaces, workspace_named
from tests.domains.cast import START

pytestmark = pytest.mark.django_db


def test_a_workspace_is_found_by_its_name() -> None:
    made = create_workspace(name="bluebell-2", timezone="Europe/Madrid", is_test=True, now=START)
    found = workspace_named("bluebell-2")
    assert (found, found.created_at, found.clock, found.position) == (made, START, None, 0)
    assert all_workspaces() == [made]


@pytest.mark.parametrize("name", ["", "Bluebell", "blue bell", "1st", "a" * 64, "blué"])
def test_a_name_that_cannot_be_typed_is_refused(name: str) -> None:
    with pytest.raises(NameNotUsable):
        create_workspace(name=name, timezone="UTC", is_test=False, now=START)


def test_a_name_is_given_once_and_a_zone_must_exist() -> None:
    create_workspace(name="bluebell", timezone="UTC", is_test=False, now=START)
    with pytest.raises(NameTaken):
        create_workspace(name="bluebell", timezone="UTC", is_test=True, now=START)
    for zone in ("Europe/Bluebell", "", "../etc/passwd"):
        with pytest.raises(UnknownTimeZone):
            create_workspace(name="other", timezone=zone, is_test=False, now=START)
    with pytest.raises(NoSuchWorkspace):
        workspace_named("other")
