"""What operators do to an account that no other package knows: remarks.

Everything else that they do is an operation of the package whose thing it is.
"""

from __future__ import annotations

from counterfoil.kit.db import insert_rows, unit_of_work
from counterfoil.kit.ids import new_id
from counterfoil.kit.refused import InvalidRequest

LONGEST_NOTE = 2000


def write_note(*, account_id: str, operator_id: str, text: str, now_wall: int) -> str:
    """A remark about an account; its id. Raises InvalidRequest for an empty or too long one."""
    said = text.replace("\0", "").strip()
    if not said:
        raise InvalidRequest("Write something.", param="text", code="parameter_missing")
    if len(said) > LONGEST_NOTE:
        raise InvalidRequest(f"At most {LONGEST_NOTE} characters.", param="text")
    ident = new_id("note", now_wall)
    columns = ("id", "account_id", "operator_id", "created", "text")
    with unit_of_work():
        insert_rows("console_note", columns, [(ident, account_id, operator_id, now_wall, said)])
    return ident
