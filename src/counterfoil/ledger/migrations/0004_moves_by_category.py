import counterfoil.kit.db
from django.db import migrations, models

_FILL = """
INSERT INTO ledger_dailymove (owner, livemode, currency, day, category, gross, fee, net, count)
SELECT owner, livemode, currency, created / 86400, reporting_category,
       SUM(amount), SUM(fee), SUM(net), COUNT(*)
FROM ledger_balancetransaction
WHERE owner <> platform_id AND balance_type = 'payments'
GROUP BY owner, livemode, currency, created / 86400, reporting_category
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_moves")]

    operations = [
        migrations.DeleteModel("DailyMove"),
        migrations.CreateModel(
            name="DailyMove",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "owner",
                        "livemode",
                        "currency",
                        "day",
                        "category",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("owner", counterfoil.kit.db.IdField(max_length=64)),
                ("livemode", models.BooleanField()),
                ("currency", models.CharField(max_length=3)),
                ("day", models.IntegerField()),
                ("category", models.CharField(max_length=40)),
                ("gross", models.BigIntegerField()),
                ("fee", models.BigIntegerField()),
                ("net", models.BigIntegerField()),
                ("count", models.BigIntegerField()),
            ],
            options={"db_table": "ledger_dailymove"},
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
    ]
