"""Gate statements: what the QR code of a document says, and its own place in the document's batch."""

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from anchors.database.models.base import DIGEST, NUMBER, Base


class GateStatementRow(Base):
    """The gate statement that was registered with a document; most documents have one, none has two.

    digest: SHA-256 of its bytes, the leaf. content: the bytes; None after a rebuild until they are read from the
    payload. path: of a leaf that stands directly after the document's, in the same batch; None while that has none.
    """

    __tablename__ = "gate_statements"

    document_number: Mapped[int] = mapped_column(NUMBER, ForeignKey("documents.number"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(DIGEST, unique=True)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    path: Mapped[bytes | None] = mapped_column(LargeBinary)
