from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workspaces", "0009_logo_digest")]

    # Hosts that were named before stand at one place, and go on in the order of the alphabet.
    operations = [migrations.AddField("sitehost", "place", models.BigIntegerField(default=0))]
