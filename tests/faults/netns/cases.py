"""The cases as data, in the order of the table in the documents."""

from tests.faults.netns import cuts, deaths
from tests.faults.netns.case import Case

NO_PULL = "events are sent once and never asked for"
CASES = {
    case.name: case
    for case in (
        Case(
            "R1",
            "one of three terminals killed (kill -9), half of the time with its cable out",
            "0 SAFE lost of 50,000 over 100 kills",
            deaths.one_dies,
            rounds=3,
            rounds_long=100,
            safe_long=50_000,
            guests=6,
            control="belief",
            control_about="an event counts as SAFE once the broker took it",
        ),
        Case(
            "R2",
            "two of three killed at once, `safe_copies = 3`",
            "survivor sells within 2 s, 0 SAFE lost",
            deaths.two_die,
            rounds=2,
            rounds_long=30,
            settings={"safe_copies": 3},
            control_settings={"safe_copies": 2},
            control_about="two copies are said to be SAFE where three are asked for",
            rounds_control=3,
        ),
        Case(
            "R3",
            "all killed at once while parted, and switched on again",
            "0 acknowledged lost, all hold all within 10 s",
            deaths.all_die,
            rounds=2,
            rounds_long=30,
            control="no-pull",
            control_about=NO_PULL,
            rounds_control=1,
        ),
        Case(
            "R4",
            "a broker alone killed under load and restarted",
            "0 lost, the terminal holds all again within 2 s (p99)",
            deaths.broker_dies,
            rounds=5,
            rounds_long=1000,
            rounds_sitting=100,
            control="no-pull",
            control_about=NO_PULL,
            rounds_control=2,
        ),
        Case(
            "R5",
            "the LAN parted in two, 1 and 2 against the rest of four",
            "both sides sell, equal hashes within 10 s",
            cuts.parted,
            rounds=2,
            rounds_long=40,
            terminals=4,
            guests=4,
            control="no-pull",
            control_about=NO_PULL,
            rounds_control=1,
        ),
        Case(
            "R6",
            "one terminal hears nobody and is heard",
            "both sides sell, equal hashes within 10 s",
            cuts.one_way,
            rounds=2,
            rounds_long=40,
            control="no-pull",
            control_about=NO_PULL,
            rounds_control=1,
        ),
    )
}
