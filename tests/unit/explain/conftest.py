from tests.support.builders import world  # noqa: F401 - a fixture
