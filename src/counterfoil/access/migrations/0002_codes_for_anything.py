from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]

    operations = [
        migrations.RenameField("signincode", "link_sha256", "key"),
        migrations.RenameField("signincode", "account_id", "holder"),
        migrations.AlterField("signincode", "expires_at", models.BigIntegerField(db_index=True)),
    ]
