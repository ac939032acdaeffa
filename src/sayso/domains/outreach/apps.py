"""The app as Django sees it."""

from importlib import import_module

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    """Mails, and signing in by mail."""

    name = "sayso.domains.outreach"
    label = "outreach"

    def ready(self) -> None:
        """Listen to notices, and have the worker send mails and clean up."""
        duties, relay = (import_module(f"sayso.domains.jobs.{name}") for name in ("duties", "relay"))
        names = ("deliver", "clean", "listen", "leads")
        deliver, clean, listen, leads = (import_module(f"{self.name}.{name}") for name in names)
        relay.register_consumer(listen.MailConsumer())
        duties.register_duty(duties.Duty("mails", deliver.send_mails, every_seconds=1))
        duties.register_duty(duties.Duty("old-mails", clean.clean_mails, every_seconds=3600))
        duties.register_duty(duties.Duty("old-contacts", leads.forget_contacts, every_seconds=3600))
