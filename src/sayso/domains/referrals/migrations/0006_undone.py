from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("referrals", "0005_by_address")]

    operations = [
        migrations.AddField("referral", "undone", models.TextField(default="[]")),
    ]
