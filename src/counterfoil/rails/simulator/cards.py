"""Test cards: every published number, payment method and token (reference test-data.md).

A card has up to three spellings: its number, `pm_card_…` and `tok_…`. They all lead to one
`TestCard`; what the network does with it is its scenario.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stdnum import luhn


@dataclass(frozen=True, slots=True)
class TestCard:
    """A card as its issuer made it."""

    __test__ = False  # not a test class, whatever its name says to pytest

    number: str
    brand: str
    country: str = "US"
    funding: str = "credit"
    scenario: str = "succeeds"

    @property
    def last4(self) -> str:
        return self.number[-4:]


# As older objects write them: sources, external accounts, tokens.
BRAND_NAMES: Final = {
    "visa": "Visa",
    "mastercard": "MasterCard",
    "amex": "American Express",
    "discover": "Discover",
    "diners": "Diners Club",
    "jcb": "JCB",
    "unionpay": "UnionPay",
}

# name behind pm_card_ and tok_ · number · brand · funding
_BRANDS: Final = """
visa 4242424242424242 visa credit
visa_debit 4000056655665556 visa debit
mastercard 5555555555554444 mastercard credit
- 2223003122003222 mastercard credit
mastercard_debit 5200828282828210 mastercard debit
mastercard_prepaid 5105105105105100 mastercard prepaid
amex 378282246310005 amex credit
- 371449635398431 amex credit
discover 6011111111111117 discover credit
- 6011000990139424 discover credit
- 6011981111111113 discover debit
diners 3056930009020004 diners credit
- 36227206271667 diners credit
jcb 3566002020360505 jcb credit
unionpay 6200000000000005 unionpay credit
- 6205500000000000004 unionpay credit
"""

_COUNTRIES: Final = """
BR 4000000760000002 CA 4000001240000000 MX 4000004840008001 AT 4000000400000008
BE 4000000560000004 DE 4000002760000016 DK 4000002080000001 ES 4000007240000007
FI 4000002460000001 FR 4000002500000003 IE 4000003720000005 IT 4000003800000008
NL 4000005280000002 NO 4000005780000007 PL 4000006160000005 PT 4000006200000007
SE 4000007520000008 CH 4000007560000009 GB 4000008260000000 AU 4000000360000006
HK 4000003440000004 IN 4000003560000008 JP 4000003920000003 NZ 4000005540000008
SG 4000007020000003
"""

# name behind pm_card_ (tok_ likewise) · number · scenario · issuer's country
_SCENARIOS: Final = """
bypassPending 4000000000000077 bypass_pending US
bypassPendingInternational 4000003720000278 bypass_pending IE
visa_chargeDeclined 4000000000000002 declined US
visa_chargeDeclinedInsufficientFunds 4000000000009995 insufficient_funds US
visa_chargeDeclinedLostCard 4000000000009987 lost_card US
visa_chargeDeclinedStolenCard 4000000000009979 stolen_card US
visa_chargeDeclinedVelocityLimitExceeded 4000000000006975 card_velocity_exceeded US
chargeDeclinedExpiredCard 4000000000000069 expired_card US
chargeDeclinedIncorrectCvc 4000000000000127 incorrect_cvc US
chargeDeclinedProcessingError 4000000000000119 processing_error US
chargeCustomerFail 4000000000000341 attaches_then_declined US
radarBlock 4100000000000019 risk_blocked US
riskLevelHighest 4000000000004954 risk_highest US
riskLevelElevated 4000000000009235 risk_elevated US
cvcCheckFail 4000000000000101 cvc_check_fails US
avsZipFail 4000000000000036 postal_code_fails US
avsLine1Fail 4000000000000028 line1_fails US
avsFail 4000000000000010 address_fails US
avsUnchecked 4000000000000044 address_unavailable US
createDispute 4000000000000259 dispute_fraudulent US
createDisputeProductNotReceived 4000000000002685 dispute_product_not_received US
createDisputeInquiry 4000000000001976 dispute_inquiry US
createIssuerFraudRecord 4000000000005423 early_fraud_warning US
createMultipleDisputes 4000000404000079 dispute_multiple US
createCe3EligibleDispute 4000000404000038 dispute_ce3_eligible US
createComplianceDispute 4000008400000779 dispute_visa_compliance US
createMastercardComplianceDispute 5105008400000002 dispute_mastercard_compliance US
pendingRefund 4000000000007726 refund_pending US
refundFail 4000000000005126 refund_fails US
authenticationRequiredOnSetup 4000002500003155 authentication_unless_set_up FR
authenticationRequired 4000002760003184 authentication_required DE
authenticationRequiredSetupForOffSession 4000003800000446 authentication_already_set_up IT
authenticationRequiredChargeDeclinedInsufficientFunds 4000008260003178 authentication_then_insufficient_funds GB
threeDSecure2Required 4000000000003220 authentication_required US
threeDSecureRequiredChargeDeclined 4000008400001629 authentication_then_declined US
threeDSecureRequiredProcessingError 4000008400001280 authentication_then_processing_error US
threeDSecureOptional 4000000000003055 succeeds US
- 4000000032200000 succeeds US
visa_triggerNextRequirements 4000000000004202 next_requirements_due US
visa_triggerChargeBlock 4000000000004210 charge_block US
visa_triggerPayoutBlock 4000000000004236 payout_block US
"""  # noqa: E501 - a table

# Further published names of cards above.
_ALIASES: Final = {
    "amex_threeDSecureNotSupported": "amex",
    "visa_triggerTransferBlock": "visa_triggerPayoutBlock",
    "visa_debit_us_transferSuccess": "visa_debit",
    "mastercard_debit_us_transferSuccess": "mastercard_debit",
    "us": "visa",
}


def _tables() -> tuple[dict[str, TestCard], dict[str, TestCard]]:
    by_number: dict[str, TestCard] = {}
    by_name: dict[str, TestCard] = {}

    def add(name: str, card: TestCard) -> None:
        by_number[card.number] = card
        if name != "-":
            by_name[name] = card

    for name, number, brand, funding in map(str.split, _BRANDS.strip().splitlines()):
        add(name, TestCard(number, brand, funding=funding))
    words = _COUNTRIES.split()
    for country, number in zip(words[::2], words[1::2], strict=True):
        add(country.lower(), TestCard(number, "visa", country))
    add("gb_debit", TestCard("4000058260000005", "visa", "GB", funding="debit"))
    for name, number, scenario, country in map(str.split, _SCENARIOS.strip().splitlines()):
        brand = "mastercard" if number.startswith("5") else "visa"
        add(name, TestCard(number, brand, country, scenario=scenario))
    for alias, name in _ALIASES.items():
        by_name[alias] = by_name[name]
    return by_number, by_name


_BY_NUMBER, _BY_NAME = _tables()


def card_of_payment_method(ident: str) -> TestCard | None:
    """The card behind a magic `pm_card_…`, or None."""
    return _BY_NAME.get(ident.removeprefix("pm_card_")) if ident.startswith("pm_card_") else None


def card_of_token(ident: str) -> TestCard | None:
    """The card behind a magic `tok_…`, or None."""
    return _BY_NAME.get(ident.removeprefix("tok_")) if ident.startswith("tok_") else None


def card_of_number(number: str) -> TestCard | None:
    """The card with a published test number, or None."""
    return _BY_NUMBER.get(number)


def is_card_number(number: str) -> bool:
    """Digits whose check digit fits, whoever issued them."""
    return (
        number.isascii() and number.isdigit() and 12 <= len(number) <= 19 and luhn.is_valid(number)
    )
