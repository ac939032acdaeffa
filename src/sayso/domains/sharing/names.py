"""Advocates by their names: for the friend who remembers who recommended, and neither link nor code.

Owns how a name is compared, and how little is told. Whether nobody bears a name or one person does looks the same to
whoever asks; where several do, one more detail is asked for, never who they are. The name is kept folded, for those
who recommend only, and goes when they are erased. It must not tell anybody a name.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from sayso.domains.events.identities import recognise
from sayso.domains.events.models import Event
from sayso.domains.people.models import Identity, Member
from sayso.domains.sharing.models import AdvocateName, Code, NamesRead
from sayso.domains.sharing.queries import codes_of
from sayso.domains.sharing.tries import names_tried
from sayso.domains.workspaces.head import locked
from sayso.domains.workspaces.models import Workspace

LONGEST = 200
MOST_ALIKE = 50
# Events whose members are looked at together.
PIECE = 2000
_PLACES = ("city", "town", "postcode", "zip")
_REACHED_BY = ("email", "mailbox", "phone")
_NAMING = ("signup", "lead")
_LETTERS = re.compile(r"[^\W_]+")
_LAST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class NameAsked:
    """Whom a friend means.

    Attributes:
        name: as they typed it.
        detail: one more thing they know: town, postcode, address, number or its last four digits; empty at first.
        program: in which it is asked.
    """

    name: str
    detail: str = ""
    program: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """What came of it.

    Attributes:
        code: with which whoever is meant recommends; empty where nobody is meant for certain, which is not to be told.
        ask_more: several bear the name, and a detail may tell them apart.
    """

    code: str = ""
    ask_more: bool = False


def find_by_name(*, workspace: Workspace, asked: NameAsked, address: str) -> Named:
    """Find who recommends under a name.

    Args:
        workspace: whose advocates.
        asked: whom a friend means.
        address: where the question came from.

    Raises:
        TooManyTries: so many names were tried from there that no further one is taken for a while.
    """
    names_tried.check(workspace, address)
    names_tried.note(workspace, address)
    alike = dict(_who_recommend(workspace, folded(asked.name), asked.program))
    detail = asked.detail.strip()
    if detail:
        alike = {number: code for number, code in alike.items() if _fits(workspace, number, detail)}
    [code] = alike.values() if len(alike) == 1 else [""]
    return Named(code, ask_more=not detail and len(alike) > 1)


def note_names(now: datetime) -> bool:
    """Note the names of those who recommend, as far as the log has changed them or their codes: a duty.

    Args:
        now: the time.

    Returns:
        Whether there may be more.
    """
    read = dict(NamesRead.objects.values_list("workspace", "position"))
    # Over all workspaces: whoever got a code or a name, by whatever way, is found by it soon after.
    behind = [each for each in Workspace.objects.all() if each.position > read.get(each.pk, 0)]
    left = [_note_piece(each, read.get(each.pk, 0)) for each in behind]
    return any(left)


def _note_piece(workspace: Workspace, since: int) -> bool:
    until = min(since + PIECE, workspace.position)
    events = Event.objects.filter(position__gt=since, position__lte=until, workspace=workspace)
    seen = set(events.filter(member__gt=0).values_list("member", flat=True).distinct())
    seen |= set(
        Member.objects.filter(id__in=seen, merged_into__gt=0, workspace=workspace).values_list("merged_into", flat=True)
    )
    keep_names(workspace, seen)
    NamesRead.objects.update_or_create(workspace=workspace, defaults={"position": until})
    return until < workspace.position


def keep_names(workspace: Workspace, members: Collection[int]) -> None:
    """Keep under which names those of some members may be found who recommend, as these are now.

    Args:
        workspace: whose members.
        members: their numbers.
    """
    coded = Code.objects.filter(member__in=members, workspace=workspace)
    names = _full_names(workspace, set(coded.values_list("member", flat=True)))
    kept = dict(AdvocateName.objects.filter(member__in=names, workspace=workspace).values_list("member", "folded"))
    new = {number: folded(name) for number, name in names.items() if kept.get(number) != folded(name)}
    if not new:
        return
    with locked(connection, workspace.pk):
        # Whoever was erased in the meantime recommends no more.
        left = set(coded.filter(member__in=new).values_list("member", flat=True))
        rows = [AdvocateName(member=number, workspace=workspace, folded=new[number]) for number in sorted(left)]
        AdvocateName.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["member", "workspace"], update_fields=["folded"]
        )


def folded(name: str) -> str:
    """Return a name as it is compared: first and last word, in small letters without accents."""
    plain = unicodedata.normalize("NFKD", name[:LONGEST]).casefold()
    words = _LETTERS.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))
    return " ".join(dict.fromkeys((words[0], words[-1]))) if words else ""


def _who_recommend(workspace: Workspace, key: str, program: str) -> Iterator[tuple[int, str]]:
    """Those who bear a name now, take part, and have a code for the program."""
    if not key:
        return
    found = AdvocateName.objects.filter(folded=key, workspace=workspace).order_by("member")
    numbers = list(found.values_list("member", flat=True)[:MOST_ALIKE])
    active = set(
        Member.objects.filter(id__in=numbers, workspace=workspace, status="active").values_list("id", flat=True)
    )
    codes = [code for code in codes_of(workspace, active) if program in ("", code.program) or not code.program]
    for number in sorted({code.member for code in codes}):
        # What was noted may be older than the name.
        if folded(_full_names(workspace, [number])[number]) == key:
            yield number, next(code.code for code in codes if code.member == number)


def _full_names(workspace: Workspace, members: Collection[int]) -> dict[int, str]:
    """Members' names as the company or, where it gave none, they themselves gave them; of each one, maybe empty."""
    rows = Member.objects.filter(id__in=members, workspace=workspace).values_list("id", "attributes")
    names = {**dict.fromkeys(members, ""), **{number: _name_in(attributes) for number, attributes in rows}}
    unnamed = [number for number, name in names.items() if not name]
    said = Event.objects.filter(member__in=unnamed, workspace=workspace, type__in=_NAMING).order_by("position")
    for number, props in said.values_list("member", "props"):
        names[number] = _name_in(props) or names[number]
    return names


def _name_in(said: Mapping[str, Any]) -> str:
    whole = said.get("name") or " ".join(str(said.get(part) or "") for part in ("first_name", "last_name"))
    return whole.strip() if isinstance(whole, str) else ""


def _fits(workspace: Workspace, number: int, detail: str) -> bool:
    """Whether a detail is one of somebody's: where they live, how they are reached, the end of their number."""
    member = Member.objects.get(id=number, workspace=workspace)
    if folded(detail) in {folded(str(member.attributes.get(name) or "")) for name in _PLACES} - {""}:
        return True
    reached = Identity.objects.filter(member=number, workspace=workspace, kind__in=_REACHED_BY)
    known = set(reached.values_list("value", flat=True))
    given = recognise({"email": detail} if "@" in detail else {"phone": detail, "country": member.country})
    if known & {value for _, value in given.identities}:
        return True
    digits = re.sub(r"\D", "", detail)
    return len(digits) >= _LAST_DIGITS and any(value.startswith("+") and value.endswith(digits) for value in known)
