"""Files that platforms and sellers hand in, and links that show them to others (api.md §6).

The bytes are in a Django storage (`STORAGES["files"]`), the facts in two tables. A file's type
is what its first bytes say; whoever is shown one gets it as an attachment that runs nothing.
"""
