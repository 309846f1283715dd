"""Reading back what was printed: pages of a PDF file as text and as pixels."""

from typing import Any

import pypdfium2


class Printed:
    """A PDF file that is open; `close` it."""

    def __init__(self, data: bytes) -> None:
        self.document = pypdfium2.PdfDocument(data)

    def __enter__(self) -> "Printed":
        return self

    def __exit__(self, *_: object) -> None:
        self.document.close()

    @property
    def text(self) -> str:
        """All text in its order, without white space: lines are broken wherever the page wants it."""
        return squeezed("".join(self._pages()))

    def _pages(self) -> Any:
        for page in self.document:
            found = page.get_textpage()
            yield found.get_text_bounded()
            found.close()
            page.close()

    def image(self, number: int = 0, scale: float = 2) -> Any:
        """A page as an image of Pillow's."""
        page = self.document[number]
        try:
            return page.render(scale=scale).to_pil().convert("L")
        finally:
            page.close()

    def beyond(self, margin: float) -> list[str]:
        """Characters that stand nearer to the left or right edge of a page than `margin` points."""
        found = []
        for page in self.document:
            text, width = page.get_textpage(), page.get_width()
            for place in range(text.count_chars()):
                character = text.get_text_range(place, 1)
                left, _, right, _ = text.get_charbox(place)
                if character.strip() and (left < margin or right > width - margin):
                    found.append(character)
            text.close()
            page.close()
        return found


def squeezed(text: str) -> str:
    """Without white space."""
    return "".join(text.split())
