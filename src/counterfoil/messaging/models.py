"""Which channel does not get through, so that pages can say so. Wall clock, UTC seconds."""

from __future__ import annotations

from django.db import models


class Trouble(models.Model):
    """A channel whose last message could not be handed over; gone with the next that can."""

    channel = models.CharField(max_length=5, primary_key=True)  # email | sms
    since = models.BigIntegerField()

    class Meta:
        db_table = "messaging_trouble"
