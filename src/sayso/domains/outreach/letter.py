"""Writing a letter: the words of a mail in its reader's language, between the company's head and foot.

Owns the headers that every mail has. It must not send anything.
"""

from collections.abc import Mapping
from datetime import datetime
from email.utils import formataddr

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from sayso.domains.outreach.models import Mail, SignInCode
from sayso.domains.outreach.recipient import NotToBeSent, Recipient, recipient_of
from sayso.domains.outreach.server import Letter
from sayso.domains.outreach.sign_in import GOOD_FOR, code_of
from sayso.domains.workspaces.brand import brand_of
from sayso.domains.workspaces.models import Brand


def letter_for(mail: Mail, *, now: datetime) -> Letter:
    """Return a mail as it is sent now.

    Raises:
        NotToBeSent: it is not, and why.
    """
    to = recipient_of(mail)
    brand = brand_of(mail.workspace)
    with translation.override(to.language):
        subject, text = _sign_in(mail, brand)
    return Letter(
        sender=formataddr((brand.name, settings.MAIL_FROM)),
        to=to.address,
        subject=subject,
        text=text,
        reply_to=brand.reply_to,
        headers=_headers(mail, to),
    )


def _headers(mail: Mail, to: Recipient) -> Mapping[str, str]:
    domain = settings.MAIL_FROM.rpartition("@")[2]
    return {
        "Message-ID": f"<{mail.id}.{mail.workspace_id}@{domain}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": to.language,
    }


def _sign_in(mail: Mail, brand: Brand) -> tuple[str, str]:
    row = SignInCode.objects.filter(number=mail.cause, workspace=mail.workspace_id).first()
    if row is None or row.used_at:
        raise NotToBeSent("the code was used before it was sent")
    code = code_of(row).upper()
    shown = f"{code[:4]}-{code[4:]}"
    said = {"code": shown, "company": brand.name, "minutes": int(GOOD_FOR.total_seconds()) // 60}
    lines = (
        _("Your code to sign in at %(company)s is") % said,
        shown,
        _("It works once, for %(minutes)d minutes. If you did not ask for it, you can ignore this mail.") % said,
    )
    return _("%(code)s is your code for %(company)s") % said, "\n\n".join(lines)
