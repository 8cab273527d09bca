"""`python -m amplify_modelgen`: the command, for whoever knows the interpreter but not its PATH."""

from __future__ import annotations

from . import main

raise SystemExit(main())
