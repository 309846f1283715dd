"""PDF files: fonts, texts and QR codes that other pages are put together from."""
