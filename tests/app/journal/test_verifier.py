"""A key that is none verifies nothing, and breaks nothing."""

import pytest

from comptoir.journal import Signer, Verifier


def test_a_terminals_own_signature_is_accepted() -> None:
    signer = Signer.generate()
    assert Verifier(signer.public).accepts(b"d" * 32, signer.sign(b"d" * 32))
    assert not Verifier(signer.public).accepts(b"e" * 32, signer.sign(b"d" * 32))


@pytest.mark.parametrize("public", ["", "nonsense!", "AAAA", "é", "A" * 400])
def test_a_card_without_a_usable_key_signs_nothing(public: str) -> None:
    assert not Verifier(public).accepts(b"d" * 32, b"s" * 64)
