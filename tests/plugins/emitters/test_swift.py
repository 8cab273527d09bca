from __future__ import annotations

import pytest

from amplify_modelgen.modelgen import FeatureFlags, Models
from amplify_modelgen_plugins.emitters import swift

_SCHEMA = """
enum Status { OPEN inReview }
type Place { city: String! }
type Post @model @auth(rules: [{allow: owner}]) {
  title: String!
  at: Place
  status: Status
  comments: [Comment] @hasMany
}
type Comment @model { body: String! post: Post @belongsTo }
"""
_FLAGS = (
    FeatureFlags(),
    FeatureFlags(generate_models_for_lazy_load_and_custom_selection_set=False),
    FeatureFlags(respect_primary_key_attributes_on_connection_field=False),
)


def emit(flags: FeatureFlags = _FLAGS[1], schema: str = _SCHEMA) -> dict[str, str]:
    artifacts = swift.emit(Models(schema=schema, flags=flags), {})
    return {artifact.path: artifact.content.decode() for artifact in artifacts}


def as_amplify(text: str) -> bytes:
    return text.partition("\n")[2].encode()


def test_a_model_has_a_struct_and_a_schema() -> None:
    files = emit()

    assert sorted(files) == [
        "AmplifyModels.swift",
        "Comment+Schema.swift",
        "Comment.swift",
        "Place+Schema.swift",
        "Place.swift",
        "Post+Schema.swift",
        "Post.swift",
        "Status.swift",
    ]
    assert "public struct Comment: Model {\n  public let id: String\n" in files["Comment.swift"]
    assert 'rule(allow: .owner, ownerField: "owner"' in files["Post+Schema.swift"]
    assert 'case open = "OPEN"\n  case inReview\n' in files["Status.swift"]


@pytest.mark.parametrize("flags", _FLAGS)
def test_amplify_s_files_are_recognized(flags: FeatureFlags) -> None:
    for path, text in emit(flags).items():
        assert swift.recognizes(path, text.encode())
        assert swift.recognizes(path, as_amplify(text))


@pytest.mark.parametrize(
    "line", ["  func summary() -> String { title }", "// a note", "import SwiftUI", "#if DEBUG"]
)
def test_a_file_with_code_of_an_application_is_not_recognized(line: str) -> None:
    text = emit()["Post.swift"].replace("\n  \n", f"\n{line}\n", 1)
    assert line in text
    assert not swift.recognizes("Post.swift", as_amplify(text))


def test_files_of_another_output_are_not_owned() -> None:
    content = emit()["Post.swift"].encode()
    assert swift.owns("app/models/Post.swift", content)
    assert not swift.owns("app/models/models.py", content)


def test_the_loader_describes_the_models() -> None:
    files = {path: text.encode() for path, text in emit().items()}
    # The paths of a project's files begin with its directories.
    description = swift.describe({f"app/models/{path}": text for path, text in files.items()})

    assert description is not None
    assert description.models == {"Post", "Comment"}
    assert len(description.version) == 32
    assert swift.describe({"Post.swift": files["Post.swift"]}) is None
    assert swift.describe({"models/AmplifyModels.swift": b"final class AmplifyModels {}"}) is None


def test_a_string_of_the_schema_ends_where_it_should() -> None:
    from amplify_modelgen_plugins.emitters.swift.swift_fields import string

    assert string('a"b\\(c)\n') == r'"a\"b\\(c)\n"'


def test_a_string_that_names_a_value_of_a_template_is_written_as_it_is() -> None:
    sdl = 'type A @model @auth(rules: [{allow: groups, groups: ["$keys $name"]}]) { x: Int }'
    assert 'groups: ["$keys $name"]' in emit(schema=sdl)["A+Schema.swift"]


def test_a_list_that_is_empty_leaves_the_loader_empty() -> None:
    assert (
        "registry: ModelRegistry.Type) {\n    \n  }"
        in emit(schema="enum E { A }")["AmplifyModels.swift"]
    )


def test_an_unused_enum_keeps_amplify_s_name() -> None:
    assert "public enum PostStatus:" in emit(schema="enum post_status { A }")["post_status.swift"]
