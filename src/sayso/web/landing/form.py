"""The short form: which fields there are, what they say to browsers, and what is wrong with what somebody typed.

Owns the fields. It must not store anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from sayso.domains.events.identities import recognise
from sayso.domains.pages.consent_texts import NoSuchConsentText
from sayso.web.landing.countries import countries_in

ADVOCATE, DETAIL, COUNTRY = "advocate", "detail", "country"
_LONGEST, _LONGEST_MESSAGE = 100, 1000


@dataclass(frozen=True, slots=True)
class Kind:
    """What one field is to a browser.

    Attributes:
        type: of the input; `textarea` for a longer text, `select` for a country.
        autocomplete: what the browser may fill in (HTML, autofill).
        needed: it may not be left empty.
        missing: what is said where it was left empty. It names the field, as every message does: above the form it
            stands apart from it.
    """

    label: object
    type: str = "text"
    autocomplete: str = "off"
    needed: bool = True
    hint: object = ""
    missing: object = ""


Kinds = Mapping[str, Kind]

KINDS: Kinds = {
    "name": Kind(gettext_lazy("Name"), autocomplete="name", missing=gettext_lazy("Write your name")),
    "email": Kind(gettext_lazy("E-mail address"), "email", "email", missing=gettext_lazy("Write your e-mail address")),
    "phone": Kind(
        gettext_lazy("Phone number"),
        "tel",
        "tel",
        hint=gettext_lazy("With the country code, +34 600 000 000"),
        missing=gettext_lazy("Write your phone number"),
    ),
    "company": Kind(gettext_lazy("Company"), autocomplete="organization", missing=gettext_lazy("Write your company")),
    "postcode": Kind(gettext_lazy("Postcode"), autocomplete="postal-code", missing=gettext_lazy("Write your postcode")),
    COUNTRY: Kind(gettext_lazy("Country"), "select", "country", missing=gettext_lazy("Choose a country")),
    "message": Kind(gettext_lazy("Message"), "textarea", needed=False),
    DETAIL: Kind(
        gettext_lazy("One more thing about them"),
        hint=gettext_lazy("Their town, postcode, e-mail address, or the end of their phone number"),
        missing=gettext_lazy("Please say a little more about them"),
    ),
    ADVOCATE: Kind(
        gettext_lazy("Who recommended us to you?"),
        hint=gettext_lazy("Their code, or first and last name"),
        missing=gettext_lazy("Write who recommended us, or their code"),
    ),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field as it is drawn; the attributes of `Kind`, and what was typed."""

    name: str
    kind: Kind
    value: str = ""
    wrong: str = ""

    @property
    def describes(self) -> str:
        """The ids of what explains the field to a screen reader."""
        parts = (f"{self.name}-wrong" if self.wrong else "", f"{self.name}-hint" if self.kind.hint else "")
        return " ".join(filter(None, parts))

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """What can be chosen, each with its name in the language of the page."""
        return countries_in(get_language() or "en")


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it is drawn.

    Attributes:
        kinds: what its fields are, and one that may be asked for besides.
    """

    fields: tuple[Field, ...]
    kinds: Kinds

    @property
    def wrong(self) -> list[Field]:
        """The fields in which something is wrong, in order."""
        return [each for each in self.fields if each.wrong]

    @property
    def values(self) -> dict[str, str]:
        """What was typed, by field."""
        return {each.name: each.value for each in self.fields}

    def with_wrong(self, name: str, what: str) -> Form:
        """Return the form with something wrong in one field."""
        return self._with(replace(each, wrong=what) if each.name == name else each for each in self.fields)

    def with_value(self, name: str, value: str) -> Form:
        """Return the form with something filled in already."""
        return self._with(replace(each, value=value) if each.name == name else each for each in self.fields)

    def with_detail(self, what: str) -> Form:
        """Return the form with a field for one more thing about the advocate, behind their name."""
        wanted = Field(DETAIL, self.kinds[DETAIL], self.values.get(DETAIL, ""), what)
        others = [each for each in self.fields if each.name != DETAIL]
        place = next((at for at, each in enumerate(others, 1) if each.name == ADVOCATE), 0)
        return self._with((*others[:place], wanted, *others[place:]))

    def _with(self, fields: Iterable[Field]) -> Form:
        return replace(self, fields=tuple(fields))


def empty_form(names: Sequence[str], kinds: Kinds = KINDS) -> Form:
    """Return the form with these fields, for somebody who just came."""
    return Form(tuple(Field(name, kinds[name]) for name in names), kinds)


def read_form(names: Sequence[str], sent: Mapping[str, str], kinds: Kinds = KINDS) -> Form:
    """Return the form with what was typed, and what is wrong with it."""
    return Form(tuple(_read(name, kinds[name], str(sent.get(name, ""))) for name in names), kinds)


def form_problem(error: Exception) -> str:
    """Return what to say of a form as a whole that was not taken as it came."""
    if isinstance(error, NoSuchConsentText):
        return _("The form was open for too long. Please send it once more.")
    return _("Something in it cannot be stored. Please check what you wrote.")


def _read(name: str, kind: Kind, typed: str) -> Field:
    value = " ".join(typed.split()) if kind.type != "textarea" else typed.strip()
    return Field(name, kind, value, _wrong(name, kind, value))


def _wrong(name: str, kind: Kind, value: str) -> str:
    longest = _LONGEST_MESSAGE if kind.type == "textarea" else _LONGEST
    if not value:
        return str(kind.missing) if kind.needed else ""
    if len(value) > longest:
        return _("“%(field)s” takes at most %(count)d characters") % {"field": kind.label, "count": longest}
    if kind.type == "select" and value not in dict(countries_in(get_language() or "en")):
        return _("Choose a country")
    if not all(letter.isprintable() or letter in "\r\n\t" for letter in value):
        return _("There is a character in “%(field)s” that cannot be read") % {"field": kind.label}
    if name in ("email", "phone") and recognise({name: value}).problems:
        return _EXAMPLES[name]()
    return ""


_EXAMPLES = {
    "email": lambda: _("Write an e-mail address like ada@example.com"),
    "phone": lambda: _("Write a phone number with its country code, like +34 600 000 000"),
}
