"""Giving one's details: one short form at a time, only what is due.

The same forms serve hosted onboarding (by an account link) and `/requirements` (signed in):
`fields` says what a form asks and how it is read, `steps` which forms there are and which are due,
`giving` writes what was typed. Fields are named as the API names requirements.
"""
