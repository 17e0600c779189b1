"""Payouts: what leaves a balance for a bank account, and the lines each one settles."""
