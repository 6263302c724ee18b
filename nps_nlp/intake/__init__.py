"""Intake: any export file of a survey tool becomes a Survey in which every row read is accounted for.

``files`` finds the inputs, ``tables`` opens one as rows of text, ``layout`` finds its headings (with the
tools' facts from ``presets/``), ``profile`` and ``roles`` decide what each column is, ``reader`` turns rows
into responses, and ``export`` puts it all together and streams them.
"""

from nps_nlp.intake.export import Export, open_export, read_export

__all__ = ["Export", "open_export", "read_export"]
