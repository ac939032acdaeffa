"""The app as Django sees it."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The books."""

    name = "sayso.domains.ledger"
    label = "ledger"
