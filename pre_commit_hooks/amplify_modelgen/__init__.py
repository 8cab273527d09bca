"""Keep the models of AWS Amplify backends in step with their GraphQL schemas.

Plugins import `amplify_modelgen.plugin`, the only public module.
"""

from __future__ import annotations

try:
    from ._version import version as __version__
except ImportError:  # a checkout that nothing was installed from
    __version__ = "0+unknown"

__all__ = ["__version__"]
