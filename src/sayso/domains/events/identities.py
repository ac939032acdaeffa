"""The ways to recognise a person that an event gives, in one form whatever way they were written.

Owns what counts as the same mailbox or number (TRUST, "same mailbox: known providers' dots and plus signs removed").
It must not look anybody up.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sayso.core.program.problems import Problem

LONGEST = 200

_GMAIL = ("gmail.com", "googlemail.com")
# Providers that deliver NAME+ANYTHING to NAME.
_PLUS = frozenset(
    {
        *_GMAIL, "outlook.com", "hotmail.com", "live.com", "msn.com", "icloud.com", "me.com", "mac.com", "fastmail.com",
        "fastmail.fm", "protonmail.com", "proton.me", "pm.me", "zoho.com", "gmx.com", "gmx.de", "gmx.net", "hey.com",
    }
)  # fmt: skip
# The same mailbox under several names of the provider.
_SAME_PROVIDER = {
    "googlemail.com": "gmail.com",
    "protonmail.com": "proton.me",
    "pm.me": "proton.me",
    "me.com": "icloud.com",
}


@dataclass(slots=True)
class Recognised:
    """What an event says about who its member is.

    Attributes:
        identities: as (kind, normalised value).
        disposable: the mailbox is of a provider whose mailboxes are thrown away.
    """

    identities: list[tuple[str, str]] = field(default_factory=list)
    disposable: bool = False
    problems: list[Problem] = field(default_factory=list)


def recognise(props: Mapping[str, Any]) -> Recognised:
    """Read the identities in an event's props: `email`, `phone`, `device` and `cookie`.

    A phone number without a country code is read in the country of `props.country`, an ISO 3166 code.
    """
    found = Recognised()
    for name, read in _READERS.items():
        value = props.get(name)
        if value is None or value == "":
            continue
        if not isinstance(value, str) or len(value) > LONGEST:
            found.problems.append(_problem(name, f"is no text of at most {LONGEST} characters"))
        else:
            read(found, value, props)
    return found


def mailbox_of(address: str) -> str:
    """Return the mailbox behind a normalised address: without what known providers ignore, in small letters."""
    local, _, domain = address.casefold().rpartition("@")
    if domain in _PLUS:
        local = local.partition("+")[0]
    if domain in _GMAIL:
        local = local.replace(".", "")
    return f"{local}@{_SAME_PROVIDER.get(domain, domain)}"


def _email(found: Recognised, value: str, _: Mapping[str, Any]) -> None:
    # This and the library of numbers are loaded when they are needed: most events say no address.
    from disposable_email_domains import blocklist  # noqa: PLC0415
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415

    try:
        checked = validate_email(value.strip(), check_deliverability=False)
    except EmailNotValidError as error:
        found.problems.append(_problem("email", f"is no e-mail address: {error}", "ada@example.com"))
        return
    address = checked.normalized.casefold()
    found.identities += [("email", address), ("mailbox", mailbox_of(address))]
    found.disposable = checked.domain.casefold() in blocklist


def _phone(found: Recognised, value: str, props: Mapping[str, Any]) -> None:
    import phonenumbers  # noqa: PLC0415

    country = props.get("country")
    region = country.upper() if isinstance(country, str) and len(country) == 2 else None
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        found.problems.append(_problem("phone", "is no phone number with its country code", "+34 600 000 000"))
        return
    found.identities.append(("phone", phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)))


def _as_it_is(kind: str) -> Callable[[Recognised, str, Mapping[str, Any]], None]:
    def read(found: Recognised, value: str, _: Mapping[str, Any]) -> None:
        found.identities.append((kind, value))

    return read


_READERS: dict[str, Callable[[Recognised, str, Mapping[str, Any]], None]] = {
    "email": _email,
    "phone": _phone,
    "device": _as_it_is("device"),
    "cookie": _as_it_is("cookie"),
}


IDENTITY_PROPS = frozenset(_READERS)


def _problem(name: str, what: str, instead: str = "") -> Problem:
    return Problem(0, 0, f"props.{name}", f"props.{name} {what}", instead)
