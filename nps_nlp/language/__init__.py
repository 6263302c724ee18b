"""Language: from a raw comment to words and statements, the same for Japanese and English.

``normalise`` makes text comparable and remembers the way back, ``detect`` tells the language, ``japanese``
and ``english`` cut words (and are spaCy pipelines), ``statements`` cuts opinions (at ``sentences`` and the
clauses of ``clauses_ja`` and ``clauses_en``); ``comment`` does it all for one comment. ``predicates``
and ``light_words`` serve whoever shows words to a reader.
"""

from nps_nlp.language.comment import Comment, read_comment
from nps_nlp.language.detect import detect_language
from nps_nlp.language.japanese import blank_ja
from nps_nlp.language.normalise import normalise

__all__ = ["Comment", "blank_ja", "detect_language", "normalise", "read_comment"]
