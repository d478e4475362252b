"""The words of the field, their order and what they imply."""

from bot.rules.terms import EscalationState, Health, ProjectState, RiskState, Role, Severity


def test_ratings_rank_from_best_to_worst_with_their_letters() -> None:
    assert [health.letter for health in sorted(Health)] == ["X", "B", "G", "AG", "A", "AR", "R"]


def test_not_set_and_done_are_no_judgements() -> None:
    assert [health for health in Health if not health.is_rating] == [Health.NOT_SET, Health.DONE]


def test_amber_and_worse_need_a_path_to_green() -> None:
    assert [health.letter for health in Health if health.needs_path_to_green] == ["A", "AR", "R"]


def test_severities_rank_from_low_to_very_high() -> None:
    assert sorted(Severity) == [Severity.LOW, Severity.MODERATE, Severity.HIGH, Severity.VERY_HIGH]


def test_live_projects_are_neither_waiting_nor_held_nor_over() -> None:
    live = [ProjectState.INITIATING, ProjectState.PLANNING, ProjectState.EXECUTING, ProjectState.CLOSING]

    assert [state for state in ProjectState if state.is_live] == live


def test_what_is_open() -> None:
    assert {state for state in RiskState if not state.is_open} == {RiskState.CLOSED, RiskState.REJECTED}
    assert {state for state in EscalationState if state.is_open} == {
        EscalationState.RAISED,
        EscalationState.ACKNOWLEDGED,
    }


def test_roles_are_held_in_the_workspace_or_in_a_project() -> None:
    in_projects = {Role.MANAGER, Role.DEPUTY, Role.SPONSOR, Role.MEMBER}

    assert {role for role in Role if role.is_of_project} == in_projects
