"""Which capabilities there are, and which an account starts with (reference api.md §2.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from counterfoil.accounts.countries import country_of
from counterfoil.accounts.profile import Capability

NAMES: Final = frozenset(
    """
    acss_debit_payments affirm_payments afterpay_clearpay_payments alma_payments
    amazon_pay_payments app_distribution au_becs_debit_payments bacs_debit_payments
    bancontact_payments bank_transfer_payments billie_payments bizum_payments blik_payments
    blik_recurring_payments boleto_payments card_issuing card_payments
    cartes_bancaires_payments cashapp_payments crypto_payments eps_payments fpx_payments
    gb_bank_transfer_payments giropay_payments grabpay_payments ideal_payments
    india_international_payments jcb_payments jp_bank_transfer_payments kakao_pay_payments
    klarna_payments konbini_payments kr_card_payments legacy_payments link_payments
    mb_way_payments mobilepay_payments multibanco_payments mx_bank_transfer_payments
    naver_pay_payments nz_bank_account_becs_debit_payments oxxo_payments p24_payments
    pay_by_bank_payments payco_payments paynow_payments paypay_payments payto_payments
    pix_payments promptpay_payments revolut_pay_payments samsung_pay_payments
    satispay_payments scalapay_payments sepa_bank_transfer_payments sepa_debit_payments
    sequra_payments sofort_payments sunbit_payments swish_payments tax_reporting_us_1099_k
    tax_reporting_us_1099_misc transfers treasury twint_payments upi_payments
    us_bank_account_ach_payments us_bank_transfer_payments wero_payments zip_payments
    """.split()
)

# These take no payments themselves: an account with nothing else cannot be charged on.
_NOT_PAYMENTS: Final = frozenset(
    "app_distribution card_issuing tax_reporting_us_1099_k tax_reporting_us_1099_misc transfers"
    " treasury".split()
)


def first_capabilities(*, dashboard: str, country: str, recipient: bool) -> list[str]:
    """What is requested for an account whose platform names no capability.

    Accounts with a dashboard of their own get card payments and transfers, as a platform's
    Connect settings have it out of the box; accounts without one get nothing unasked.
    """
    if dashboard == "none":
        return []
    home = country_of(country)
    if recipient or home is None or not home.payments:
        return ["transfers"]
    return ["card_payments", "transfers"]


def takes_payments(capabilities: Mapping[str, Capability]) -> bool:
    """Whether one of the active capabilities is a way to be paid by customers."""
    return any(
        capability.status == "active" and name not in _NOT_PAYMENTS
        for name, capability in capabilities.items()
    )
