"""A head office with three restaurants and people of different rights."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.domain.head_office import EVERY
from tests.fakes.head_office import Office


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = Office(tmp_path_factory.mktemp("chain") / "office")
    made.open_site("lyon", "Lyon Bellecour", paid=3, unpaid=1)
    made.open_site("nice", "Nice Port", paid=1)
    made.open_site("york", "York Shambles", paid=2, currency="GBP")
    made.hire("regina", ("lyon", "nice"))
    made.hire("owner", (EVERY,), publishes=True, audits=True)
    made.hire("chef", ("lyon", "york"), publishes=True)
    made.hire("newcomer")
    yield made
    made.stop()


@pytest.fixture
def office(chain: Office, tmp_path: Path) -> Iterator[Office]:
    made = chain.copy(tmp_path / "office")
    yield made
    made.stop()
