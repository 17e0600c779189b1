from tests.support.committed import committed_database  # noqa: F401 - a fixture
