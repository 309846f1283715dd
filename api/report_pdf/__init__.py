"""A signed report on paper, in Chinese and English."""

from api.report_pdf.document import report_pdf as report_pdf
