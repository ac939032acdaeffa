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
    "Set it up": {
        "init": "sayso.cli.workspaces:init",
        "workspace": "sayso.cli.workspaces:workspace",
        "key": "sayso.cli.keys:key",
    },
    "Write programs": {
        "program": "sayso.cli.program:program",
        "backtest": "sayso.cli.backtest:backtest",
    },
    "Bring in what happens": {
        "import": "sayso.cli.imports.commands:import_",
        "incoming": "sayso.cli.incoming:incoming",
        "set-aside": "sayso.cli.set_aside:set_aside",
    },
    "See what came of it": {
        "members": "sayso.cli.people:members",
        "why": "sayso.cli.why:why",
        "balances": "sayso.cli.books:balances",
        "budgets": "sayso.cli.books:budgets",
        "statement": "sayso.cli.books:statement",
        "verify": "sayso.cli.books:verify",
    },
    "Hand rewards over": {
        "rewards": "sayso.cli.rewards:rewards",
        "provider": "sayso.cli.fulfilment:provider",
        "coupons": "sayso.cli.fulfilment:coupons",
    },
    "Reach members and other systems": {
        "brand": "sayso.cli.brand:brand",
        "portal": "sayso.cli.portal:portal",
        "mail": "sayso.cli.mail:mail",
        "webhook": "sayso.cli.webhooks:webhook",
    },
    "Keep it running": {
        "serve": "sayso.cli.serving.commands:serve",
        "web": "sayso.cli.serving.commands:web",
        "worker": "sayso.cli.serving.commands:worker",
        "clock": "sayso.cli.clock:clock",
        "sweep": "sayso.cli.clock:sweep",
        "backup": "sayso.cli.backup:backup",
        "restore": "sayso.cli.backup:restore",
    },
}


@click.group(cls=LazyGroup, places=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sayso", prog_name="sayso")
def main() -> None:
    """Referral and loyalty programs: the written program is the program that runs.

    The database is DATABASE_URL, by default a SQLite file in SAYSO_HOME. Answers go to standard output, progress and
    errors to standard error. Exit codes: 0 done, 1 refused, 2 the command was not understood.
    """
    os.umask(OWNER_ONLY)
