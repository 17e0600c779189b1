from tests.support.reading import english  # noqa: F401 - a fixture
