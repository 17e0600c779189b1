"""What can be done to accounts."""

from counterfoil.accounts.operations.contact import replace_phone
from counterfoil.accounts.operations.create import create_account
from counterfoil.accounts.operations.external import (
    create_external_account,
    delete_external_account,
    mark_errored,
    update_external_account,
)
from counterfoil.accounts.operations.handing_over import (
    check_platform_may_change,
    check_still_the_platforms,
    hand_over,
)
from counterfoil.accounts.operations.parting import close_account
from counterfoil.accounts.operations.persons import create_person, delete_person, update_person
from counterfoil.accounts.operations.standing import (
    answer_question,
    ask_for_the_rest,
    ask_question,
    delete_account,
    reject_account,
    unreject_account,
    update_capability,
)
from counterfoil.accounts.operations.tokens import create_token, use_card_token
from counterfoil.accounts.operations.update import update_account
from counterfoil.accounts.operations.verify import verify_account

__all__ = [
    "answer_question",
    "ask_for_the_rest",
    "ask_question",
    "check_platform_may_change",
    "check_still_the_platforms",
    "close_account",
    "create_account",
    "create_external_account",
    "create_person",
    "create_token",
    "delete_account",
    "delete_external_account",
    "delete_person",
    "hand_over",
    "mark_errored",
    "reject_account",
    "replace_phone",
    "unreject_account",
    "update_account",
    "update_capability",
    "update_external_account",
    "update_person",
    "use_card_token",
    "verify_account",
]
