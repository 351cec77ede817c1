"""notes.db: one process writes, another reads."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from console.errors import OperatorError
from console.history.notes import Noted, Notes, NotesReader, notes_file
from console.model.inventory import Conference

NOW_S = 1_795_338_000.0
ROOT = Path(__file__).parent.parent
_WRITE = """
import sys
from pathlib import Path
from console.history.notes import Notes
from console.model.inventory import Conference
notes = Notes(Path(sys.argv[1]))
for line in sys.stdin:
    entry = {"id": line.strip(), "bridge": "b", "profile": "p", "start": "2026-12-03T10:00"}
    notes.put_conference(Conference.model_validate(entry), 5.0)
    print("written", flush=True)
"""


def conference(number: str, **changes: object) -> Conference:
    entry = {"id": number, "bridge": "b", "profile": "p", "start": "2026-12-03T10:00"}
    return Conference.model_validate({**entry, **changes})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.notes.db"


def test_the_notes_lie_beside_the_history() -> None:
    assert notes_file(Path("/var/lib/net.db")) == Path("/var/lib/net.notes.db")


def test_conferences_are_entered_changed_and_deleted(path: Path) -> None:
    entry = conference("budget", name="Haushalt", repeat="RRULE:FREQ=WEEKLY", rooms=["a", "b"])
    with Notes(path) as notes:
        notes.put_conference(entry, NOW_S)
        notes.put_conference(conference("other"), NOW_S)
    with Notes(path) as notes:
        assert notes.read(NOW_S) == Noted((entry, conference("other")))
        changed = conference("budget", quorum=3)
        notes.put_conference(changed, NOW_S)
        notes.delete_conference("other", NOW_S)
        assert notes.read(NOW_S) == Noted((changed,))
        notes.put_conference(conference("other"), NOW_S)
        assert len(notes.read(NOW_S).conferences) == 2


def test_wishes_are_numbered_taken_back_and_forgotten(path: Path) -> None:
    with Notes(path) as notes:
        first = notes.add_wish("poll", {"device": "r1"}, NOW_S)
        second = notes.add_wish("rehearsal", None, NOW_S + 1)
        notes.cancel_wish(first, NOW_S + 2)
        notes.cancel_wish(first, NOW_S + 3)
        wishes = notes.read(NOW_S + 4).wishes
        assert [wish.id for wish in wishes] == [first, second]
        assert (wishes[0].content, wishes[0].cancelled_s) == ('{"device": "r1"}', NOW_S + 2)
        assert (wishes[1].kind, wishes[1].cancelled_s) == ("rehearsal", None)
        assert notes.read(NOW_S + 2 * 86400).wishes == ()


def test_another_process_sees_what_was_written(path: Path) -> None:
    reader = NotesReader(path)
    assert reader.news(NOW_S) is None  # not there yet
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITE, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdin is not None
    assert writer.stdout is not None
    try:
        for number, name in enumerate(("one", "two", "three")):
            writer.stdin.write(f"{name}\n")
            writer.stdin.flush()
            assert writer.stdout.readline() == "written\n"
            found = reader.news(NOW_S)
            assert found is not None
            assert len(found.conferences) == number + 1
            assert reader.news(NOW_S) is None
    finally:
        writer.communicate()
        reader.close()
    assert reader.news(NOW_S) is not None  # opened again
    reader.close()


def test_a_conference_of_a_later_version_is_named(path: Path) -> None:
    with Notes(path) as notes:
        notes.put_conference(conference("good"), NOW_S)
    db = sqlite3.connect(path)
    db.execute("INSERT INTO conference VALUES ('new', '{\"hologram\": true}', 1.0, 0)")
    db.commit()
    db.close()
    reader = NotesReader(path)
    assert reader.news(NOW_S) == Noted((conference("good"),), (), ("new",))
    reader.close()


def test_what_is_no_notes_is_refused_and_left_alone(tmp_path: Path) -> None:
    words = tmp_path / "words.notes.db"
    words.write_text("Remember the milk. " * 100)
    other = tmp_path / "other.notes.db"
    db = sqlite3.connect(other)
    db.execute("CREATE TABLE milk(litres INT)")
    db.commit()
    db.close()
    before = words.read_bytes(), other.read_bytes()
    for path in (words, other, tmp_path):
        with pytest.raises(OperatorError):
            Notes(path)
    for path in (words, other):
        reader = NotesReader(path)
        with pytest.raises(OperatorError):
            reader.news(NOW_S)
        reader.close()
    assert (words.read_bytes(), other.read_bytes()) == before


def test_notes_of_a_newer_version_are_refused(path: Path) -> None:
    Notes(path).close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(OperatorError, match="newer"):
        Notes(path)
