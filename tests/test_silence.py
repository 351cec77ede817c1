from console.snmp.silence import Lesson, Silence


def test_a_device_that_was_off_teaches_nothing():
    silence = Silence()
    lessons, care = [], []
    for _ in range(4):
        care.append(silence.wants_care)
        lessons.append(silence.fell(0, silence.wants_care))
    silence.broke(careful=silence.wants_care)
    assert lessons == [Lesson.NONE] * 4
    assert care == [False, True, False, True]
    assert not silence.wants_care


def test_an_agent_that_answers_only_careful_questions_is_asked_carefully():
    silence = Silence()
    silence.fell(0, careful=False)
    assert silence.wants_care
    silence.broke(careful=True)
    assert silence.fell(0, careful=False) is Lesson.ASK_FOR_LEAST


def test_an_agent_that_came_back_to_a_careful_question_is_asked_as_ever():
    silence = Silence()
    silence.fell(0, careful=False)
    silence.broke(careful=True)
    silence.broke(careful=False)
    assert silence.fell(0, careful=False) is Lesson.NONE


def test_silence_at_the_same_place_twice_means_that_answers_are_too_long():
    silence = Silence()
    assert [silence.fell(n, careful=False) for n in (2, 3, 3, 3)] == [
        *(Lesson.NONE, Lesson.NONE, Lesson.ASK_FOR_LESS, Lesson.NONE),
    ]
