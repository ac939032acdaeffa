"""Owns `sayso why`: what was decided about a member, and what would have changed it.

It must not choose reasons or put them into words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sayso.cli.answers import answer, json_option
from sayso.cli.connect import open_workspace, workspace_option
from sayso.cli.program import LANGUAGES

if TYPE_CHECKING:
    from sayso.domains.decisions.why import Answered
    from sayso.domains.workspaces.models import Workspace


@click.command()
@click.argument("member")
@click.option("--clause", metavar="C", help="Only this part of the programs: badges.regular, regular or badges.")
@click.option(
    "--audience", type=click.Choice(["staff", "member"]), default="staff", show_default=True,
    help="Who reads it; the member is told nothing that is not theirs to know.",
)  # fmt: skip
@click.option("--language", type=LANGUAGES, default="en", show_default=True, help="The reader's language.")
@workspace_option
@json_option
def why(member: str, workspace: str, **asked: Any) -> None:
    """Say why MEMBER got something, or why not: the latest decision of each clause that listened."""
    within = open_workspace(workspace)
    from sayso.domains.decisions.why import Question, answer_why

    answers = answer_why(within, Question(member, **asked))
    data = [_data(each, asked["audience"], within) for each in answers]
    lines = [_told(each, row.get("event")) for each, row in zip(answers, data, strict=True)]
    answer(
        {"member": member, **asked, "answers": data},
        lambda: "\n\n".join(lines) or "Nothing was ever decided about them, and no program listens to anything.",
    )


def _data(answered: Answered, audience: str, workspace: Workspace) -> dict[str, Any]:
    words = answered.words
    data = {
        "program": words.program,
        "version": words.version,
        "clause": words.path,
        "verdict": words.verdict.name.lower() if words.verdict is not None else None,
        "sentences": list(words.sentences),
    }
    data |= {name: getattr(words, name) for name in ("fact", "seen", "needed", "missing")}
    event = _event(answered, workspace) if audience == "staff" else None  # it may be a friend's
    return {**data, "event": event} if event else data


def _event(answered: Answered, workspace: Workspace) -> dict[str, Any] | None:
    from sayso.core.engine.why import Because
    from sayso.core.program.calendar import datetime_of

    if not isinstance(answered.found, Because):
        return None
    heard = answered.found.heard
    moment = datetime_of(heard.occurred_at).astimezone(workspace.zone)
    return {"position": heard.position, "type": heard.type, "occurred_at": moment}


def _told(answered: Answered, event: dict[str, Any] | None) -> str:
    text = " ".join(answered.words.sentences)
    if event is None:
        return text
    return f"{event['occurred_at']:%Y-%m-%d %H:%M} {event['type']} #{event['position']}: {text}"
