"""One module per page: find what it shows, pick the template."""
