from comptoir.demo.incidents import Incidents
from comptoir.demo.timeline import BAD, GOOD, Timeline


def test_a_line_of_the_timeline_is_completed_by_what_follows() -> None:
    timeline = Timeline()
    incidents = Incidents(timeline, lambda: 0)
    incidents.begin("t2", "Terminal 2 lost power")
    incidents.look(lambda _: True)
    assert timeline.entries()[0].text == "Terminal 2 lost power: 0 lost"
    incidents.look(lambda _: False)
    for check in ("c1", "c2", "c2"):
        incidents.moved("t2", check)
    incidents.moved("t1", "c3")
    incidents.look(lambda _: False)
    entry = timeline.entries()[0]
    assert entry.text.startswith("Terminal 2 lost power: noticed after 0.")
    assert entry.text.endswith("2 tables moved, 0 lost")
    assert entry.tone == GOOD


def test_a_loss_after_an_incident_is_told_in_its_line() -> None:
    lost = [3]
    timeline = Timeline()
    incidents = Incidents(timeline, lambda: lost[0])
    incidents.begin("t2", "Terminal 2 was stolen")
    lost[0] = 5
    incidents.look(lambda _: False)
    assert timeline.entries()[0].text.endswith("0 tables moved, 2 lost")
    assert timeline.entries()[0].tone == BAD
