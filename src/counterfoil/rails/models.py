from __future__ import annotations

from django.db import models

from counterfoil.kit.db import IdField


class SimulatedOrder(models.Model):
    """What the simulated bank wrote down: its own book, committed apart from ours.

    Moments are the platform's clock, UTC seconds.
    """

    key = IdField(primary_key=True)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    outcome = models.CharField(max_length=40)  # "paid", or the failure code it comes back with
    accepted_at = models.BigIntegerField()
    lands_at = models.BigIntegerField()
    returns_at = models.BigIntegerField(null=True)  # a late failure, after it had arrived
    received = models.IntegerField(default=1)  # how often it was handed over; carried out once

    class Meta:
        db_table = "rails_simulatedorder"
