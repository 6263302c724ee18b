"""Intake: any export file of a survey tool becomes a Survey in which every row read is accounted for.

``files`` finds the inputs, ``tables`` opens one as rows of text, ``layout`` finds its headings (with the survey tools'
facts from ``presets/``), ``roles`` decides what each column is, and ``export`` streams the responses.
"""

from nps_nlp.intake.export import Export, open_export, read_export

__all__ = ["Export", "open_export", "read_export"]
