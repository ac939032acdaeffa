"""Workspaces that send mails, for tests: the cast with addresses, and having everything told.

Owns the making of what is to be told. It must not check anything.
"""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

from sayso.core.engine.events import Arrival
from sayso.domains.jobs.relay import relay
from sayso.domains.outreach.models import TURNED_ON
from sayso.domains.outreach.switches import set_mail
from sayso.domains.rewards.fulfilment.here import hand_over_here
from sayso.domains.rewards.set_provider import Scope, set_provider
from sayso.domains.workspaces.brand import BrandChange, set_brand
from sayso.domains.workspaces.models import Workspace
from tests.domains.cast import START, decide, event, open_bluebell
from tests.domains.outreach.post_office import PostOffice, signup


def soon() -> datetime:
    """When everything that waits for something else is due."""
    return datetime.now(UTC) + timedelta(minutes=1)


def open_with(*texts: str) -> Workspace:
    """A workspace that sends every mail."""
    workspace = open_bluebell(*texts)
    brand = BrandChange(name="Bluebell Coffee", postal_address="Calle Mayor 1\n28013 Madrid")
    set_brand(workspace=workspace, change=brand)
    set_provider(workspace=workspace, scope=Scope("coupon"), way="generated", settings={"prefix": "BLUE"}, now=START)
    return workspace


def turn_on(workspace: Workspace, *kinds: str) -> None:
    """Have mails of some kinds sent, of every kind unless said."""
    for kind in kinds or TURNED_ON:
        set_mail(workspace=workspace, kind=kind, on=True, now=START, countries=["ES"] if kind == "lead" else [])


def ada_and_ben(**of_ben: object) -> list[Arrival]:
    """Ada has a code, Ben signs up with it."""
    shared = {"shared": {"given": True, "version": 1, "language": "en"}}
    props = {"name": "Ben Blue", "consents": shared, **of_ben}
    return [
        signup("a-1", "Ada", "ada@example.com", props={"name": "Ada Byron"}),
        event("a-2", "member_updated", "Ada", props={"code": "ADA-10"}),
        signup("b-1", "Ben", "ben@example.com", after=timedelta(hours=1), referral_code="ADA-10", props=props),
    ]


def told(workspace: Workspace, office: PostOffice, *arrivals: Arrival) -> dict[str, EmailMessage]:
    """The mails that arrivals are worth, by recipient."""
    decide(workspace, arrivals)
    hand_over()
    return {letter["To"]: letter for letter in office.empty(soon())}


def hand_over() -> None:
    """Tell what was decided, hand over what can be, and tell that."""
    for _ in range(2):
        while relay(datetime.now(UTC)):
            pass
        while hand_over_here(soon()):
            pass
