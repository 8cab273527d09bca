"""Runs to be reported: between them every outcome, and text that nobody should trust."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplify_modelgen.records import Diagnostic, FileChange, ModelChange
from core_values import job, outcome, report, target

if TYPE_CHECKING:
    from amplify_modelgen.records import RunReport

# What could steer a terminal, a CI server, an XML reader, a browser or a Markdown page.
HOSTILE = (
    "::set-output name=a::b",
    "::error::no",
    "##[group]x",
    "two\nlines\r::warning::three",
    "]]> <script>alert(1)</script> &amp; \"'",
    "| a \\| `code` ```` [link](https://example.com) @somebody #1 www.example.com _a_ *b* <!--",
    "\x00\x07\x1b[31m\x9b\x7f\u202e\u2066\u200b\ufeff",
    "\ud83d \ufffe \uffff 😀 Zoë 100%25,a:b",
)
LOCK = FileChange(path="amplify-modelgen.lock", action="changed")


def change(level: str, subject: str, message: str) -> ModelChange:
    assert level in ("breaking", "dangerous", "safe")
    return ModelChange(
        level=level,  # type: ignore[arg-type] # asserted above
        action="changed",
        subject=subject,
        message=message,
        reason="old clients use it",
        rule="field-removed",
    )


def diagnostic(message: str, path: str = "blog.graphql", **more: int) -> Diagnostic:
    place = {"line": 3, "column": 5} | more
    return Diagnostic(severity="error", message=message, path=path, hint="mend it", **place)


WARNING = Diagnostic(severity="warning", message="no use", path="chat.graphql", line=9, column=1)


def hostile() -> RunReport:
    return report(
        *(
            outcome(
                status,
                target=target(text, resource=text, schema=text),
                reason=text,
                hint=text,
                job=job(text, text, text),
                changes=(change("safe", text, text),),
                files=(FileChange(path=text, action="created"),),
                diagnostics=(diagnostic(text, text, line=0, column=0),),
            )
            for text in HOSTILE
            for status in ("generated", "drifted", "failed")
        ),
        gone=HOSTILE,
    )


RUNS = {
    "nothing": report(),
    "fresh": report(outcome("up-to-date"), outcome("valid", "shop@dev"), verb="check"),
    "generated": report(
        outcome(
            job=job(),
            seconds=2.5,
            polls=3,
            changes=(
                change("breaking", "Post.title", "removed"),
                change("dangerous", "Post.id", "ID became String"),
                change("safe", "Tag", "added"),
            ),
            files=(
                FileChange(path="models/blog.json", action="changed"),
                FileChange(path="models/schema.json", action="unchanged"),
            ),
        ),
        files=(LOCK,),
    ),
    "gone": report(
        files=(
            FileChange(path="models/a.json", action="removed"),
            FileChange(path="models/b.json", action="removed"),
            LOCK,
        ),
        gone=("amplify/backend/api/a", "amplify/backend/api/b"),
    ),
    "found": report(
        outcome("stale", reason="blog.graphql changed", hint="run 'amplify-modelgen generate'"),
        outcome("stale", "gone@dev", target=target("gone@dev", schema=None, outputs=())),
        outcome("stale", "phone@dev", target=target("phone@dev", schema=None)),
        outcome("drifted", "shop@dev", changes=(change("safe", "Cart", "added"),)),
        outcome(
            "invalid",
            "chat@dev",
            diagnostics=(diagnostic("no such type", "chat.graphql"), WARNING),
        ),
        outcome("failed", "tax@dev", hint="log in: 'aws sso login'", job=job("FAILED", error="no")),
        outcome("failed", "till@dev", exit_code=2),
        verb="check",
        backend="aws",
    ),
    "many": report(
        *(outcome("stale", f"api{number}@dev") for number in range(201)),
        outcome(changes=tuple(change("safe", f"T{number}", "added") for number in range(101))),
    ),
    "hostile": hostile(),
}
