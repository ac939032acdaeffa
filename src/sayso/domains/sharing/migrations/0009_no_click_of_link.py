from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sharing", "0008_names_read")]

    operations = [migrations.RemoveIndex(model_name="click", name="click_of_link")]
