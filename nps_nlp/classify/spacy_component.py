"""A spaCy component: ``nlp.add_pipe("nps_feedback")`` puts themes, sentiment, intent and statements on a Doc."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import minibatch

from nps_nlp.classify import DEFAULT_MODEL, load_classifier
from nps_nlp.classify.annotate import Annotator
from nps_nlp.classify.taxonomy import load_taxonomy
from nps_nlp.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nps_nlp.classify.annotate import Statement

FACTORY = "nps_feedback"
SPANS = "nps_statements"
_SETTINGS = "settings.json"
_DOC = {
    "nps_question": "",
    "nps_sentiment": None,
    "nps_sentiment_confidence": None,
    "nps_intent": None,
    "nps_intent_confidence": None,
    "nps_themes": None,
    "nps_statements": None,
}
_SPAN = ("nps_sentiment", "nps_sentiment_confidence", "nps_intent", "nps_themes", "nps_evidence")

# At import, so that Docs read from disk have them too.
for _name, _default in _DOC.items():
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, default=_default)
for _name in _SPAN:
    if not Span.has_extension(_name):
        Span.set_extension(_name, default=None)


class NpsFeedback:
    """Reads the text of a Doc as a survey comment.

    Sets ``doc._.nps_sentiment`` and ``nps_intent`` with their ``…_confidence`` (0–1), ``doc._.nps_themes`` (dict of
    theme id to confidence, most confident first), and ``doc._.nps_statements``, the complete list of the statements:
    a dict each with ``start`` and ``end`` (characters of ``doc.text``), ``sentiment``, ``sentiment_confidence``,
    ``intent`` and ``themes``. ``doc._.nps_question`` is read, where it was set before.

    ``doc.spans["nps_statements"]`` shows the statements as spans, each with ``_.nps_sentiment``,
    ``nps_sentiment_confidence``, ``nps_intent``, ``nps_themes`` and ``nps_evidence`` (start and end, as above). A span
    can only end where a token of the pipeline does, and spans of the same tokens share their labels in spaCy: where
    the tokenizer does not know the language of a comment, several statements may be one token, and their spans all
    have the labels of the last.

    Parameters
    ----------
    model : str
        As in `load_classifier`.
    taxonomy : str
        As in `load_taxonomy`.

    Examples
    --------
    >>> from nps_nlp.language import blank_ja
    >>> nlp = blank_ja()
    >>> _ = nlp.add_pipe("nps_feedback")
    >>> doc = nlp("スタッフは親切でしたが、駐車場が狭くて不便でした。")
    >>> doc._.nps_sentiment
    'mixed'
    >>> [(span.text, span._.nps_sentiment, next(iter(span._.nps_themes))) for span in doc.spans["nps_statements"]]
    [('スタッフは親切でしたが、', 'positive', 'staff'), ('駐車場が狭くて不便でした。', 'negative', 'access')]
    >>> [(doc.text[s["start"] : s["end"]], s["intent"]) for s in doc._.nps_statements]
    [('スタッフは親切でしたが、', 'praise'), ('駐車場が狭くて不便でした。', 'complaint')]
    """

    def __init__(self, model: str, taxonomy: str) -> None:
        self._annotator = Annotator(load_classifier(model, taxonomy=taxonomy), load_taxonomy(taxonomy))

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one Doc."""
        self._annotate([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:
        """Annotate a stream of Docs in batches."""
        for docs in minibatch(stream, size=batch_size):  # type: ignore[no-untyped-call]
            self._annotate(docs)
            yield from docs

    def _annotate(self, docs: Sequence[Doc]) -> None:
        readings = self._annotator.read([(doc._.nps_question, doc.text) for doc in docs])
        for doc, reading in zip(docs, readings, strict=True):
            for name in _DOC:
                if name not in {"nps_question", "nps_statements"}:
                    doc._.set(name, getattr(reading, name.removeprefix("nps_")))
            # An empty comment is read as one statement without a character: nobody says anything there.
            doc._.nps_statements = [_record(s) for s in reading.statements if s.start < s.end]
            doc.spans[SPANS] = list(_spans(doc))

    def to_bytes(self, *, exclude: Sequence[str] = ()) -> bytes:  # noqa: ARG002 - spaCy's signature
        """Return what the component has to know its model by; the model itself stays where it is."""
        return json.dumps({"fingerprint": self._annotator.classifier.fingerprint}).encode()

    def from_bytes(self, data: bytes, *, exclude: Sequence[str] = ()) -> NpsFeedback:  # noqa: ARG002
        """Check that the model is the one that the pipeline was saved with.

        Raises
        ------
        ModelError
            When it is another one, or nothing tells which: results might not be those of the saved pipeline.
        """
        own = self._annotator.classifier.fingerprint
        try:
            saved = json.loads(data)["fingerprint"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise ModelError(
                f"The saved pipeline does not say its model; add {FACTORY!r} to the pipeline anew and save it again."
            ) from error
        if saved != own:
            raise ModelError(
                f"The pipeline was saved with the model {saved}, here is {own}; install the version of nps-nlp "
                f"that saved it, or add {FACTORY!r} to the pipeline anew."
            )
        return self

    def to_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> None:
        """Write what `to_bytes` returns into a folder."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _SETTINGS).write_bytes(self.to_bytes(exclude=exclude))

    def from_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> NpsFeedback:
        """Check a saved pipeline as `from_bytes` does."""
        file = Path(path) / _SETTINGS
        return self.from_bytes(file.read_bytes() if file.is_file() else b"", exclude=exclude)


def _record(statement: Statement) -> dict[str, Any]:
    """Return a statement as what JSON and the formats of spaCy can hold."""
    return {
        "start": statement.start,
        "end": statement.end,
        "sentiment": statement.sentiment,
        "sentiment_confidence": statement.sentiment_confidence,
        "intent": statement.intent,
        "themes": dict(zip(statement.themes, statement.theme_confidence, strict=True)),
    }


def _spans(doc: Doc) -> Iterator[Span]:
    """Yield the span of each statement, with its labels."""
    for record in doc._.nps_statements:
        # spaCy has no span without a token: what has no words is left out.
        span = doc.char_span(record["start"], record["end"], alignment_mode="expand")
        if span is not None and len(span):
            span._.nps_sentiment = record["sentiment"]
            span._.nps_sentiment_confidence = record["sentiment_confidence"]
            span._.nps_intent = record["intent"]
            span._.nps_themes = dict(record["themes"])
            span._.nps_evidence = (record["start"], record["end"])
            yield span


@Language.factory(
    FACTORY,
    assigns=["doc._.nps_sentiment", "doc._.nps_intent", "doc._.nps_themes", "doc._.nps_statements", "doc.spans"],
    default_config={"model": DEFAULT_MODEL, "taxonomy": "tourism"},
)
def create_feedback(nlp: Language, name: str, model: str, taxonomy: str) -> NpsFeedback:  # noqa: ARG001 - spaCy's signature
    """Return the component; spaCy calls this for ``nlp.add_pipe("nps_feedback", config={"model": …})``."""
    return NpsFeedback(model, taxonomy)
