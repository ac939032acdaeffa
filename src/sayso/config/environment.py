"""Owns how a setting is read, and what is said of one that cannot be used: its name, what is wrong, what to write.

It must not know a setting. A value is repeated only where it is a word or a number: a URL may hold a password.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TypeVar

from environs import FileAwareEnv

T = TypeVar("T")

_YES, _NO = frozenset({"true", "t", "yes", "y", "on", "1"}), frozenset({"false", "f", "no", "n", "off", "0"})


class SettingNotUsable(ValueError):
    """A setting cannot be used; its text says which, why, and what to write."""


@contextmanager
def usable(name: str, *, write: str) -> Iterator[None]:
    """Say which setting it was when a file or folder that it names cannot be used.

    Args:
        name: the setting.
        write: what to write there instead.

    Raises:
        SettingNotUsable: as it says.
    """
    try:
        yield
    except (OSError, RuntimeError) as error:
        wrong = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) and error.filename else str(error)
        raise SettingNotUsable(f"{name} cannot be used: {wrong.rstrip('.')}. Write {write}.") from error


class Environment:
    """The environment variables of this process; one that is empty counts as not set.

    Every method takes the name of a setting and what holds without it, and raises `SettingNotUsable`.
    """

    def __init__(self) -> None:
        self._values = FileAwareEnv(strip_whitespace=True)

    def text(self, name: str, default: str = "") -> str:
        """Return a text, or what stands in the file that the same name with `_FILE` names."""
        try:
            return self._values.str(name, "") or default
        except (ValueError, OSError):
            file = self._values.str(f"{name}_FILE", "")
            wrong = f"{name}_FILE names {file}, which cannot be read"
            raise SettingNotUsable(f"{wrong}. Write the path of a file that holds the value of {name}.") from None

    def words(self, name: str, default: list[str]) -> list[str]:
        """Return what stands between commas."""
        return self.read(name, default, as_=_words, write="words with commas between them")

    def count(self, name: str, default: int) -> int:
        """Return a whole number from 0 up."""
        return self.read(name, default, as_=_count, write=f"a whole number, for example {default}")

    def flag(self, name: str, default: bool) -> bool:
        """Return whether it is so."""
        return self.read(name, default, as_=_flag, write="true or false")

    def networks(self, name: str) -> list[IPv4Network | IPv6Network]:
        """Return networks that stand between commas; a single address is one."""
        example = "networks with commas between them, for example 10.20.0.0/16,127.0.0.1"
        return self.read(name, list[IPv4Network | IPv6Network](), as_=_networks, write=example)

    def read(self, name: str, default: T, *, as_: Callable[[str], T], write: str) -> T:
        """Return a value as `as_` reads it, which raises a ValueError for one that cannot be used.

        `write` says what to write instead.
        """
        text = self.text(name)
        if not text:
            return default
        try:
            return as_(text)
        except ValueError:
            raise SettingNotUsable(f"{name} is {text!r}. Write {write}.") from None


def _words(text: str) -> list[str]:
    return [word for part in text.split(",") if (word := part.strip())]


def _networks(text: str) -> list[IPv4Network | IPv6Network]:
    return [ip_network(word, strict=False) for word in _words(text)]


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError
    return int(text)


def _flag(text: str) -> bool:
    word = text.casefold()
    if word not in _YES | _NO:
        raise ValueError
    return word in _YES
