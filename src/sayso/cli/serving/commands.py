"""Owns `sayso serve`, `sayso web` and `sayso worker`, and what they print when they start.

It must not know how processes are kept.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import click

from sayso.cli.answers import Refused
from sayso.cli.connect import start_django
from sayso.cli.serving.lifetime import keep_what_is_loaded, stop_when_told
from sayso.cli.serving.prepare import FirstKey, prepare_database
from sayso.cli.serving.web import Address, answers, check_free, run_web

F = TypeVar("F", bound=Callable[..., Any])

_SENT_TO_HTTPS = (
    "Browsers are sent to https, which is not spoken here, and the API is refused without it: put a proxy with https "
    "before it and set SAYSO_BEHIND_PROXY=true, or serve plain http with SAYSO_PLAIN_HTTP=true."
)


def _address_options(command: F) -> F:
    for option in (
        click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True, help="How many serve."),
        click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Where to listen."),
        click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen."),
    ):
        command = option(command)
    return command


@click.command()
@_address_options
def serve(host: str, port: int, processes: int) -> None:
    """Run everything: the web server and the worker, under one supervisor.

    The database is brought up to date first. The first start makes a first API key and prints it, once. SIGTERM or
    Ctrl-C stops gracefully: what is under way is finished, nothing new is begun. When a part ends by itself, all end.
    """
    address = Address(host, port, processes)
    first = _prepare(address)
    from sayso.cli.serving.supervise import supervise

    parts: dict[str, Callable[[], None]] = {"web": partial(run_web, address), "worker": _work}
    ended = supervise(parts, started=partial(_told, address, first))
    if ended:
        raise Refused(f"The {ended} process ended by itself, so everything was stopped. Its last words are above.")


@click.command()
@_address_options
def web(host: str, port: int, processes: int) -> None:
    """Run the web server alone; some host must run a worker too."""
    address = Address(host, port, processes)
    first = _prepare(address)
    _say_where(address)
    _say_first_key(first)
    _say_of_keys(first)
    run_web(address)


@click.command()
def worker() -> None:
    """Run the worker alone: what falls due, deliveries, long tasks. Any number may run, on any host."""
    _log_as_a_service()
    start_django()
    _say_first_key(prepare_database())
    _work()


def _prepare(address: Address) -> FirstKey | None:
    check_free(address)
    # Nothing of what is imported is garbage; looking for some takes an eighth of the start.
    gc.disable()
    _log_as_a_service()
    # Browsers on this machine speak plain http to it. Who puts a proxy in front says so, and https is demanded again.
    if address.is_loopback and not os.environ.get("SAYSO_BEHIND_PROXY"):
        os.environ.setdefault("SAYSO_PLAIN_HTTP", "true")
    start_django()
    return prepare_database()


def _log_as_a_service() -> None:
    """Log requests, and for machines unless somebody is looking."""
    os.environ.setdefault("SAYSO_LOG_LEVEL", "INFO")
    os.environ.setdefault("SAYSO_LOG_JSON", "false" if sys.stderr.isatty() else "true")


def _work() -> None:
    from sayso.domains.jobs.worker import run_worker

    stop = stop_when_told()
    keep_what_is_loaded()
    run_worker(stop)


def _told(address: Address, first: FirstKey | None) -> bool:
    """Say where the web server listens, once it does."""
    if not answers(address):
        return False
    _say_where(address)
    _say_first_key(first)
    _say_of_keys(first)
    click.echo("Ctrl-C stops it.")
    return True


def _say_where(address: Address) -> None:
    from django.conf import settings

    click.echo(f"Sayso listens at {address.url}")
    if settings.SECURE_SSL_REDIRECT and not settings.BEHIND_PROXY:
        click.echo(_SENT_TO_HTTPS)


def _say_of_keys(first: FirstKey | None) -> None:
    if first is None:
        click.echo("There are keys already; sayso key create NAME makes another.")


def _say_first_key(first: FirstKey | None) -> None:
    if first is None:
        return
    click.echo(f"The first API key, of the workspace {first.workspace}. It is shown this once:")
    click.echo(f"\n  {first.secret}\n")
    if first.zone:
        change = "before its first event `sayso init --timezone ZONE` changes that"
        click.echo(f"The workspace {first.workspace} is new, its days in {first.zone}; {change}.")
