"""The books: append-only entries and postings, balances, balance transactions, sealed blocks.

The ledger knows no seller: an owner is an id, a purpose says which of its accounts is meant.
"""
