"""What our own code adds to WeasyPrint's time for one worksheet."""

import gc
from statistics import median
from time import process_time

from django.conf import settings
from weasyprint import HTML

from bench.figures import Figure
from bench.samples import full_step_1
from worksheets import printing, typesetting
from worksheets.content import Content

ROUNDS = 25


def measure():
    """Processor time of our PDF (from what the database gave) against bare WeasyPrint on the same
    HTML, with the same fonts and options, by turns; the median of the ratios."""
    worksheet = full_step_1()
    sheet = printing.sheet_as_it_is(worksheet, Content.of(worksheet))
    html = printing.html_of(sheet)
    _bare(html)  # unpacks the fonts
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(_seconds(printing.pdf_of, sheet))
        bare.append(_seconds(_bare, html))
    return Figure(
        "PDF of a full worksheet, times bare WeasyPrint",
        value=median(our / its for our, its in zip(ours, bare, strict=True)),
        limit=1.15,
        detail=f"{median(ours):.2f} s against {median(bare):.2f} s",
    )


def _seconds(function, argument):
    gc.collect()  # what the other one left is not this one's to clear
    start = process_time()
    function(argument)
    return process_time() - start


def _bare(html):
    document = HTML(
        string=html, base_url=settings.SITE_URL, url_fetcher=typesetting.StaticFilesOnly()
    )
    return document.write_pdf(font_config=typesetting.fonts(), **typesetting.OPTIONS)
