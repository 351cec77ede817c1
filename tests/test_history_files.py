"""Carrying histories about: export, review, and where one may lie."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from console.errors import OperatorError
from console.history import connection, migrations, place, review
from console.history.export import export
from console.history.place import file_system, parse_mount_listing
from console.history.reader import HistoryReader
from console.history.review import open_for_review
from console.history.schema import VERSION
from console.history.writer import HistoryWriter
from tests.histories_small import NOON_S, small_inventory, write_cycles


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_cycles(tmp_path / "history.db", 20)
    return tmp_path / "history.db"


def test_an_export_of_a_live_history_shows_the_same(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "export.db"
    target.write_bytes(b"an older export")
    parts: list[float] = []
    with HistoryWriter.open(path, "1") as writer:
        writer.begin_cycle(NOON_S + 600)
        assert export(path, target, lambda part: parts.append(part) or True)
        writer.begin_cycle(NOON_S + 630)
    with HistoryReader(path) as live, HistoryReader(target) as carried:
        moment = NOON_S + 605
        assert carried.snapshot_at(moment).devices == live.snapshot_at(moment).devices
        assert carried.snapshot_at(None, NOON_S).cycle.id == 21
        assert live.snapshot_at(None, NOON_S).cycle.id == 22
    assert not list(tmp_path.glob("*.part"))


def test_a_cancelled_export_leaves_nothing_behind(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.history.export._STEPS", 10)
    target = tmp_path / "export.db"
    parts: list[float] = []

    def three_looks(part: float) -> bool:
        parts.append(part)
        return len(parts) < 3

    assert export(path, target, three_looks) is False
    assert len(parts) == 3
    assert [file for file in tmp_path.iterdir() if "export" in file.name] == []


def test_an_export_that_cannot_be_written_says_so(path: Path, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="cannot be written"):
        export(path, tmp_path / "no such folder" / "export.db")
    with pytest.raises(OperatorError, match="onto itself"):
        export(path, path)


def test_review_reads_a_history_of_this_version_in_place(path: Path) -> None:
    with open_for_review(path) as readable:
        assert readable == path


def test_review_migrates_a_copy_of_an_older_history(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()

    def second(db: Any) -> None:
        db["cycle"].add_column("note", str)

    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, second))
    for module in (migrations, connection, review):
        monkeypatch.setattr(module, "VERSION", VERSION + 1)
    with open_for_review(path) as readable:
        assert readable != path
        with HistoryReader(readable) as reader:
            assert reader.snapshot_at(NOON_S + 100).cycle is not None
        with closing(sqlite3.connect(readable)) as db:
            assert db.execute("SELECT count(note) FROM cycle").fetchone() == (0,)
    assert not readable.exists()
    assert path.read_bytes() == before


def test_review_refuses_what_is_newer_missing_or_something_else(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(OperatorError, match="newer Leitstand"), open_for_review(path):
        pass
    with pytest.raises(OperatorError, match="no history"), open_for_review(path / "missing"):
        pass
    path.write_text("word " * 500)
    with pytest.raises(OperatorError, match="cannot be read"), open_for_review(path):
        pass


def test_review_copies_from_where_nothing_can_be_written(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review, "_writable", lambda folder: False)
    with open_for_review(path) as readable:
        assert readable != path
        with HistoryReader(readable) as reader:
            assert reader.snapshot_at(None, NOON_S).cycle.id == 20


def test_a_history_on_a_network_share_is_refused(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported = tmp_path / "export.db"
    export(path, exported)
    monkeypatch.setattr(place, "on_network_share", lambda _path: True)
    for use in (HistoryReader, lambda file: HistoryWriter.open(file, "1")):
        with pytest.raises(OperatorError, match="network share"):
            use(path)
    with HistoryReader(exported) as reader:  # written in one piece: nobody shares its log
        assert reader.inventory_at(None) == small_inventory_without_secrets()


def small_inventory_without_secrets() -> object:
    return small_inventory(snmp={"lab": {"version": "2c", "community": "removed"}})


def test_the_nearest_mount_point_tells_the_file_system(tmp_path: Path) -> None:
    inner = tmp_path / "share"
    inner.mkdir()
    mounts = {"/": "ext4", str(tmp_path): "tmpfs", str(inner): "nfs4"}
    assert file_system(inner / "new" / "history.db", mounts) == "nfs4"
    assert file_system(tmp_path / "history.db", mounts) == "tmpfs"
    assert file_system(Path("/history.db"), mounts) == "ext4"


def test_mounts_as_macos_lists_them() -> None:
    listed = "/dev/disk1s1 on / (apfs, local)\n//me@host/x on /Volumes/My Share (smbfs, nodev)\n"
    assert parse_mount_listing(listed) == {"/": "apfs", "/Volumes/My Share": "smbfs"}
