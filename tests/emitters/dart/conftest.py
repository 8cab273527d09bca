from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emitters.dart.dart_vm import DartVm, install
from emitters.npm import MissingPeerError
from support.requirements import missing

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def installed_vm(tmp_path_factory: pytest.TempPathFactory) -> DartVm:
    try:
        return install(tmp_path_factory.mktemp("vm"))
    except MissingPeerError as error:
        missing(error, "EMITTERS_REQUIRE_PEER")


@pytest.fixture
def vm(installed_vm: DartVm, record_property: Callable[[str, object], None]) -> DartVm:
    record_property("judge", "dart: run by the Dart virtual machine 3.7.3")
    return installed_vm
