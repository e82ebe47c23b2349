"""Use case: a questionnaire on several days from a file, with what its changes come to."""

from pathlib import Path

from lengthwise.contracts.errors import InputError
from lengthwise.contracts.questionnaire import QuestionnaireTold
from lengthwise.live.json_file import json_file
from lengthwise.plan.trajectory import Trajectory, trajectory
from lengthwise.reference.questionnaires import Questionnaire, questionnaires


def known_questionnaire(name: str) -> Questionnaire:
    """Raises InputError on one that is not known."""
    found = questionnaires().get(name)
    if found is None:
        raise InputError(
            "questionnaire",
            value=name,
            allowed=", ".join(questionnaires()),
            remedy="list them: lengthwise plan questionnaire",
        )
    return found


def trajectory_from(path: Path) -> Trajectory:
    """Raises InputError where the file tells no answers of a questionnaire that is known."""
    told = json_file(path, QuestionnaireTold, form="lengthwise plan questionnaire --schema")
    q = known_questionnaire(told.questionnaire)
    return trajectory(told.questionnaire, q, told.times, coded_from_one=told.from_one)
