"""Render an Analysis for people: a page to send and a workbook to work on."""

from nps_nlp.report.excel import write_excel
from nps_nlp.report.html import render_html

__all__ = ["render_html", "write_excel"]
