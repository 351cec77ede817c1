"""What `readiness` prints and what scripts read, where something is or would be overloaded."""

from console.analysis.readiness.relief import reliefs
from console.commands.readiness_text import readiness_text
from console.model.readiness_json import relief_to_json
from tests.readiness_values import tight


def test_the_rooms_to_take_down_are_named_all() -> None:
    assessment, situation = tight()
    told = readiness_text(situation, assessment, reliefs(situation, assessment))
    line = next(line for line in told.splitlines() if "Then take" in line)
    assert line.startswith(
        "  Then take Kaiserslautern, Kusel, Südliche Weinstraße, Südwestpfalz down to 720p:"
        " that is enough again. Call Mainz (Kern)"
    )


def test_scripts_read_the_steps_in_their_order() -> None:
    assessment, situation = tight()
    told = [relief_to_json(one, "words") for one in reliefs(situation, assessment)]
    assert [one["failed"] for one in told] == ["mz-kl", "mz-r2"]
    assert told[0] == {
        "failed": "mz-kl",
        "take_down": [
            {"room": room, "quality": "720p"}
            for room in ("kl-saal", "kus-saal", "suew-saal", "ps-saal")
        ],
        "still_overloaded": [],
        "text": "words",
    }
