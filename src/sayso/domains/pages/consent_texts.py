"""The texts with which consent is asked, each kept for good under its purpose, language and version.

Owns how a text gets its version: words that were never asked with before become the next one. What somebody consented
to is `people.consents`' word.
"""

from datetime import datetime

from django.db import connection

from sayso.core.domain_error import DomainError
from sayso.core.program.explain.voice import Language
from sayso.core.program.scalars import LANGUAGES
from sayso.domains.pages.models import ConsentText
from sayso.domains.people.consents import PURPOSES
from sayso.domains.workspaces.head import locked
from sayso.domains.workspaces.models import Workspace

LONGEST = 1000


class ConsentTextNotUsable(DomainError, ValueError):
    """Consent cannot be asked with these words."""


class NoSuchConsentText(DomainError, LookupError):
    """Consent was never asked in this version."""


def asked_with(*, workspace: Workspace, purpose: str, language: Language, ours: str, now: datetime) -> ConsentText:
    """Return the text to ask with: the company's own where it wrote one, else ours, which is kept when it is new.

    Args:
        workspace: whose people are asked.
        purpose: what for, one of `people.consents.PURPOSES`.
        language: of the person who is asked.
        ours: the words that Sayso proposes.
        now: the time.
    """
    latest = _latest(workspace, purpose, language)
    if latest is not None and latest.is_own:
        return latest
    new = ConsentText(workspace=workspace, purpose=purpose, language=language, text=ours, since=now)
    return _asked_before(new) or _keep(new)


def write_text(*, workspace: Workspace, purpose: str, texts: dict[str, str], now: datetime) -> list[ConsentText]:
    """Ask with the company's own words from now on; a language that is not named stays as it is.

    Raises:
        ConsentTextNotUsable: there is no such purpose or language, or a text is empty or too long.
    """
    if purpose not in PURPOSES:
        raise ConsentTextNotUsable(f"there is no purpose {purpose!r}; there are {', '.join(PURPOSES)}")
    for language, text in texts.items():
        if language not in LANGUAGES:
            raise ConsentTextNotUsable(f"{language!r} is none of the languages {', '.join(LANGUAGES)}")
        if not 0 < len(text.strip()) <= LONGEST:
            raise ConsentTextNotUsable(f"a text has between 1 and {LONGEST} characters")
    return [_own(workspace, purpose, language, text.strip(), now) for language, text in texts.items()]


def text_numbered(workspace: Workspace, purpose: str, language: str, version: int) -> ConsentText:
    """Return the words that somebody consented to.

    Raises:
        NoSuchConsentText: consent was never asked with such a version.
    """
    found = ConsentText.objects.filter(purpose=purpose, language=language, version=version, workspace=workspace).first()
    if found is None:
        raise NoSuchConsentText(f"consent for {purpose} was never asked in version {version} ({language})")
    return found


def texts_in(workspace: Workspace) -> list[ConsentText]:
    """Return every text that was ever asked with, by purpose and language, the latest version last."""
    return list(ConsentText.objects.filter(workspace=workspace).order_by("purpose", "language", "version"))


def _own(workspace: Workspace, purpose: str, language: str, text: str, now: datetime) -> ConsentText:
    latest = _latest(workspace, purpose, language)
    if latest is not None and latest.is_own and latest.text == text:
        return latest
    return _keep(
        ConsentText(workspace=workspace, purpose=purpose, language=language, text=text, is_own=True, since=now)
    )


def _keep(new: ConsentText) -> ConsentText:
    """Store a text as the next version; of two who bring the same words at once, the second gets the first one's."""
    with locked(connection, new.workspace_id):
        latest = _latest(new.workspace, new.purpose, new.language)
        known = latest if new.is_own else _asked_before(new)
        if known is not None and (known.text, known.is_own) == (new.text, new.is_own):
            return known
        new.version = latest.version + 1 if latest else 1
        new.save(force_insert=True)
    return new


def _asked_before(new: ConsentText) -> ConsentText | None:
    """The same words of ours: programs that remember for different times ask with theirs in turn."""
    found = ConsentText.objects.filter(
        purpose=new.purpose, language=new.language, text=new.text, is_own=False, workspace=new.workspace
    )
    return found.order_by("-version").first()


def _latest(workspace: Workspace, purpose: str, language: str) -> ConsentText | None:
    found = ConsentText.objects.filter(purpose=purpose, language=language, workspace=workspace)
    return found.order_by("-version").first()
