"""The app as Django sees it."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    """Mails, and signing in by mail."""

    name = "sayso.domains.outreach"
    label = "outreach"

    def ready(self) -> None:
        """Listen to notices, and have the worker send mails and clean up."""
        from sayso.domains.jobs.duties import Duty, register_duty
        from sayso.domains.jobs.relay import register_consumer
        from sayso.domains.outreach.clean import clean_mails
        from sayso.domains.outreach.deliver import send_mails
        from sayso.domains.outreach.leads import forget_contacts, forget_who_never_came
        from sayso.domains.outreach.listen import MailConsumer

        register_consumer(MailConsumer())
        register_duty(Duty("mails", send_mails, every_seconds=1))
        register_duty(Duty("old-mails", clean_mails, every_seconds=3600))
        register_duty(Duty("old-contacts", forget_contacts, every_seconds=3600))
        register_duty(Duty("who-never-came", forget_who_never_came, every_seconds=3600))
