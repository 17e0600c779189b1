"""The marketplace's own room: its operators find an account, see what its seller sees, and act.

Laid out as `dashboard` is, with the same templates' components and styles. A page is a view below
`shell.console_page`, its address in `urls.py` and, where it has an entry, a line in
`navigation.py`.
"""
