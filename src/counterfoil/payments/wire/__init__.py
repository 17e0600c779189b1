"""Payment objects as the API and its events show them (SDK types; reference api.md §§3–5)."""

from counterfoil.payments.wire.charge import ChargeWire, charge_wire
from counterfoil.payments.wire.intent import PaymentIntentWire, payment_intent_wire
from counterfoil.payments.wire.method import PaymentMethodWire, payment_method_wire
from counterfoil.payments.wire.money import (
    ApplicationFeeWire,
    TransferWire,
    application_fee_wire,
    transfer_wire,
)

__all__ = [
    "ApplicationFeeWire",
    "ChargeWire",
    "PaymentIntentWire",
    "PaymentMethodWire",
    "TransferWire",
    "application_fee_wire",
    "charge_wire",
    "payment_intent_wire",
    "payment_method_wire",
    "transfer_wire",
]
