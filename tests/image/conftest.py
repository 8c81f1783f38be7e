"""What several tests of the builder share: one key made for all, an archive for each that asks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.image import raspberry
from tests.image.archive import Signer
from tests.image.mirror import serve
from tests.image.raspberry import Raspberry


@pytest.fixture(scope="session")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signer]:
    """Make the key that signs the archives."""
    made = Signer.make(tmp_path_factory.mktemp("gpg") / "archive")
    yield made
    made.forget()


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signer]:
    """Make a key that no base names."""
    made = Signer.make(tmp_path_factory.mktemp("gpg") / "stranger")
    yield made
    made.forget()


@pytest.fixture
def served(tmp_path: Path, signer: Signer) -> Iterator[Raspberry]:
    """Serve a Raspberry Pi archive."""
    folder = tmp_path / "served"
    folder.mkdir()
    with serve(folder) as uri:
        yield raspberry.make(folder, uri, signer)
