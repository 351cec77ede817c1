from console import language
from console.model.observation import RoomFacts
from widgets.detail.room_facts import room_rows

TOLD = RoomFacts(
    **{"registered": False, "calls": 2, "participants": 1, "receive_bps": 3e6, "loss": 0.0125},
    **{"encryption": "AES-256", "microphones": "muted", "camera": "failed", "displays": 2},
    **{"model": "Room Kit", "serial": "FOC1", "software": "ce11.9", "uptime_s": 86400.0},
)


def test_every_fact_has_a_row_in_words():
    rows = dict(room_rows(TOLD))
    assert rows["Registration"] == "not registered"
    assert rows["Call"] == "2 calls · 1 participant"
    assert rows["Media"] == "↓ 3.00 Mbit/s · loss 1.2 % · encryption AES-256"
    assert (rows["Microphones"], rows["Camera"], rows["Displays connected"]) == (
        *("muted", "out of order", "2"),
    )
    assert (rows["Model"], rows["Serial number"], rows["Software"]) == (
        "Room Kit",
        "FOC1",
        "ce11.9",
    )
    assert rows["Running for"]


def test_what_is_not_told_has_no_value():
    assert {value for _name, value in room_rows(RoomFacts())} == {""}


def test_a_word_of_a_later_version_is_shown_as_it_is():
    assert dict(room_rows(RoomFacts(microphones="new", in_call=False)))["Microphones"] == "new"


def test_german():
    language.use("de")
    rows = dict(room_rows(TOLD))
    assert rows["Mikrofone"] == "stumm"
    assert rows["Kamera"] == "gestört"
    assert rows["Gespräch"] == "2 Gespräche · 1 Teilnehmer"
    assert rows["Medien"] == "↓ 3,00 Mbit/s · Verlust 1,2 % · Verschlüsselung AES-256"
