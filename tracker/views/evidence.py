"""佐证: a file as it was handed in, for whom its report is there to read. Never shown by the browser, only kept."""

from django.http import FileResponse, Http404, HttpRequest

from people.access import entry
from people.models import Role
from tracker.evidence import path_of
from tracker.models import Evidence, SampledFile
from tracker.queries.report import evidence_of


@entry(Role.REPORTER, Role.REVIEWER, Role.SUPERVISOR, Role.LEADER, Role.AUDITOR)
def evidence(request: HttpRequest, pk: int) -> FileResponse:
    return handed_out(evidence_of(request.person, pk))


def handed_out(file: Evidence | SampledFile | None) -> FileResponse:
    """A file as its own content, never shown by the browser. Raises: Http404 where there is none."""
    if file is None or not path_of(file.sha256).exists():
        raise Http404
    response = FileResponse(path_of(file.sha256).open("rb"), as_attachment=True, filename=file.name, content_type=file.kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
