"""The question for finished windows of another site, and its answer, as the value of a TLV. Pure.

Its type is one for experiments (RFC 8972, section 5.1), so the value begins with a mark of ours.
The question leaves room for MOST windows: the answer fills it and is not longer. Windows are told
by number and age, so that no other clock than the asker's is believed.
"""

import struct
from collections.abc import Iterable
from dataclasses import astuple, dataclass

from console.analysis.echoes import PathNumbers

WINDOWS_TLV = 240
MOST = 8  # windows in one answer, and kept for it
NOBODY = 255  # told instead of a DSCP: there is no such path here
MOST_NAME = 255  # octets
_MARK = b"LSW\x01"
_HEAD = struct.Struct("!4sQQIBBBx")
_WINDOW = struct.Struct("!13I")
_UNKNOWN = 0xFFFFFFFF
_LONGEST_MS = 60_000  # no window lasts so long
_OLDEST_MS = 86_400_000
_MOST_PACKETS = 1_000_000


@dataclass(frozen=True, slots=True)
class Question:
    """Asks for windows of the path to `name` after number `after` of a run; 0: none is known.

    `nonce` ties the answer to this question.
    """

    nonce: int
    run: int
    after: int
    name: str


@dataclass(frozen=True, slots=True)
class FarWindow:
    """A finished window: its number in the run, how long ago it began, how long it lasted."""

    number: int
    age_s: float
    lasts_s: float
    numbers: PathNumbers


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reflector tells. `run` changes when it starts anew; `dscp` None: no such path."""

    nonce: int
    run: int
    dscp: int | None
    windows: tuple[FarWindow, ...] = ()


def question_octets(question: Question) -> bytes:
    """Return the value of a question, with room for the answer; the name has 255 octets at most."""
    name = question.name.encode()
    if len(name) > MOST_NAME:
        raise ValueError("a name has 255 octets at most")
    head = _HEAD.pack(_MARK, question.nonce, question.run, question.after, 0, 0, len(name))
    return head + name + bytes(MOST * _WINDOW.size)


def read_question(value: bytes) -> Question | None:
    """Read a question; None where it is none of ours."""
    parts = _parts(value)
    if parts is None:
        return None
    (nonce, run, after, _count, _dscp), name = parts
    try:
        return Question(nonce, run, after, name.decode())
    except UnicodeDecodeError:
        return None


def answer_octets(answer: Answer, value: bytes) -> bytes:
    """Return the answer to a question's value, exactly as long as that."""
    parts = _parts(value)
    assert parts is not None
    name = parts[1]
    windows = answer.windows[:MOST]
    dscp = NOBODY if answer.dscp is None else answer.dscp
    head = _HEAD.pack(_MARK, answer.nonce, answer.run, 0, len(windows), dscp, len(name))
    told = b"".join(map(_window_octets, windows))
    return head + name + told + bytes((MOST - len(windows)) * _WINDOW.size)


def read_answer(value: bytes, nonce: int) -> Answer | None:
    """Read an answer to the question of that nonce; windows that cannot be are left out."""
    parts = _parts(value)
    if parts is None:
        return None
    (told_nonce, run, _after, count, dscp), name = parts
    if told_nonce != nonce or count > MOST or (dscp > 63 and dscp != NOBODY):
        return None
    first = _HEAD.size + len(name)
    rows = [_WINDOW.unpack_from(value, first + n * _WINDOW.size) for n in range(count)]
    windows = tuple(_windows(rows))
    return Answer(nonce, run, None if dscp == NOBODY else dscp, windows)


def _parts(value: bytes) -> tuple[tuple[int, int, int, int, int], bytes] | None:
    """Return nonce, run, after, count and DSCP, and the name's octets."""
    if len(value) < _HEAD.size:
        return None
    mark, nonce, run, after, count, dscp, length = _HEAD.unpack_from(value)
    if mark != _MARK or len(value) != _HEAD.size + length + MOST * _WINDOW.size:
        return None
    return (nonce, run, after, count, dscp), value[_HEAD.size : _HEAD.size + length]


def _window_octets(window: FarWindow) -> bytes:
    times = round(window.age_s * 1000), round(window.lasts_s * 1000)
    cells = (window.number, *times, *astuple(window.numbers))
    return _WINDOW.pack(*(_UNKNOWN if c is None else min(max(c, 0), _UNKNOWN - 1) for c in cells))


def _windows(rows: Iterable[tuple[int, ...]]) -> Iterable[FarWindow]:
    for number, age_ms, lasts_ms, *cells in rows:
        told = [None if cell == _UNKNOWN else cell for cell in cells]
        sent, lost, there, back = told[:4]
        if sent is None or lost is None or told[6] is None:
            continue
        if not (0 < lasts_ms <= _LONGEST_MS and lasts_ms <= age_ms <= _OLDEST_MS):
            continue
        if not lost <= sent <= _MOST_PACKETS or (there or 0) + (back or 0) > lost:
            continue
        numbers = PathNumbers(sent, lost, there, back, told[4], told[5], told[6], *told[7:])
        yield FarWindow(number, age_ms / 1000, lasts_ms / 1000, numbers)
