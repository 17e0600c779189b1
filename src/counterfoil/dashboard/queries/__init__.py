"""What the seller's pages read: plain SQL, few round trips, rows into slotted dataclasses.

One module a subject. Every query starts from (account, mode), the key that the signed-in person
was given (design §5). Amounts are minor units, moments UTC seconds.
"""
