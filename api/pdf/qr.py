"""A QR code in a PDF file, drawn as squares: no image, no resolution."""

import segno
from reportlab.platypus import Flowable

QUIET = 4
"""Modules of white around the code (ISO/IEC 18004 §9.1)."""


class QrCode(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A code of `size` points with its white border. error: correction level, `M` restores 15 %."""

    def __init__(self, content: str | bytes, size: float, error: str = "M") -> None:
        super().__init__()
        self._rows = [bytes(row) for row in segno.make_qr(content, error=error, boost_error=False).matrix]
        self.width = self.height = size

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return the size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw each run of dark modules as one box."""
        module = self.width / (len(self._rows) + 2 * QUIET)
        path = self.canv.beginPath()
        for place, row in enumerate(self._rows):
            y = self.height - (QUIET + place + 1) * module
            for start, length in _dark_runs(row):
                path.rect((QUIET + start) * module, y, length * module, module)
        self.canv.setFillGray(0)
        self.canv.drawPath(path, stroke=0, fill=1)


def _dark_runs(row: bytes) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for place, dark in enumerate(row):
        if not dark:
            continue
        if runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((place, 1))
    return runs
