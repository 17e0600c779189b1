"""Tables of payments. Amounts are minor units; `created` is the platform's clock.

`account_id` is whose object it is: the platform's own account, or a connected account's.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from counterfoil.kit.db import IdField


class Owned(models.Model):
    """What every money object carries."""

    id = IdField(primary_key=True)
    platform_id = IdField()
    livemode = models.BooleanField()
    account_id = IdField()
    created = models.BigIntegerField()
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    description = models.TextField(null=True)
    metadata = models.TextField(default="{}")

    class Meta:
        abstract = True


def newest_first(name: str) -> models.Index:
    return models.Index(fields=["account_id", "livemode", "created", "id"], name=name)


def of_customer(name: str) -> models.Index:
    """Most payments have no customer: those cost this index nothing."""
    return models.Index(
        fields=["customer_id", "created", "id"], name=name, condition=Q(customer_id__isnull=False)
    )


def found_by(column: str, *, name: str, condition: Q | None = None) -> models.Index:
    """Payments in their seller's list by a column, newest first; one that nobody lists or that
    has no such value costs it nothing."""
    fields = [column] if column != "created" else []
    wanted = Q(seller_id__isnull=False) if column in ("created", "amount") else Q()
    if column not in ("created", "amount"):
        wanted = Q(**{f"{column}__isnull": False})
    return models.Index(
        fields=["seller_id", "livemode", *fields, "created", "id"],
        name=name,
        condition=wanted & (condition or Q()),
    )


class PaymentMethod(models.Model):
    """A card as the network showed it to us; in test mode made from a magic value."""

    id = IdField(primary_key=True)
    platform_id = IdField()
    livemode = models.BooleanField()
    account_id = IdField()
    created = models.BigIntegerField()
    scenario = models.CharField(max_length=80)  # what the simulated network does with it
    card = models.TextField()  # JSON: brand, last4, expiry, country, funding, fingerprint
    billing_details = models.TextField(default="{}")
    metadata = models.TextField(default="{}")
    customer_id = IdField(null=True)
    detached = models.BooleanField(default=False)  # from a customer: never to be used again

    class Meta:
        db_table = "payments_paymentmethod"
        indexes = [
            newest_first("payment_method_of_account"),
            of_customer("method_of_customer"),
        ]


class Customer(models.Model):
    """Somebody who pays, as the platform or a connected account knows them."""

    id = IdField(primary_key=True)
    platform_id = IdField()
    livemode = models.BooleanField()
    account_id = IdField()
    created = models.BigIntegerField()
    email = models.CharField(max_length=512, null=True)
    name = models.CharField(max_length=256, null=True)
    description = models.TextField(null=True)
    phone = models.CharField(max_length=20, null=True)
    default_source_id = IdField(null=True)  # a `card_…` of its payment methods
    default_method_id = IdField(null=True)  # invoice_settings.default_payment_method
    deleted = models.BooleanField(default=False)
    details = models.TextField(default="{}")  # JSON: what nothing decides by
    metadata = models.TextField(default="{}")

    class Meta:
        db_table = "payments_customer"
        indexes = [
            newest_first("customer_of_account"),
            models.Index(fields=["account_id", "livemode", "email"], name="customer_by_email"),
        ]


class PaymentIntent(Owned):
    status = models.CharField(max_length=30)
    capture_method = models.CharField(max_length=20)
    confirmation_method = models.CharField(max_length=12)
    amount_capturable = models.BigIntegerField(default=0)
    amount_received = models.BigIntegerField(default=0)
    application_fee_amount = models.BigIntegerField(null=True)
    on_behalf_of = IdField(null=True)
    transfer_destination = IdField(null=True)
    transfer_amount = models.BigIntegerField(null=True)
    transfer_group = models.CharField(max_length=255, null=True)
    payment_method_id = IdField(null=True)
    customer_id = IdField(null=True)
    latest_charge_id = IdField(null=True)
    canceled_at = models.BigIntegerField(null=True)
    cancellation_reason = models.CharField(max_length=30, null=True)
    client_secret = models.CharField(max_length=120)
    details = models.TextField(default="{}")  # JSON: what nothing decides by

    class Meta:
        db_table = "payments_paymentintent"
        indexes = [
            newest_first("payment_intent_of_account"),
            of_customer("intent_of_customer"),
            # Not tried yet: a seller's list shows the intent itself.
            models.Index(
                fields=["account_id", "livemode", "created", "id"],
                name="intent_without_charge",
                condition=Q(latest_charge_id__isnull=True),
            ),
            models.Index(
                fields=["on_behalf_of", "livemode", "created", "id"],
                name="intent_for_seller",
                condition=Q(latest_charge_id__isnull=True, on_behalf_of__isnull=False),
            ),
        ]


class Charge(Owned):
    """`ch_…` a card payment; `py_…` what a transfer brings to a connected account."""

    status = models.CharField(max_length=12)
    captured = models.BooleanField()
    amount_captured = models.BigIntegerField(default=0)
    amount_refunded = models.BigIntegerField(default=0)
    disputed = models.BooleanField(default=False)
    available_on = models.BigIntegerField(null=True)  # of its balance transaction
    payment_intent_id = IdField(null=True)
    payment_method_id = IdField(null=True)
    customer_id = IdField(null=True)
    balance_transaction_id = IdField(null=True)
    application_fee_id = IdField(null=True)
    application_fee_amount = models.BigIntegerField(null=True)
    on_behalf_of = IdField(null=True)
    transfer_id = IdField(null=True)
    transfer_destination = IdField(null=True)
    transfer_amount = models.BigIntegerField(null=True)
    transfer_group = models.CharField(max_length=255, null=True)
    source_transfer_id = IdField(null=True)
    failure_code = models.CharField(max_length=60, null=True)
    failure_message = models.TextField(null=True)
    # What its balance transaction shows, when that is another currency; null: the same.
    settled_amount = models.BigIntegerField(null=True)
    settled_currency = models.CharField(max_length=3, null=True)
    exchange_rate = models.CharField(max_length=40, null=True)
    details = models.TextField(default="{}")
    # Whose list of payments it stands in, and by what it is found there (`listing.py`).
    seller_id = IdField(null=True)
    method = models.CharField(max_length=20, null=True)
    payer_name = models.CharField(max_length=200, null=True)
    payer_email = models.CharField(max_length=512, null=True)
    order_ref = models.CharField(max_length=100, null=True)

    class Meta:
        db_table = "payments_charge"
        indexes = [
            newest_first("charge_of_account"),
            models.Index(fields=["payment_intent_id"], name="charge_of_intent"),
            models.Index(fields=["account_id", "transfer_group"], name="charge_of_group"),
            of_customer("charge_of_customer"),
            found_by("created", name="charge_of_seller"),
            found_by("amount", name="charge_by_amount"),
            found_by("method", name="charge_by_method"),
            found_by("payer_name", name="charge_by_name"),
            found_by("payer_email", name="charge_by_email"),
            found_by("order_ref", name="charge_by_order"),
            # States that few payments are in: those alone are in the index.
            found_by("created", name="charge_given_back", condition=Q(amount_refunded__gt=0)),
            found_by("created", name="charge_failed", condition=Q(status="failed")),
            found_by(
                "created", name="charge_held", condition=Q(status="succeeded", captured=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="charge_captured_within_amount",
                condition=Q(amount_captured__gte=0) & Q(amount_captured__lte=F("amount")),
            ),
            models.CheckConstraint(
                name="charge_refunded_within_captured",
                condition=Q(amount_refunded__gte=0) & Q(amount_refunded__lte=F("amount_captured")),
            ),
        ]


class Transfer(Owned):
    amount_reversed = models.BigIntegerField(default=0)
    destination = IdField()
    destination_payment_id = IdField()
    balance_transaction_id = IdField()
    source_transaction = IdField(null=True)
    source_type = models.CharField(max_length=12, default="card")
    transfer_group = models.CharField(max_length=255, null=True)

    class Meta:
        db_table = "payments_transfer"
        indexes = [
            newest_first("transfer_of_account"),
            models.Index(fields=["source_transaction"], name="transfer_of_charge"),
            models.Index(fields=["destination"], name="transfer_to_account"),
        ]
        constraints = [
            models.CheckConstraint(
                name="transfer_reversed_within_amount",
                condition=Q(amount_reversed__gte=0) & Q(amount_reversed__lte=F("amount")),
            )
        ]


class ApplicationFee(Owned):
    amount_refunded = models.BigIntegerField(default=0)
    connected_account_id = IdField()
    balance_transaction_id = IdField()
    charge_id = IdField(null=True)
    payout_id = IdField(null=True)  # of an instant payout's fee, which has no charge
    originating_transaction = IdField(null=True)

    # In other currencies than its own; null: the same. On the platform, and on the account.
    settled_amount = models.BigIntegerField(null=True)
    settled_currency = models.CharField(max_length=3, null=True)
    exchange_rate = models.CharField(max_length=40, null=True)
    account_amount = models.BigIntegerField(null=True)
    account_currency = models.CharField(max_length=3, null=True)

    class Meta:
        db_table = "payments_applicationfee"
        indexes = [
            newest_first("application_fee_of_account"),
            models.Index(fields=["charge_id"], name="application_fee_of_charge"),
        ]
        constraints = [
            models.CheckConstraint(
                name="application_fee_refunded_within_amount",
                condition=Q(amount_refunded__gte=0) & Q(amount_refunded__lte=F("amount")),
            )
        ]


class Refund(Owned):
    """`re_…` money back to a cardholder; `pyr_…` what a reversed transfer takes from a payment."""

    charge_id = IdField()
    payment_intent_id = IdField(null=True)
    status = models.CharField(max_length=16)
    pending_reason = models.CharField(max_length=20, null=True)
    reason = models.CharField(max_length=30, null=True)
    failure_reason = models.CharField(max_length=40, null=True)
    decided_by = models.CharField(max_length=8, null=True)  # platform | seller; null: the clock
    reverses_transfer = models.BooleanField(default=False)
    refunds_fee = models.BooleanField(default=False)
    purpose = models.CharField(max_length=20, null=True)  # the balance it was taken from
    balance_transaction_id = IdField(null=True)
    failure_transaction_id = IdField(null=True)
    transfer_reversal_id = IdField(null=True)
    source_transfer_reversal_id = IdField(null=True)
    next_at = models.BigIntegerField(null=True)  # when the network moves it on (platform clock)
    # What it takes from its account, when the charge was settled in another currency.
    settled_amount = models.BigIntegerField(null=True)
    settled_currency = models.CharField(max_length=3, null=True)

    class Meta:
        db_table = "payments_refund"
        indexes = [
            newest_first("refund_of_account"),
            models.Index(fields=["charge_id", "created", "id"], name="refund_of_charge"),
            models.Index(
                fields=["account_id", "livemode", "currency", "created", "id"],
                name="refund_waiting_for_funds",
                condition=Q(status="pending", pending_reason="insufficient_funds"),
            ),
            models.Index(
                fields=["platform_id", "next_at"], name="refund_due", condition=Q(next_at__gt=0)
            ),
        ]
        constraints = [
            models.CheckConstraint(name="refund_amount_is_positive", condition=Q(amount__gt=0))
        ]


class TransferReversal(Owned):
    transfer_id = IdField()
    balance_transaction_id = IdField()
    destination_payment_refund_id = IdField()
    source_refund_id = IdField(null=True)

    class Meta:
        db_table = "payments_transferreversal"
        indexes = [
            models.Index(fields=["transfer_id", "created", "id"], name="reversal_of_transfer")
        ]
        constraints = [
            models.CheckConstraint(name="reversal_amount_is_positive", condition=Q(amount__gt=0))
        ]


class FeeRefund(Owned):
    fee_id = IdField()
    balance_transaction_id = IdField()

    class Meta:
        db_table = "payments_feerefund"
        indexes = [models.Index(fields=["fee_id", "created", "id"], name="refund_of_fee")]
        constraints = [
            models.CheckConstraint(name="fee_refund_amount_is_positive", condition=Q(amount__gt=0))
        ]


class Topup(Owned):
    """`tu_…` money from the owner's bank into one of its balances."""

    status = models.CharField(max_length=12)
    purpose = models.CharField(max_length=20)  # payments, or prefunding for a seller
    initiated_by = models.CharField(max_length=8, default="user")  # user | stripe
    # Test mode: what the bank will answer (`paid` or a failure code), and when.
    outcome = models.CharField(max_length=40, null=True)
    next_at = models.BigIntegerField(null=True)
    expected_on = models.BigIntegerField(null=True)
    # Live mode: what the owner writes on its bank transfer.
    reference = models.CharField(max_length=20, null=True)
    external_account_id = IdField(null=True)  # the seller's bank account that is debited
    last4 = models.CharField(max_length=4, null=True)
    failure_code = models.CharField(max_length=60, null=True)
    failure_message = models.TextField(null=True)
    balance_transaction_id = IdField(null=True)
    reversal_transaction_id = IdField(null=True)
    statement_descriptor = models.CharField(max_length=15, null=True)
    transfer_group = models.CharField(max_length=255, null=True)

    class Meta:
        db_table = "payments_topup"
        indexes = [
            newest_first("topup_of_account"),
            models.Index(
                fields=["platform_id", "next_at"], name="topup_due", condition=Q(next_at__gt=0)
            ),
        ]
        constraints = [
            models.CheckConstraint(name="topup_amount_is_positive", condition=Q(amount__gt=0)),
            models.UniqueConstraint(
                fields=["platform_id", "reference"],
                name="topup_reference_once",
                condition=Q(reference__isnull=False),
            ),
        ]


class Position(models.Model):
    """What a connected account has on `payments` in one currency, all days together.

    Its row is what operations on the account's money queue behind: who changed it holds it
    until the end of the transaction, so that the platform's reserve always follows.
    """

    pk = models.CompositePrimaryKey("account_id", "livemode", "currency")
    account_id = IdField()
    livemode = models.BooleanField()
    currency = models.CharField(max_length=3)
    balance = models.BigIntegerField()

    class Meta:
        db_table = "payments_position"


class Shortfall(models.Model):
    """An account below zero, or for whose sake the platform's money is still held.

    Written only while its position is held.
    """

    id = IdField(primary_key=True)
    platform_id = IdField()
    livemode = models.BooleanField()
    account_id = IdField()
    created = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    since = models.BigIntegerField(null=True)  # below zero without a break; null: no longer
    reserved = models.BigIntegerField(default=0)  # of the platform's money, for what is missing
    kept = models.BigIntegerField(default=0)  # reserved still, though a bank debit repaid it
    kept_until = models.BigIntegerField(null=True)
    debit_at = models.BigIntegerField(null=True)  # when the bank account is debited (again)
    debits_failed = models.SmallIntegerField(default=0)
    topup_id = IdField(null=True)  # the last debit
    next_at = models.BigIntegerField(null=True)  # the earliest of what the clock will do

    class Meta:
        db_table = "payments_shortfall"
        indexes = [
            models.Index(
                fields=["platform_id", "next_at"], name="shortfall_due", condition=Q(next_at__gt=0)
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account_id", "livemode", "currency"], name="shortfall_once"
            ),
            models.CheckConstraint(
                name="shortfall_holds_no_negative", condition=Q(reserved__gte=0, kept__gte=0)
            ),
        ]
