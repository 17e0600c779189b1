"""Verbs that change something about payments, one file each."""
