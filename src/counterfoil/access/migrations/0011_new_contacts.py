import counterfoil.kit.db
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0010_account_links_ask_ahead"),
    ]

    operations = [
        migrations.CreateModel(
            name="NewContact",
            fields=[
                (
                    "session_id",
                    counterfoil.kit.db.IdField(max_length=64, primary_key=True, serialize=False),
                ),
                ("channel", models.CharField(max_length=5)),
                ("address", models.CharField(max_length=320)),
                ("ends_at", models.BigIntegerField(db_index=True)),
            ],
            options={
                "db_table": "access_newcontact",
            },
        ),
    ]
