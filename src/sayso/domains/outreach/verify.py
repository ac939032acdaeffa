"""No mail after an opt-out (promise 11 of DESIGN 8), as one query.

It must not repair anything.
"""

from sayso.domains.workspaces.promises import Check

# What is written and then stopped in the same minute may be on its way already.
CHECKS = (
    Check(
        11,
        "mail",
        "it ({0}) went to a mailbox whose owner had stopped mails",
        """SELECT m.number, m.kind FROM outreach_mail m
        JOIN outreach_suppression s ON s.mark = m.mark AND s.workspace_id = %(workspace)s
        WHERE m.workspace_id = %(workspace)s AND m.state = 'sent' AND m.kind NOT IN ('sign_in', 'test')
        AND m.ended_at > s.made_at + 60000000 ORDER BY m.number""",
    ),
)
