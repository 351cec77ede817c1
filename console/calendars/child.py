"""The process that reads one calendar: a question on standard input, the answer on standard output.

A calendar is somebody else's text: whatever it makes the libraries do happens here, where it can
be ended, and with bounded memory.
"""

import sys
from dataclasses import replace
from pathlib import Path

from console.calendars import question as asked
from console.calendars.question import Answer, CalendarError, Question

_MOST_MEMORY = 1 << 30


def main() -> None:
    """Answer one question."""
    _bound_memory()
    question = asked.question(sys.stdin.buffer.read())
    sys.stdout.buffer.write(asked.dump(answer_to(question)))


def answer_to(question: Question) -> Answer:
    """Return the answer; whatever goes wrong is its problem."""
    try:
        return _read(question)
    except CalendarError as error:
        return Answer(None, error.code)
    except Exception:  # noqa: BLE001 - libraries raise whatever a text makes them
        return Answer(None, asked.UNREADABLE)


def _read(question: Question) -> Answer:
    from console.calendars import events  # the libraries take a while

    if not question.is_url:
        return events.answer([_content(Path(question.place))], question)
    from console.calendars import dav

    texts, tag = dav.texts_and_tag(question)
    if texts is None:
        return Answer(None, None, tag)
    return replace(events.answer(texts, question), tag=tag)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(asked.MOST_OCTETS + 1)
    except FileNotFoundError as error:
        raise CalendarError(asked.MISSING) from error
    except OSError as error:
        raise CalendarError(asked.UNREADABLE) from error
    if len(content) > asked.MOST_OCTETS:
        raise CalendarError(asked.TOO_LARGE)
    return content


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))


if __name__ == "__main__":
    main()
