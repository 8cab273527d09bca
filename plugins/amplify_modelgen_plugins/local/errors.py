"""The refusals of the embedded backend, under the names of the AmplifyBackend API."""

from __future__ import annotations

from amplify_modelgen import BackendError, MissingError


class ServiceError(BackendError):
    """A refusal that the API has a name for: `code`, sent with the HTTP status `status`."""

    code = "InternalFailure"
    status = 500

    def members(self) -> dict[str, str]:
        """Return the members of the error's shape beside its message."""
        return {}


class BadRequestError(ServiceError):
    """The request makes no sense, whoever sends it and whenever."""

    code = "BadRequestException"
    status = 400


class NotFoundError(ServiceError, MissingError):
    """What the request names is not there; `resource_type` says what kind of thing it is."""

    code = "NotFoundException"
    status = 404

    def __init__(self, message: str, *, resource_type: str) -> None:
        super().__init__(message)
        self.resource_type = resource_type

    def members(self) -> dict[str, str]:
        """Return the kind of the missing thing, as the API does."""
        return {"ResourceType": self.resource_type}
