"""Every setting can be given as a variable or as a file, and README.md names them all."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SETTINGS = ROOT / "src" / "sayso" / "config" / "settings.py"
ASKED = re.findall(r'env\.\w+\("(\w+)"', SETTINGS.read_text(encoding="utf-8"))


def read_settings(expression: str, **environment: str) -> str:
    """Return what `expression` is in a fresh process with nothing but `environment` set."""
    command = [sys.executable, "-c", f"from sayso.config import settings; print({expression})"]
    paths = {"PYTHONPATH": str(ROOT / "src"), "PATH": os.defpath}
    result = subprocess.run(command, env=paths | environment, capture_output=True, text=True, check=True)
    return result.stdout.strip()


def test_a_secret_can_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("of-the-file\n")
    home = str(tmp_path / "home")
    assert read_settings("settings.SECRET_KEY", SAYSO_HOME=home, SAYSO_SECRET_KEY="given") == "given"
    assert (
        read_settings("settings.SECRET_KEY", SAYSO_HOME=home, SAYSO_SECRET_KEY_FILE=f"{tmp_path}/key") == "of-the-file"
    )


def test_without_any_setting_everything_lies_under_the_users_home(tmp_path: Path) -> None:
    place = read_settings("settings.DATABASES['default']['NAME']", HOME=str(tmp_path))
    assert place == str(tmp_path / ".sayso" / "sayso.sqlite3")
    assert read_settings("(settings.DEBUG, settings.USE_TZ)", HOME=str(tmp_path)) == "(False, True)"


def test_a_proxy_is_believed_only_when_told_so(tmp_path: Path) -> None:
    asked = "hasattr(settings, 'SECURE_PROXY_SSL_HEADER')"
    assert read_settings(asked, HOME=str(tmp_path)) == "False"
    assert read_settings(asked, HOME=str(tmp_path), SAYSO_BEHIND_PROXY="true") == "True"


def test_browsers_are_sent_to_https_unless_plain_http_is_wanted(tmp_path: Path) -> None:
    asked = "settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_NAME"
    assert read_settings(f"({asked})", HOME=str(tmp_path)) == "(True, True, '__Host-sayso_session')"
    plain = read_settings(f"({asked})", HOME=str(tmp_path), SAYSO_PLAIN_HTTP="true")
    assert plain == "(False, False, 'sayso_session')"


def test_every_setting_is_documented() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert ASKED
    assert [name for name in ASKED if f"`{name}`" not in readme] == []


def test_words_and_numbers_are_taken_as_people_write_them(tmp_path: Path) -> None:
    asked = "(settings.LOGGING['root']['level'], settings.BEHIND_PROXY, settings.REQUESTS_PER_MINUTE)"
    given = {"SAYSO_LOG_LEVEL": "info", "SAYSO_BEHIND_PROXY": "Yes", "SAYSO_REQUESTS_PER_MINUTE": ""}
    assert read_settings(asked, HOME=str(tmp_path), **given) == "('INFO', True, 6000)"


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("SAYSO_LOG_LEVEL", "loud", "is 'loud'. Write DEBUG, INFO, WARNING, ERROR, CRITICAL."),
        ("SAYSO_REQUESTS_PER_MINUTE", "abc", "is 'abc'. Write a whole number, for example 6000."),
        ("SAYSO_CLICKS_KEPT_DAYS", "-1", "is '-1'. Write a whole number, for example 396."),
        ("SAYSO_BEHIND_PROXY", "maybe", "is 'maybe'. Write true or false."),
        ("SAYSO_ALLOWED_INTERNAL", "10.20/16", "is '10.20/16'. Write networks with commas between them"),
        ("SAYSO_SECRET_KEY_FILE", "/nofile", "names /nofile, which cannot be read. Write the path of a file"),
        ("SAYSO_MAIL_URL", "smtp://ada:secret@mail.example:port", "names no mail server. Write smtp://"),
        ("DATABASE_URL", "mysql://ada:secret@db.example/bluebell", "names no database that Sayso runs on. Write"),
        ("DATABASE_URL", "bluebell", "names no database that Sayso runs on. Write sqlite:////"),
        ("DATABASE_URL", "sqlite:////dev/null/x.sqlite3", "cannot be used: /dev/null: there is no such folder. Write"),
        ("SAYSO_HOME", "/dev/null/home", "cannot be used: /dev/null/home: Not a directory. Write a folder"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_in_one_line(
    tmp_path: Path, setting: str, value: str, said: str
) -> None:  # fmt: skip
    environment = {"PYTHONPATH": str(ROOT / "src"), "PATH": os.defpath, "HOME": str(tmp_path), setting: value}
    command = [sys.executable, "-m", "sayso.cli", "workspace", "list"]
    refused = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (1, "", 1), refused.stderr
    assert refused.stderr.startswith(f"Error: {setting} {said}")
    assert "secret@" not in refused.stderr
