"""The app as Django sees it."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """Referral codes, share links, the clicks on them, and what was tried."""

    name = "sayso.domains.sharing"
    label = "sharing"

    def ready(self) -> None:
        """Have the worker forget old clicks, tries and invitations, and note the names of those who recommend."""
        from sayso.domains.jobs.duties import Duty, register_duty
        from sayso.domains.sharing.clean import clean_clicks, clean_tries, forget_invitations
        from sayso.domains.sharing.names import note_names

        register_duty(Duty("old-clicks", clean_clicks, every_seconds=3600))
        register_duty(Duty("old-tries", clean_tries, every_seconds=600))
        register_duty(Duty("old-invitations", forget_invitations, every_seconds=3600))
        register_duty(Duty("names-of-advocates", note_names, every_seconds=60))
