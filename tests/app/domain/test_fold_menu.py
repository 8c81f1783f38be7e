"""Edits and versions of the menu fold to the same menu in any order of arrival."""

import random
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from comptoir.domain import events as ev
from comptoir.domain.envelope import Envelope
from comptoir.domain.fold import fold
from comptoir.domain.menu import Category, Item, Menu, Modifier, ModifierGroup
from comptoir.domain.price_lists import PriceList
from comptoir.domain.records import dump, load
from comptoir.domain.tax import TaxRate


def event(body: ev.Body, hlc: int, terminal: str = "t1", seq: int = 1) -> ev.Event:
    envelope = Envelope(
        "r", terminal, 1, seq, hlc << 16, "2026-11-22", "anna", body.KIND, 1, dump(body), ""
    )
    return ev.Event(envelope, body)


def folded(*bodies: ev.Body) -> Menu:
    state = fold("menu:it", [event(body, hlc) for hlc, body in enumerate(bodies, 1)])
    assert isinstance(state, Menu)
    return state


def dish(name: str, price: int = 100) -> Item:
    return Item(name, "c", {"en": name}, price)


WHOLE = ev.MenuPublished("v1", 1, 1, items=(dish("a"), dish("b"), dish("c")))


def ids(menu: Menu) -> list[str]:
    return [item.id for item in menu.items]


def test_an_edit_changes_an_item_where_it_stands_and_a_new_one_comes_last() -> None:
    menu = folded(WHOLE, ev.ItemSet(dish("b", 9)), ev.ItemSet(dish("d")))
    assert ids(menu) == ["a", "b", "c", "d"]
    assert menu.item("b").price == 9


def test_an_order_moves_what_it_names_to_the_front_and_ignores_what_is_gone() -> None:
    assert ids(folded(WHOLE, ev.MenuOrdered("item", ("c", "gone", "a")))) == ["c", "a", "b"]


def test_an_edit_before_any_version_counts() -> None:
    assert ids(folded(ev.ItemSet(dish("a")))) == ["a"]


def test_a_version_replaces_the_edits_before_it_also_when_its_parts_straddle_one() -> None:
    first = ev.MenuPublished("v2", 1, 2, items=(dish("a"),))
    second = ev.MenuPublished("v2", 2, 2, items=(dish("z"),))
    menu = folded(WHOLE, first, ev.ItemSet(dish("b", 9)), second, ev.ItemSet(dish("y")))
    assert (ids(menu), menu.version, menu.edits) == (["a", "z", "y"], "v2", 1)


def test_a_kind_of_record_of_a_newer_version_is_passed_over() -> None:
    assert ids(folded(WHOLE, ev.MenuRecordRemoved("ritual", "a"))) == ["a", "b", "c"]


def kept(edit: str, item: Item, was: Item | None = None) -> ev.MenuEditDrafted:
    before = {} if was is None else dump(was)
    return ev.MenuEditDrafted(edit, ev.ItemSet.KIND, dump(ev.ItemSet(item)), before)


names = st.sampled_from(["a", "b", "c", "d"])
bodies = st.lists(
    st.one_of(
        st.builds(lambda n, p: ev.ItemSet(dish(n, p)), names, st.integers(0, 999)),
        st.builds(lambda n: ev.CategorySet(Category(n, {"en": n})), names),
        st.builds(lambda n: ev.PriceListSet(PriceList(n, {"en": n}, {n: 1})), names),
        st.builds(lambda n: ev.MenuTaxSet(TaxRate(n, n, 1)), names),
        st.builds(
            lambda n: ev.ModifierGroupSet(ModifierGroup(n, {"en": n}, (Modifier(n, {"en": n}),))),
            names,
        ),
        st.builds(
            ev.MenuRecordRemoved,
            st.sampled_from(["item", "category", "group", "price_list", "tax"]),
            names,
        ),
        st.builds(
            ev.MenuOrdered, st.just("item"), st.lists(names, unique=True, max_size=4).map(tuple)
        ),
        st.builds(
            lambda v, part, n: ev.MenuPublished(v, part, 2, items=(dish(n),)),
            st.sampled_from(["v1", "v2"]), st.integers(1, 2), names,
        ),
        st.builds(lambda e, n, p: kept(e, dish(n, p), dish(n)), names, names, st.integers(0, 9)),
        st.builds(lambda e: ev.MenuDraftPublished((e,)), names),
    ),
    max_size=20,
)  # fmt: skip


@given(bodies, st.randoms(use_true_random=False))
def test_any_arrival_order_folds_to_the_same_menu(
    made: Sequence[ev.Body], chance: random.Random
) -> None:
    events = [event(b, i // 3, f"t{i % 3}", i + 1) for i, b in enumerate([WHOLE, *made])]
    arrived = list(events)
    chance.shuffle(arrived)
    one = fold("menu:it", sorted(arrived, key=lambda e: e.envelope.order))
    assert one == fold("menu:it", sorted(events, key=lambda e: e.envelope.order))


@given(bodies)
def test_a_body_survives_its_bytes(made: Sequence[ev.Body]) -> None:
    assert [load(type(body), _json(dump(body))) for body in made] == list(made)


def _json(value: object) -> object:
    if isinstance(value, dict):
        return {key: _json(part) for key, part in value.items()}
    return [_json(part) for part in value] if isinstance(value, list | tuple) else value


@given(st.lists(st.tuples(names, st.integers(0, 99)), unique_by=lambda pair: pair[0], max_size=4))
def test_k2_edits_of_different_items_all_survive(edits: list[tuple[str, int]]) -> None:
    menu = folded(WHOLE, *(ev.ItemSet(dish(name, price)) for name, price in edits))
    assert all(menu.item(name).price == price for name, price in edits)


def test_k2_a_drafted_edit_counts_from_its_publication_on_and_once() -> None:
    edit, out = kept("e1", dish("b", 9), dish("b")), ev.MenuDraftPublished(("e1",))
    assert folded(WHOLE, edit).item("b").price == 100
    assert folded(WHOLE, edit, out).item("b").price == 9
    assert folded(WHOLE, out, edit).item("b").price == 9, "the edit was heard of later"
    later = ev.ItemSet(dish("b", 7))
    assert folded(WHOLE, edit, out, later, out).item("b").price == 7, "published twice, it is one"


def test_k2_two_authors_of_one_dish_keep_each_others_work() -> None:
    seen = dish("b")
    dearer = kept("e1", replace(seen, price=120), seen)
    french = kept("e2", replace(seen, names={"en": "b", "fr": "bé"}), seen)
    menu = folded(WHOLE, dearer, french, ev.MenuDraftPublished(("e1", "e2")))
    assert (menu.item("b").price, menu.item("b").names) == (120, {"en": "b", "fr": "bé"})


DRAFTED = (
    WHOLE,
    kept("e1", replace(dish("b"), price=120), dish("b")),
    kept("e2", replace(dish("b"), number="7"), dish("b")),
    kept("e3", dish("d")),
    ev.MenuEditDrafted("e4", ev.MenuRecordRemoved.KIND, {"kind": "item", "id": "c"}),
    ev.MenuEditDrafted("e5", ev.MenuOrdered.KIND, {"kind": "item", "ids": ["b"]}),
    ev.MenuDraftPlanned(9),
    ev.MenuDraftDiscarded(("e3",)),
    ev.MenuDraftPublished(("e1", "e4")),
    ev.MenuDraftPublished(("e1", "e2", "e5")),
    ev.ItemSet(dish("a", 5)),
)


@given(st.permutations(DRAFTED[1:]))
def test_k2_whatever_clocks_made_of_their_order_what_was_published_counts(
    made: list[ev.Body],
) -> None:
    events = [event(body, hlc) for hlc, body in enumerate([WHOLE, *made], 1)]
    menu, draft = fold("menu:it", events), fold("draft:it", events)
    assert (menu.item("b").price, menu.item("b").number) == (120, "7")
    assert "c" not in menu.ids
    assert "d" not in menu.ids, "discarded"
    assert draft.ids == ()
    assert draft.at_ms == 0


def test_an_edit_that_fits_nothing_changes_nothing() -> None:
    for becomes, body in (
        ("menu.item_set", {}), ("menu.item_set", {"item": {"id": []}}), ("menu.what", {}),
        ("menu.item_set", {"item": 7}), ("menu.published", {"version": "v"}),
        ("menu.removed", {"kind": "what", "id": "b"}),
    ):  # fmt: skip
        edit = ev.MenuEditDrafted("e", becomes, body, {"id": "b"})
        assert ids(folded(WHOLE, edit, ev.MenuDraftPublished(("e",)))) == ["a", "b", "c"]
