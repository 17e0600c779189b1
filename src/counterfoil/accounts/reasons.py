"""What we say about each way in which a detail can fail, for the account's holder."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

REASONS: Final = {
    "invalid_address_city_state_postal_code": gettext_noop(
        "The city, state and postal code do not belong together. Check them for typing errors."
    ),
    "invalid_business_profile_name": gettext_noop(
        "This business name is not valid. Give the name you trade as."
    ),
    "invalid_business_profile_name_denylisted": gettext_noop(
        "This business name cannot be used. Give the name you trade as."
    ),
    "invalid_company_name_denylisted": gettext_noop(
        "This company name cannot be used. Give the name the company is registered under."
    ),
    "invalid_dob_age_under_18": gettext_noop("The person must be at least 18 years old."),
    "invalid_statement_descriptor_business_mismatch": gettext_noop(
        "The statement descriptor must resemble the business name or web address."
    ),
    "invalid_statement_descriptor_denylisted": gettext_noop(
        "This statement descriptor cannot be used. Choose one like the business name."
    ),
    "invalid_statement_descriptor_prefix_denylisted": gettext_noop(
        "This statement descriptor prefix cannot be used. Choose one like the business name."
    ),
    "invalid_statement_descriptor_prefix_mismatch": gettext_noop(
        "The statement descriptor prefix must resemble the business name or web address."
    ),
    "invalid_url_denylisted": gettext_noop(
        "This web address cannot be used. Give the business's own."
    ),
    "invalid_url_web_presence_detected": gettext_noop(
        "The business has a website. Give its address instead of a description."
    ),
    "invalid_url_website_business_information_mismatch": gettext_noop(
        "The website shows another business than the one described here."
    ),
    "invalid_url_website_inaccessible": gettext_noop("The website could not be reached."),
    "invalid_url_website_inaccessible_geoblocked": gettext_noop(
        "The website cannot be reached from every country."
    ),
    "invalid_url_website_inaccessible_password_protected": gettext_noop(
        "The website asks for a password. Make it public."
    ),
    "invalid_url_website_incomplete": gettext_noop(
        "The website lacks what customers need to know about the business."
    ),
    "invalid_url_website_incomplete_under_construction": gettext_noop(
        "The website is still being built."
    ),
    "invalid_url_website_other": gettext_noop("The website could not be checked."),
    "information_missing": gettext_noop("Something that is asked for has not been given yet."),
    "verification_directors_mismatch": gettext_noop(
        "The company's directors differ from the registry's."
    ),
    "verification_document_failed_other": gettext_noop(
        "The document could not be accepted. Take a clear picture of all of it, in colour."
    ),
    "verification_document_invalid": gettext_noop("The document is not one that can be accepted."),
    "verification_document_name_mismatch": gettext_noop("The document is in another name."),
    "verification_extraneous_directors": gettext_noop(
        "The company has directors here whom the registry does not know."
    ),
    "verification_failed_address_match": gettext_noop("The address could not be confirmed."),
    "verification_failed_id_number_match": gettext_noop(
        "The identity number does not belong to this name and birth date."
    ),
    "verification_failed_keyed_identity": gettext_noop(
        "The person's identity could not be confirmed."
    ),
    "verification_failed_keyed_match": gettext_noop(
        "The company could not be found in the registry."
    ),
    "verification_failed_name_match": gettext_noop("The name does not match the registered one."),
    "verification_failed_tax_id_match": gettext_noop("The tax id does not belong to this name."),
    "verification_failed_tax_id_not_issued": gettext_noop(
        "The tax id has not been issued to anyone."
    ),
    "verification_missing_directors": gettext_noop(
        "The company's directors differ from the registry's."
    ),
    "verification_missing_owners": gettext_noop("The company's owners differ from the registry's."),
}
