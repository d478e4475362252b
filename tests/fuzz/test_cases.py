"""There are enough of them."""

from types import ModuleType

from tests.fuzz import test_commands, test_forms, test_payloads, test_registers

MODULES = (test_commands, test_forms, test_payloads, test_registers)


def planned(module: ModuleType) -> int:
    """How many cases the fuzzers of a module try."""
    tests = [each for name, each in vars(module).items() if name.startswith("test_")]
    return sum(each._hypothesis_internal_use_settings.max_examples for each in tests if hasattr(each, "hypothesis"))


def test_there_are_ten_thousand() -> None:
    assert sum(map(planned, MODULES)) >= 10_000
