"""Backups: one archive with the database, the uploads and the secret key, and the proof of it.

`making.py` writes one, `restoring.py` reads one; `archive.py` is the file, `databases.py` what the
two engines do. docs/operate/backup.md tells operators.
"""
