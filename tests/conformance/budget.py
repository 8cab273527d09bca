"""The size of a run: small by default, large with CONFORMANCE_PROFILE=ci.

On a CI server, which sets CI, the profile is `ci` automatically. CONFORMANCE_EXAMPLES,
CONFORMANCE_MUTANTS and CONFORMANCE_SEED override the numbers.
"""

from __future__ import annotations

import os
import random
from datetime import timedelta

from hypothesis import HealthCheck, settings

_PROFILE = os.environ.get("CONFORMANCE_PROFILE") or ("ci" if os.environ.get("CI") else "quick")
IS_CI = _PROFILE == "ci"

EXAMPLES = int(os.environ.get("CONFORMANCE_EXAMPLES") or (2_000 if IS_CI else 100))
MUTANTS = int(os.environ.get("CONFORMANCE_MUTANTS") or (20_000 if IS_CI else 500))
# Set in the environment, so that all worker processes of a run use the same seed.
SEED = int(os.environ.setdefault("CONFORMANCE_SEED", str(random.SystemRandom().getrandbits(32))))


def random_settings(share: float = 1.0) -> settings:
    """Return Hypothesis settings for a share of the examples; each is sent to the peer."""
    return settings(
        max_examples=max(1, round(EXAMPLES * share)),
        # A watchdog kills a peer that hangs; a slow machine is not a failure.
        deadline=timedelta(minutes=2),
        print_blob=True,
        # One difference at a time: shrinking sends thousands of requests to the peer.
        report_multiple_bugs=False,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.large_base_example,
            HealthCheck.function_scoped_fixture,
        ],
    )
