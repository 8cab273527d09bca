"""Reports with every outcome, and with text that must not be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from amplify_modelgen.plugin import Diagnostic, FileChange, JobRun, ModelChange
from support.core_values import job, outcome, report, target

if TYPE_CHECKING:
    from amplify_modelgen.plugin import Report

# Text that could control a terminal, a CI server, an XML parser, a browser or a Markdown page.
HOSTILE = (
    "::set-output name=a::b",
    "::error::no",
    "##[group]x",
    "two\nlines\r::warning::three",
    "]]> <script>alert(1)</script> &amp; \"'",
    "| a \\| `code` ```` [link](https://example.com) @person #1 www.example.com _a_ *b* <!--",
    "\x00\x07\x1b[31m\x9b\x7f\u202e\u2066\u200b\ufeff",
    "\ud83d \ufffe \uffff 😀 Zoë 100%25,a:b",
)
LOCK = FileChange(path="amplify-modelgen.lock", action="changed")


def change(level: str, subject: str, message: str, rule: str = "field-removed") -> ModelChange:
    assert level in ("breaking", "dangerous", "safe")
    return ModelChange(
        level=level,  # type: ignore[arg-type] # asserted above
        action="changed",
        subject=subject,
        message=message,
        reason="old clients use it",
        rule=rule,
    )


def job_run(status: str = "COMPLETED", error: str | None = None, **fields: Any) -> JobRun:
    defaults: dict[str, Any] = {"job": job(status, error=error), "seconds": 2.5, "polls": 3}
    return JobRun(**defaults | fields)


def diagnostic(message: str, path: str = "blog.graphql", **fields: Any) -> Diagnostic:
    defaults: dict[str, Any] = {"line": 3, "column": 5, "hint": "fix it"}
    return Diagnostic(message=message, path=path, **defaults | fields)


WARNING = Diagnostic(
    severity="warning",
    message="no use",
    path="chat.graphql",
    line=9,
    column=1,
    rule="unused-directive",
)


def hostile() -> Report:
    return report(
        *(
            outcome(
                status,
                target=target(text, resource=text, schema=text),
                reason=text,
                hint=text,
                jobs=(JobRun(job=job(text, text, text)),),
                changes=(change("safe", text, text),),
                files=(FileChange(path=text, action="created", detail=text),),
                diagnostics=(diagnostic(text, text, line=0, column=0, rule=text),),
            )
            for text in HOSTILE
            for status in ("generated", "drifted", "failed")
        ),
        files=tuple(FileChange(path=text, action="removed", detail=text) for text in HOSTILE),
        notes=HOSTILE,
        git_add=HOSTILE,
    )


REPORTS = {
    "nothing": report(),
    "fresh": report(outcome("up-to-date"), outcome("valid", "shop@dev"), command="check"),
    "generated": report(
        outcome(
            jobs=(
                job_run(job=replace(job(job_id="job-0"), operation="UpdateBackendAPI"), polls=1),
                job_run(),
            ),
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
        git_add=("amplify-modelgen.lock", "models/blog.json"),
        backend="aws",
    ),
    "first": report(
        outcome(
            changes=(
                *(change("safe", f"T{number}", "added", "model-added") for number in range(12)),
                change("safe", "E", "added", "enum-added"),
            ),
            files=(FileChange(path="models/index.js", action="created"),),
        ),
        outcome("skipped", "auth@dev", reason="no output is configured", hint="--create"),
        files=(FileChange(path="old.lock", action="removed", detail="old format"),),
        notes=("removed the lock of an older version", "2 targets share a schema"),
        git_add=("models/index.js", "'a b'", "./-c"),
    ),
    "ignored": report(
        outcome(
            "up-to-date",
            files=(
                FileChange(
                    path="models/a.json",
                    action="ignored",
                    detail="ignored by .gitignore:3",
                    is_ignored=True,
                ),
            ),
        ),
        outcome(
            "failed",
            "shop@dev",
            files=(
                FileChange(path="models/b.json", action="refused", detail="no generator wrote it"),
            ),
        ),
        command="check",
    ),
    "found": report(
        outcome("stale", reason="blog.graphql changed", hint="run 'amplify-modelgen generate'"),
        outcome("stale", "shut@dev", target=target("shut@dev", schema=None, outputs=())),
        outcome("stale", "phone@dev", target=target("phone@dev", schema=None)),
        outcome("drifted", "shop@dev", changes=(change("safe", "Cart", "added"),)),
        outcome(
            "invalid",
            "chat@dev",
            diagnostics=(diagnostic("no such type", "chat.graphql"), WARNING),
        ),
        outcome(
            "failed",
            "tax@dev",
            hint="log in: 'aws sso login'",
            jobs=(job_run("FAILED", error="no"),),
        ),
        outcome("failed", "till@dev", exit_code=2),
        command="check",
        backend="aws",
    ),
    "many": report(
        *(outcome("stale", f"api{number}@dev") for number in range(201)),
        outcome(changes=tuple(change("safe", f"T{number}", "added") for number in range(101))),
    ),
    "hostile": hostile(),
}
