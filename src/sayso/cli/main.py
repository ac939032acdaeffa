"""Owns the list of commands. What each does stands in the module named beside it, which is imported when it runs.

It must not import anything slow: the help must come at once.
"""

from __future__ import annotations

import os

import click

from sayso.cli.group import LazyGroup

# What is written holds people's data: a SQLite file, a backup, a secret key.
OWNER_ONLY = 0o077

COMMANDS = {
    "init": "sayso.cli.workspaces:init",
    "workspace": "sayso.cli.workspaces:workspace",
    "program": "sayso.cli.program:program",
    "import": "sayso.cli.imports.commands:import_",
    "members": "sayso.cli.people:members",
    "balances": "sayso.cli.books:balances",
    "statement": "sayso.cli.books:statement",
    "verify": "sayso.cli.books:verify",
    "why": "sayso.cli.why:why",
    "rewards": "sayso.cli.rewards:rewards",
    "provider": "sayso.cli.fulfilment:provider",
    "coupons": "sayso.cli.fulfilment:coupons",
    "key": "sayso.cli.keys:key",
    "brand": "sayso.cli.brand:brand",
    "portal": "sayso.cli.portal:portal",
    "mail": "sayso.cli.mail:mail",
    "webhook": "sayso.cli.webhooks:webhook",
    "incoming": "sayso.cli.incoming:incoming",
    "clock": "sayso.cli.clock:clock",
    "sweep": "sayso.cli.clock:sweep",
    "set-aside": "sayso.cli.set_aside:set_aside",
    "backtest": "sayso.cli.backtest:backtest",
    "backup": "sayso.cli.backup:backup",
    "restore": "sayso.cli.backup:restore",
    "serve": "sayso.cli.serving.commands:serve",
    "web": "sayso.cli.serving.commands:web",
    "worker": "sayso.cli.serving.commands:worker",
}


@click.group(cls=LazyGroup, places=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sayso", prog_name="sayso")
def main() -> None:
    """Referral and loyalty programs: the written program is the program that runs.

    The database is DATABASE_URL, by default a SQLite file in SAYSO_HOME. Answers go to standard output, progress and
    errors to standard error. Exit codes: 0 done, 1 refused, 2 the command was not understood.
    """
    os.umask(OWNER_ONLY)
