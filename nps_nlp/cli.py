"""The command line: ``nps-nlp demo | report | score | inspect | tools | unmask | evaluate | train``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nps_nlp.arguments import parse
from nps_nlp.errors import InputError, NpsNlpError
from nps_nlp.score_options import ABOUT_SCORE, BESIDE

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from nps_nlp.classify.protocol import Classifier
    from nps_nlp.intake.rows import Table
    from nps_nlp.privacy.masker import Masker


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0 when done, 1 when the input cannot be used (argparse exits with 2 on wrong usage)."""
    options = parse(arguments)
    try:
        _COMMANDS[options.command](options)
    except NpsNlpError as error:
        print(f"nps-nlp: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader of our output (head, less) went away: not an error of ours.
        sys.stderr.close()
        return 0
    return 0


def _classifier(options: argparse.Namespace, *, cache: bool, taxonomy: str | None) -> Classifier:
    from nps_nlp.classify import load_classifier

    labels = dict(entry.rpartition("=")[::2] for entry in options.map_label)
    if not all(labels):
        raise InputError("--map-label: expected LABEL=MEANING, as in --map-label LABEL_0=negative.")
    return load_classifier(options.model, cache=cache, taxonomy=taxonomy or "tourism", labels=labels, gold=options.fit)


def _input(options: argparse.Namespace) -> list[str] | Table:
    if options.sql:
        from nps_nlp.intake.sql_tables import open_query

        return open_query(*options.sql)
    files: list[str] = options.input
    return files


def _columns(options: argparse.Namespace) -> dict[str, Any]:
    from nps_nlp.intake.config import load_config

    named = {
        "score": options.score,
        "comments": options.comment,
        "segments": options.segment,
        "date": options.date,
        "respondent": options.respondent,
        "tool": options.tool,
        "encoding": options.encoding,
        "score_coding": options.score_coding,
        "drop_duplicates": options.drop_duplicates,
        **{name: getattr(options, name) for name in BESIDE},
    }
    saved = load_config(options.config) if options.config else {}
    return named | saved | {name: value for name, value in named.items() if value}


def _demo(options: argparse.Namespace) -> None:
    from nps_nlp.demo import demo_path
    from nps_nlp.run import run_report

    titles = {"ja": "ことり会計（架空のサービス）", "en": "Larkfield Hotels (fictional)"}
    for language, title in titles.items():
        run_report([demo_path(language)], options.out / language, {}, {"title": title})


def _report(options: argparse.Namespace) -> None:
    from nps_nlp.run import run_report

    choices = {name: getattr(options, name) for name in ("taxonomy", "language", "title", *ABOUT_SCORE)}
    choices["model"] = _classifier(options, cache=options.cache, taxonomy=options.taxonomy)
    run_report(_input(options), options.out, _columns(options), choices, _masker(options, options.pii_key))


def _masker(options: argparse.Namespace, key: Path | None = None) -> Masker:
    from nps_nlp.privacy.masker import Masker
    from nps_nlp.privacy.pseudonyms import open_key

    if key is not None and not options.mask_pii:
        raise InputError("--pii-key makes codes for masks, and --no-mask-pii leaves none; give one of them.")
    return Masker(on=options.mask_pii, pseudonyms=open_key(key) if key else None)


def _unmask(options: argparse.Namespace) -> None:
    from nps_nlp.privacy.unmask import unmask_with_key

    out = unmask_with_key(options.file, options.pii_key, options.map, options.out)
    print(f"{out} holds personal data as it was written; only you can read the file.")


def _score(options: argparse.Namespace) -> None:
    from nps_nlp.run import score_export
    from nps_nlp.scoring.scales import scale_of

    masker = _masker(options)
    scores = score_export(_input(options), _columns(options), options.by, scale_of(options.break_points), masker)
    log, notes = scores.export.log, [masker.text(note) for note in scores.export.log.remarks(scores.export.notes)]
    if options.json:
        by = {name: json.loads(table.to_json(orient="records")) for name, table in scores.groups.items()}
        weighted = {} if scores.weighted is None else {"weighted": scores.weighted.to_dict()}
        again = {} if scores.repeated is None else {"repeated_answers": scores.repeated.to_dict()}
        content = {"nps": scores.nps.to_dict(), **weighted, **again, "rows": log.rows(), "by": by, "notes": notes}
        print(json.dumps(content, ensure_ascii=False, indent=1))
        return
    print(scores.nps)
    if scores.weighted is not None:
        print(f"weighted; unweighted {scores.plain.score:+.1f}. {scores.weighted}")
    print(log.account())
    for note in [*notes, *([] if scores.repeated is None else [scores.repeated.en])]:
        print(f"note: {note}")
    for name, table in scores.groups.items():
        print(f"\n{name}\n{table.to_string(index=False, float_format='{:.1f}'.format)}")


def _inspect(options: argparse.Namespace) -> None:
    from nps_nlp.intake import open_export
    from nps_nlp.intake.config import command_line, save_config
    from nps_nlp.report.words import load_words
    from nps_nlp.show import described, print_decisions, print_rows, progress

    mask = _masker(options).text
    export = open_export(_input(options), **_columns(options), need_score=False)
    if export.columns.score:
        with progress(export.estimated_rows) as advance:
            for chunk in export.chunks():
                advance(chunk.log.read)
    else:
        export.set_all_aside()
    if options.save_config:
        save_config(export, options.save_config)
    # The address of a database may hold a password.
    command = command_line(export, ["--sql", "URL", "QUERY"] if options.sql else options.input)
    if options.json:
        print(json.dumps({**described(export, mask), "command": command}, ensure_ascii=False, indent=1))
        return
    print_decisions(export, mask)
    print_rows(export, mask, load_words("en"))
    print(f"next: {command}")


def _tools(options: argparse.Namespace) -> None:
    from nps_nlp.intake.tools import presets

    tools = [{"id": p.id, "label": p.name, "status": p.status, "source": p.source} for p in presets().values()]
    if options.json:
        print(json.dumps(tools, ensure_ascii=False, indent=1))
        return
    for tool in tools:
        print(f"{tool['id']:<17}{tool['label']}  ({tool['status']}: {tool['source']})")


def _evaluate(options: argparse.Namespace) -> None:
    from nps_nlp.classify.compare import compare
    from nps_nlp.classify.gold import read_gold
    from nps_nlp.show import print_evaluation

    rows = [r for r in read_gold(options.gold) if options.split is None or r.split == options.split]
    if not rows:
        raise InputError(f"No row is of the split {options.split!r}; leave --split out, or name one of the file.")
    result = compare(rows, _classifier(options, cache=False, taxonomy=None), baselines=not options.no_baselines)
    if options.json:
        print(json.dumps(result, ensure_ascii=False, indent=1))
    else:
        print_evaluation(result)


def _train(options: argparse.Namespace) -> None:
    if options.gold[0] == "encoder":
        _train_encoder(options)
    else:
        from nps_nlp.training.student import train_student

        gold = [Path(g) for g in options.gold]
        train_student(gold, options.out, options.teacher, options.data, options.dev, report=print)
    print(f"The model is in {options.out}; use it with --model {options.out}.")


def _train_encoder(options: argparse.Namespace) -> None:
    from nps_nlp.training.pipeline import Sources, train_encoder

    if options.data is None:
        raise InputError("train encoder: name the folder of unlabelled public data with --data.")
    gold = [Path(g) for g in options.gold[1:]]
    corpus = tuple(g for g in gold if "feedback-corpus" in g.parts)
    labelled = tuple(g for g in gold if g not in corpus)
    sources = Sources(labelled, corpus, options.data, tuple(options.dev), tuple(map(tuple, options.further)))
    train_encoder(sources, options.out, options.work or Path("encoder-work"), report=print)


_COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    "demo": _demo,
    "report": _report,
    "score": _score,
    "inspect": _inspect,
    "tools": _tools,
    "unmask": _unmask,
    "evaluate": _evaluate,
    "train": _train,
}

if __name__ == "__main__":
    sys.exit(main())
