"""What all tests share: one tagger with the built-in lexicon, and how much Hypothesis tries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from arner.tagger import Tagger

# The same examples at every run; `pytest --hypothesis-profile=thorough` looks for new ones.
settings.register_profile(
    "arner", deadline=None, derandomize=True, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "thorough", deadline=None, max_examples=3000, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("arner")


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    """A tagger with arner's own lexicon, shared: that this is safe is tested in test_properties.py."""
    from arner.tagger import Tagger

    return Tagger()
