"""How much a run of the suite does: quick by default, everything with CONFORMANCE_PROFILE=ci.

Where CI is set, as hosts of continuous integration do, the profile is `ci` by itself.

CONFORMANCE_EXAMPLES, CONFORMANCE_MUTANTS and CONFORMANCE_SEED set one number each.
"""

from __future__ import annotations

import os
import random
from datetime import timedelta

from hypothesis import HealthCheck, settings

_PROFILE = os.environ.get("CONFORMANCE_PROFILE") or ("ci" if os.environ.get("CI") else "quick")
_CI = _PROFILE == "ci"

EXAMPLES = int(os.environ.get("CONFORMANCE_EXAMPLES") or (2_000 if _CI else 100))
MUTANTS = int(os.environ.get("CONFORMANCE_MUTANTS") or (20_000 if _CI else 500))
# Kept in the environment so that all worker processes of one run have the same.
SEED = int(os.environ.setdefault("CONFORMANCE_SEED", str(random.SystemRandom().getrandbits(32))))


def random_settings(share: float = 1.0) -> settings:
    """Hypothesis settings for a share of the examples; each example asks the peer."""
    return settings(
        max_examples=max(1, round(EXAMPLES * share)),
        # A peer that hangs is ended by its own watchdog; a slow machine is no failure.
        deadline=timedelta(minutes=2),
        print_blob=True,
        # One difference at a time: shrinking asks the peer thousands of times.
        report_multiple_bugs=False,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.large_base_example,
            HealthCheck.function_scoped_fixture,
        ],
    )
