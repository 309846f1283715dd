"""What supersedes what: of the same issuer and kind, and one edition later where the name is the same."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import aliased

from anchors.database.models import DocumentRow
from anchors.fsck.finding import Finding
from anchors.fsck.scene import Scene

_Old = aliased(DocumentRow)


def check(scene: Scene) -> Iterator[Finding]:
    """Where either of the two was found again and is not filled in, there is less to compare."""
    query = (
        select(DocumentRow.number, DocumentRow, _Old)
        .outerjoin(_Old, _Old.digest == DocumentRow.supersedes)
        .where(DocumentRow.supersedes.is_not(None))
    )
    for _, new, old in scene.pages(query, DocumentRow.number):
        if fault := _fault(new, old):
            mend = "restore the database from a backup; until then the issuer says on the chain which one counts"
            yield Finding("document.succession", f"document {new.digest.hex()}", fault, mend, (new,))


def _fault(new: DocumentRow, old: DocumentRow | None) -> str | None:
    if old is None:
        return "it supersedes a document that is not here"
    if new.issuer != old.issuer or (None not in (new.kind, old.kind) and new.kind != old.kind):
        return "it supersedes a document of another issuer or kind"
    if new.jti is not None and new.jti == old.jti and new.edition != old.edition + 1:
        return f"it is edition {new.edition} and supersedes edition {old.edition}"
    return None
