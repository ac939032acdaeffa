"""What the share button says, in the member's language.

Owns these words; the message itself is the program's.
"""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _


def button_words(language: str) -> dict[str, str]:
    """Return the words of the button, by what they are for."""
    with translation.override(language):
        return {
            "share": _("Share with a friend"),
            "copied": _("Copied"),
            "ways": _("Ways to share"),
            "message": _("What your friend will read"),
        }
