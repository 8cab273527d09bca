"""Keep the models of AWS Amplify backends in step with their GraphQL schemas.

Plugins import `amplify_modelgen.plugin`, the only public module.
"""

from __future__ import annotations

__version__ = "0.1.0"
