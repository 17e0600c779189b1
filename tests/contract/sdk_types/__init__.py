"""Does an answer of ours fit the typed classes of the official `stripe` package?

    assert_valid(client.v1.charges.retrieve("ch_…"))   # raises AssertionError with every problem
    validate({"object": "charge", …})                  # the same as a list of sentences
    validate_error({"error": {…}})                     # the error envelope
    sample("charge")                                   # an answer that fits, made from the types

The rules:

- `Union[Literal["a", "b"], str]` means its literals. `bool` is not `int`, `int` is not `float`.
- A field without `Optional` must be there and is never null.
- `Optional` stands for two things in the Python SDK, "may be null" and "may be left out". Such a
  field must be there and may be null, unless `presence.py` says otherwise for its class.
- A hash with a `type` carries the hash that the type names (`card` where `type` is "card").
- Unknown fields are errors at every depth. Maps (`metadata`) are free in their keys only.
- `ExpandableField[X]` is an id, an X or a deleted X. A union of classes goes by the `object` field.
- A list is exactly `object`, `data`, `has_more`, `url`; each element is checked.
- A deleted object is `id`, `object`, `deleted: true`, and what `schema.py` names beside it.
- `event.data.object` is checked by its own `object` field; `previous_attributes` is free.

Covered: every class of the SDK's `/v1` object table. Not covered: `/v2` objects, which we do not
serve, and the few fuller shapes of deleted discounts and terminal readers.
"""

from tests.contract.sdk_types.check import assert_valid, validate
from tests.contract.sdk_types.errors import validate_error
from tests.contract.sdk_types.sample import sample

__all__ = ["assert_valid", "sample", "validate", "validate_error"]
