from tests.support.builders import world  # noqa: F401 - a fixture
from tests.support.committed import committed_database  # noqa: F401 - a fixture
