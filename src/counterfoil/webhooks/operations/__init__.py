"""Verbs that change endpoints and what goes to them."""
