"""Users and audit of the head office: what every store must do with them."""

from pathlib import Path

import pytest

from comptoir.cloud import EmbeddedStore, Store, people_files
from comptoir.domain.head_office import PUBLISHED, SAW, Entry, User

ANN = User("ann", "hash", "SECRET", ("lyon",), publishes=True, language="fr")


def test_a_person_reads_back_as_written(store: Store) -> None:
    store.people.set_user(ANN)
    assert store.people.user("ann") == ANN
    assert store.people.user("bob") is None


def test_people_are_listed_by_name_and_changed_in_place(store: Store) -> None:
    for user in (User("bob"), ANN, User("ann", restaurants=("nice",))):
        store.people.set_user(user)
    assert [(one.name, one.restaurants) for one in store.people.users()] == [
        ("ann", ("nice",)),
        ("bob", ()),
    ]


def test_a_code_is_good_once_and_none_before_it(store: Store) -> None:
    store.people.set_user(ANN)
    steps = [10, 10, 9, 11]
    assert [store.people.use_code("ann", step) for step in steps] == [True, False, False, True]
    assert not store.people.use_code("nobody", 99)


def test_changed_rights_do_not_bring_a_used_code_back(store: Store) -> None:
    store.people.set_user(ANN)
    store.people.use_code("ann", 10)
    store.people.set_user(User("ann", "other", "SECRET"))
    assert not store.people.use_code("ann", 10)


def test_the_audit_gives_its_last_lines_newest_first(store: Store) -> None:
    entries = [Entry(n, "ann", SAW, "lyon", "/r/lyon", "192.0.2.1") for n in range(5)]
    entries.append(Entry(5, "ann", PUBLISHED, "lyon", "Canard 12 → 13"))
    for entry in entries:
        store.people.note(entry)
    assert store.people.notes(3) == entries[:-4:-1]


def test_the_audit_of_files_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people_files, "AUDIT_BYTES_MAX", 2000)
    people = EmbeddedStore(tmp_path).people
    for n in range(200):
        people.note(Entry(n, "ann", SAW))
    assert people.notes(1) == [Entry(199, "ann", SAW)]
    assert sum(file.stat().st_size for file in tmp_path.glob("audit*")) < 4200
