from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from comptoir.domain import events as ev
from comptoir.domain.fold import fold
from comptoir.domain.pricing import HALF_EVEN, LINE, Rounding, Terms
from comptoir.domain.records import dump, load
from comptoir.domain.tax import TaxRate
from comptoir.domain.terms import HouseTerms
from tests.app.domain.test_fold import OPENED, event

VAT = TaxRate("v", "20 %", 200_000)
SOUP = ev.LineAdded("c", "l1", "soup", {"en": "Soup"}, 1000, 1200, (), (VAT,))


def test_nothing_said_means_half_up_once_a_rate_and_every_coin() -> None:
    assert fold("terms:it", []) == HouseTerms(Terms(), "")
    assert HouseTerms().copied is None


def test_the_last_terms_count() -> None:
    first, last = ev.TermsSet("half_up", "bucket", 5, "ch"), ev.TermsSet("half_even", "line")
    found = fold("terms:it", [event(first, 1), event(last, 2, "t2")])
    assert found == HouseTerms(Terms(Rounding(HALF_EVEN, LINE), 0), "")


def test_a_check_opened_before_there_were_terms_is_priced_as_ever() -> None:
    body = load(ev.CheckOpened, {"check": "c", "number": "A1-1", "order_type": "eat_in"})
    assert fold("check:c", [event(body, 1)]).terms == Terms()


def test_terms_of_a_check_survive_the_journal() -> None:
    terms = Terms(Rounding(HALF_EVEN, LINE), 5)
    body = ev.CheckOpened("c", "A1-1", "eat_in", terms=terms)
    assert fold("check:c", [event(load(ev.CheckOpened, dump(body)), 1)]).terms == terms


words = st.lists(
    st.one_of(
        st.builds(ev.TaxExempted, st.just("c"), st.sampled_from(["embassy", "charity"])),
        st.builds(ev.TaxExempted, st.just("c"), st.just("v only"), st.just(("v",))),
        st.builds(ev.TaxExempted, st.just("c"), st.just(""), exempt=st.just(False)),
    ),
    max_size=6,
)


@given(words, st.randoms(use_true_random=False))
def test_exemptions_from_two_terminals_fold_alike_in_any_order(
    said: Sequence[ev.TaxExempted], random: object
) -> None:
    events = [event(b, i // 2, f"t{i % 2}", i + 1) for i, b in enumerate([OPENED, SOUP, *said])]
    arrived = list(events)
    random.shuffle(arrived)  # type: ignore[attr-defined]
    check = fold("check:c", sorted(arrived, key=lambda e: e.envelope.order))
    assert check == fold("check:c", sorted(events, key=lambda e: e.envelope.order))
    assert check.total == (1000 if check.exemption else 1200)
