from hashlib import sha256
from typing import Any

from django.db import migrations, models


def digest_logos(apps: Any, schema_editor: Any) -> None:
    for brand in apps.get_model("workspaces", "Brand").objects.exclude(logo_type=""):
        brand.logo_digest = sha256(bytes(brand.logo)).hexdigest()
        brand.save(update_fields=["logo_digest"])


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0008_failing")]

    operations = [
        migrations.AddField("brand", "logo_digest", models.TextField(default="")),
        migrations.RunPython(digest_logos, migrations.RunPython.noop),
    ]
