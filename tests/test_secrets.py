import keyring
import pytest
from keyring.backend import KeyringBackend

from console import secrets
from console.secrets import SecretMissingError


class Memory(KeyringBackend):
    """A real keyring backend that forgets."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self._kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self._kept[service, username]


@pytest.fixture
def _keyring():
    before = keyring.get_keyring()
    keyring.set_keyring(Memory())
    yield
    keyring.set_keyring(before)


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


@pytest.mark.usefixtures("_keyring")
@pytest.mark.parametrize("reference", ["${env:NO_SUCH_SECRET}", "${keyring:NO_SUCH_SECRET}"])
def test_a_missing_one_is_named_with_what_to_do(reference):
    with pytest.raises(SecretMissingError, match=r"NO_SUCH_SECRET.*start again") as missing:
        secrets.resolve(reference)
    assert missing.value.name == "NO_SUCH_SECRET"
    assert missing.value.exit_code == 1
