"""Lists as files: the same rows, names and totals as on the screen, as CSV, XLSX or JSON.

A small one is answered at once; a long one is made by a worker, with progress, and downloaded.
"""
