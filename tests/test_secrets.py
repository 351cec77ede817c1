import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring

from console import credentials, keyring_names, paths, secrets
from console.errors import OperatorError
from console.model.references import is_reference, reference_problem
from console.secrets import SecretMissingError
from tests.keyrings import VARIABLE, FileKeyring


@pytest.fixture
def _keyring(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "keyring.json"))
    before = keyring.get_keyring()
    keyring.set_keyring(FileKeyring())
    yield
    keyring.set_keyring(before)


@pytest.fixture
def _no_keyring():
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())
    yield
    keyring.set_keyring(before)


def credentials_file(text, mode=0o600):
    file = paths.made(paths.home()) / "credentials.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    file.chmod(mode)
    return file


def test_plain_text_stays():
    assert secrets.resolve("public") == "public"


def test_from_the_environment(monkeypatch):
    monkeypatch.setenv("NOC_COMMUNITY", "s3cret")
    assert secrets.resolve("${env:NOC_COMMUNITY}") == "s3cret"
    assert secrets.resolve("a-${env:NOC_COMMUNITY}-b") == "a-s3cret-b"


@pytest.mark.usefixtures("_keyring")
def test_from_the_keyring():
    keyring.set_password("leitstand", "noc/auth", "geheim")
    assert secrets.resolve("${keyring:noc/auth}") == "geheim"


@pytest.mark.parametrize(
    ("line", "value"),
    [("noc/auth: geheim", "geheim"), ("noc/auth: 0123456", "0123456"), ("noc/auth: yes", "yes")],
)
def test_from_the_file(line, value):
    credentials_file(f"# ours\n{line}\n")
    assert secrets.resolve("${file:noc/auth}") == value


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666, 0o620])
def test_a_file_that_others_may_read_is_refused(mode):
    file = credentials_file("noc: s3cret", mode)
    with pytest.raises(SecretMissingError, match="chmod 600") as refused:
        secrets.resolve("${file:noc}")
    assert str(file) in str(refused.value)
    assert refused.value.code == "secret_exposed"


@pytest.mark.parametrize(
    "text",
    [
        b"a: s3cret\nb: [s3cret\n",
        b"s3cret",
        b"a: {b: s3cret}",
        b"a: \xff s3cret",
        b"[" * 100_000,
    ],
)
def test_a_broken_file_is_named_and_not_shown(text):
    file = credentials_file(text)
    with pytest.raises(SecretMissingError, match="name: secret") as refused:
        secrets.resolve("${file:noc}")
    assert str(file) in str(refused.value)
    error = refused.value
    while error is not None:
        assert "s3cret" not in f"{error} {error!r}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def test_an_empty_file_holds_none():
    credentials_file("# nothing yet\n")
    assert credentials.read() == {}


@pytest.mark.usefixtures("_keyring")
@pytest.mark.parametrize("kind", ["env", "keyring", "file"])
def test_a_missing_one_is_named_with_what_to_do(kind):
    with pytest.raises(SecretMissingError, match=r"NO_SUCH_SECRET.*start again") as missing:
        secrets.resolve(f"${{{kind}:NO_SUCH_SECRET}}")
    assert missing.value.name == "NO_SUCH_SECRET"
    assert missing.value.exit_code == 1


def test_what_is_not_utf8_cannot_be_sent(monkeypatch):
    monkeypatch.setenv("NOC_COMMUNITY", "caf\udce9")
    with pytest.raises(SecretMissingError, match="not UTF-8"):
        secrets.resolve("${env:NOC_COMMUNITY}")


@pytest.mark.usefixtures("_no_keyring")
def test_without_a_keyring_the_alternatives_are_named():
    for act in (
        lambda: secrets.resolve("${keyring:noc}"),
        lambda: keyring_names.keep("noc", "s3cret"),
        lambda: keyring_names.forget("noc"),
    ):
        with pytest.raises(OperatorError, match=r"\$\{env:NAME\}.*\$\{file:NAME\}"):
            act()
    assert keyring_names.names() == []


@pytest.mark.usefixtures("_keyring")
def test_names_are_kept_and_values_are_not():
    for name in ("noc/priv", "noc/auth", "noc/auth"):
        keyring_names.keep(name, "s3cret")
    assert keyring_names.names() == ["noc/auth", "noc/priv"]
    assert secrets.resolve("${keyring:noc/priv}") == "s3cret"
    assert "s3cret" not in paths.secret_names_file().read_text()
    keyring_names.forget("noc/auth")
    assert keyring_names.names() == ["noc/priv"]
    with pytest.raises(OperatorError, match="no “noc/auth”"):
        keyring_names.forget("noc/auth")


class Forgetful(FileKeyring):
    def set_password(self, service: str, username: str, password: str) -> None:
        pass


@pytest.mark.usefixtures("_keyring")
def test_a_keyring_that_keeps_nothing_is_found_out():
    keyring.set_keyring(Forgetful())
    with pytest.raises(OperatorError, match="did not keep"):
        keyring_names.keep("noc", "s3cret")
    assert keyring_names.names() == []


@pytest.mark.parametrize("name", ["", "a b", "a}", "${x"])
def test_a_name_can_be_referred_to(name):
    with pytest.raises(OperatorError, match="no spaces") as refused:
        keyring_names.keep(name, "s3cret")
    assert refused.value.exit_code == 2


def test_what_a_reference_looks_like():
    for good in ("${env:A}", "${keyring:noc/auth}", "${file:noc.auth}"):
        assert is_reference(good)
    assert not is_reference("a${env:A}")
    assert not is_reference("${env:A-B}")
    assert "s3cret" not in (reference_problem("s3cret${vault:x}") or "s3cret")
