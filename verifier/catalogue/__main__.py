"""`python -m verifier.catalogue`: write docs/findings.md anew, from the project's folder."""

from pathlib import Path

from verifier.catalogue.page import PATH, page

Path(PATH).write_text(page(), encoding="utf-8")
