import json
from typing import Any

from django.db import migrations


def keep_as_the_first_of_several(apps: Any, _: Any) -> None:
    _rewrite(apps, lambda noted: [noted])


def keep_the_first(apps: Any, _: Any) -> None:
    _rewrite(apps, lambda noted: noted[0])


def _rewrite(apps: Any, form: Any) -> None:
    """Steps whose turn had not come knew one event each; now they know several, the first one first."""
    referrals = apps.get_model("referrals", "Referral").objects
    waiting = list(referrals.exclude(early="{}").values_list("id", "workspace_id", "early"))
    for number, workspace, early in waiting:
        rewritten = {step: form(noted) for step, noted in json.loads(early).items()}
        referrals.filter(id=number, workspace=workspace).update(early=json.dumps(rewritten))


class Migration(migrations.Migration):
    dependencies = [("referrals", "0006_undone")]

    operations = [migrations.RunPython(keep_as_the_first_of_several, keep_the_first)]
