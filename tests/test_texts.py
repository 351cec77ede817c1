import pytest

from console.model.snapshot import Reason
from console.model.states import RoomState, State
from console.texts import reason_of, sentence, state_word


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("snmp_timeout", "No answer over SNMP"),
        ("behind:mz-r1", "Cut off behind mz-r1"),
        ("port_down:tr-r1 xe-0/0/0:1", "Port down: tr-r1 xe-0/0/0:1"),
        ("sip_refused:403", "SIP refused with status 403"),
        ("secret_missing:${env:NOC}", "Secret ${env:NOC} is missing; set it and start the"),
        ("behind", "Cut off behind ?"),
        ("brand_new:x", "brand_new x"),
    ],
)
def test_sentence(text, expected):
    assert sentence(reason_of(text)).startswith(expected)


def test_reason_of_keeps_colons_of_the_argument():
    assert reason_of("behind:a:b") == Reason("behind", "a:b")
    assert reason_of("dns") == Reason("dns", "")


@pytest.mark.parametrize("state", [*State, *RoomState])
def test_every_state_has_a_word(state):
    assert state_word(state)
    assert state_word(state.value) == state_word(state)
