from console import paths


def test_home_follows_the_variable_and_everything_lies_in_it(monkeypatch, tmp_path):
    monkeypatch.setenv(paths.VARIABLE, str(tmp_path))
    for path in (
        paths.history_file(),
        paths.demo_folder(),
        paths.settings_file(),
        paths.arrangement_file(),
        paths.log_file("window"),
    ):
        assert path.is_relative_to(tmp_path)


def test_use_home_reaches_child_processes(monkeypatch, tmp_path):
    monkeypatch.delenv(paths.VARIABLE, raising=False)
    before = paths.home()
    monkeypatch.setenv(paths.VARIABLE, "")  # restored afterwards
    paths.use_home(tmp_path / "elsewhere")
    assert paths.home() == tmp_path / "elsewhere" != before


def test_made_folders_belong_to_their_owner_alone(tmp_path):
    folder = paths.made(tmp_path / "a" / "b")
    assert folder.is_dir()
    assert folder.stat().st_mode & 0o077 == 0
