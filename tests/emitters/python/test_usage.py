"""The errors of a type checker for code that uses the models, correctly or not."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from amplify_modelgen.modelgen import generate_models
from support.emitted import python_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SDL = """
type Post @model { title: String! status: Status! on: AWSDate tags: [String!]
  class: ID meta: AWSJSON
  comments: [Comment] @hasMany }
type Comment @model { text: String! post: Post @belongsTo }
enum Status { DRAFT }
"""

# Each line with a comment is an error, and the comment is mypy's code for it.
CLASSES = """\
import datetime as dt
from models import Comment, Post, Status

post = Post(id="1", title="t", status=Status.DRAFT, class_="c", meta={"a": [1, None]})
post.on = dt.date(2024, 2, 29)
post.tags = ["a"]
post.comments = [Comment(id="2", text="c", post=post), None]
read: Post = Post.from_dict({})
read = Post.from_dynamodb(post.to_dynamodb())
Post(id="1", status=Status.DRAFT)  # call-arg
Post(id="1", title="t", status="GONE")  # arg-type
Post(id="1", title=None, status=Status.DRAFT)  # arg-type
post.on = "2024-02-29"  # assignment
post.tags = ["a", None]  # list-item
read.comments[0]  # index
post.titel  # attr-defined
Status.GONE  # attr-defined
"""
DICTS = """\
from models import Comment, Post, Status, from_dict, to_dict

post: Post = {"id": "1", "title": "t", "status": Status.DRAFT, "class": "c"}
post["comments"] = [{"id": "2", "text": "c"}, None]
read: Post = from_dict(Post, {})
sent: dict[str, object] = to_dict(Post, read)
post = {"id": "1", "status": Status.DRAFT}  # typeddict-item
post["tags"] = ["a", None]  # list-item
post["titel"]  # typeddict-item
comment: Comment = from_dict(Post, {})  # assignment
"""


@pytest.mark.parametrize(
    ("style", "usage"), [("dataclass", CLASSES), ("pydantic", CLASSES), ("typeddict", DICTS)]
)
def test_mypy_finds_the_mistakes(
    tmp_path: Path, judge: Callable[[str], None], style: str, usage: str
) -> None:
    for package in ("mypy", *(["pydantic"] if style == "pydantic" else [])):
        judge(package)
    (tmp_path / "models.py").write_text(python_text(generate_models(SDL), style))
    (tmp_path / "usage.py").write_text(usage)
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "usage.py"]
    result = subprocess.run(
        command, cwd=tmp_path, capture_output=True, check=False, encoding="utf-8"
    )
    errors = re.findall(r"^usage.py:(\d+): error: .*\[([\w-]+)\]$", result.stdout, re.MULTILINE)
    lines = enumerate(usage.splitlines(), 1)
    expected = [(str(number), line.split("  # ")[1]) for number, line in lines if "  # " in line]
    assert sorted(set(errors)) == sorted(expected), result.stdout
