from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("referrals", "0004_in_doubt")]

    operations = [
        migrations.AddField("referral", "by_address", models.BooleanField(default=False)),
    ]
