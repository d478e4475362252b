"""Fields: the words by which columns are known are whole, and mean one thing."""

from collections import Counter

from bot.rules.registers import fields
from bot.rules.registers.columns import label_words
from bot.rules.registers.fields import PROJECT_FIELDS, Kind
from bot.rules.terms import Dimension


def test_every_field_has_its_own_name() -> None:
    assert [name for name, count in Counter(field.name for field in PROJECT_FIELDS).items() if count > 1] == []
    assert fields.IGNORE not in {field.name for field in PROJECT_FIELDS}


def test_no_sure_label_means_two_things() -> None:
    labels = Counter(label for field in PROJECT_FIELDS for label in set(field.strong))

    assert [label for label, count in labels.items() if count > 1] == []


def test_every_label_is_written_as_labels_are_compared() -> None:
    for field in PROJECT_FIELDS:
        for label in (*field.strong, *field.loose, *field.within):
            assert label_words(label) == label


def test_every_text_has_a_limit() -> None:
    assert [field.name for field in PROJECT_FIELDS if (field.kind in (Kind.LINE, Kind.TEXT)) != bool(field.limit)] == []


def test_every_dimension_can_be_rated_and_told_about() -> None:
    names = {field.name for field in PROJECT_FIELDS}

    for dimension in Dimension:
        assert {fields.health_field(dimension), fields.comment_field(dimension)} <= names
