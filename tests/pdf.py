"""PDFs for tests, as small as they may be."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfWriter


def pdf_of(*pages: str, language: str = "", **about: str) -> bytes:
    """Return a PDF with a page for each text, an empty one for an empty text; `about` goes into its metadata (Title="…")."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {f'/Lang ({language})' if language else ''} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, text in enumerate(pages):
        lines = b" T* ".join(b"(" + escaped(line) + b") Tj" for line in text.split("\n") if text)
        content = b"BT /F1 12 Tf 14 TL 50 800 Td " + lines + b" ET"
        page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R "
        objects.append(f"{page}/Resources << /Font << /F1 3 0 R >> >> >>".encode())
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content))
    objects.append(
        b"<< " + b" ".join(f"/{key} (".encode() + escaped(value) + b")" for key, value in about.items()) + b" >>"
    )
    written, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer << /Size %d /Root 1 0 R /Info %d 0 R >>" % (len(objects) + 1, len(objects))
    start = len(written)
    return written + b"xref\n0 %d\n0000000000 65535 f \n%b%b\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
        trailer,
        start,
    )


def locked(content: bytes, password: str, owner: str = "owner") -> bytes:
    """Return a PDF that opens with a password; with "" it opens, but may not be changed."""
    writer, out = PdfWriter(clone_from=BytesIO(content)), BytesIO()
    writer.encrypt(password, owner, algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


def escaped(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
