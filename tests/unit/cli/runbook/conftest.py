"""The desk of the verbs on runbooks."""

from pathlib import Path

import pytest

from tests.unit.cli.runbook.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)
