"""Disputes: the cardholder's bank takes money back, the seller answers, the bank decides.

Also the issuer's early fraud warnings, which ask for nothing and announce a dispute.
"""
