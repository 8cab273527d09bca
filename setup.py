"""Find the packages below both source roots; setup.cfg has the rest, but can name one root only."""

from __future__ import annotations

from setuptools import find_packages, setup

setup(packages=[*find_packages("pre_commit_hooks"), *find_packages("plugins")])
