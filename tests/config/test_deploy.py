"""The files of `deploy/` name commands, settings and paths that are there. No container is built here."""

from __future__ import annotations

import re
from configparser import ConfigParser
from typing import Any

from click import Group
from ruamel.yaml import YAML

from sayso.cli.main import main
from tests.config.test_settings import ASKED, ROOT

DEPLOY = ROOT / "deploy"


def commands() -> set[str]:
    assert isinstance(main, Group)
    return set(main.commands) | set(main.list_commands(None))  # type: ignore[arg-type]


def test_the_unit_runs_a_command_that_there_is_and_waits_longer_than_it_takes_to_stop() -> None:
    from sayso.cli.serving.supervise import GRACE_SECONDS

    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / "sayso.service")
    service = unit["Service"]
    assert service["ExecStart"].split("/bin/sayso ")[1] in commands()
    assert service["Environment"].partition("=")[0] in ASKED
    assert int(service["TimeoutStopSec"]) > GRACE_SECONDS
    assert service["KillMode"] == "mixed"


def test_compose_runs_commands_that_there_are_with_settings_that_there_are() -> None:
    compose: dict[str, Any] = YAML(typ="safe").load(DEPLOY / "compose.yaml")
    for name in ("web", "worker"):
        service = compose["services"][name]
        assert service["command"][0] in commands()
        assert set(service["environment"]) <= set(ASKED)
        assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
    assert compose["services"]["web"]["ports"][0].startswith("127.0.0.1:")


def test_the_container_copies_what_there_is_and_starts_a_command_that_there_is() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    copied = [name for line in re.findall(r"^COPY (?!--)(.+) \S+$", text, re.MULTILINE) for name in line.split()]
    assert {"src", "requirements.lock", "hatch_build.py"} <= set(copied)
    assert [name for name in copied if not (ROOT / name).exists()] == []
    started = re.search(r'^CMD \["(\w+)"', text, re.MULTILINE)
    assert started is not None
    assert started[1] in commands()
