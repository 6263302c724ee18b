"""A checkpoint of Hugging Face: found on this machine, checked before it is opened, run in batches of like length."""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nps_nlp.classify.store import file_hash
from nps_nlp.errors import ModelError
from nps_nlp.extras import need

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

PREFIX = "huggingface:"
_LONGEST = 512
_TOKENS_A_BATCH = {"cpu": 4_096, "cuda": 65_536, "mps": 16_384}
_NAME = re.compile(r"\w[\w.-]*(?:/\w[\w.-]*)?")
_OTHER_WEIGHTS = {".bin", ".pt", ".pth", ".ckpt", ".pkl", ".h5"}
_READ = ("*.json", "*.safetensors", "*.txt", "*.model")
_VOCABULARIES = ("tokenizer.json", "vocab.txt", "vocab.json", "*.model")


def find_checkpoint(name: str) -> Path:
    """Return the folder of a checkpoint: a local folder, or a name that was downloaded before.

    Nothing is ever downloaded here.

    Raises
    ------
    ModelError
        When there is none, when it is no checkpoint, or when its weights are a pickle.
    """
    folder = Path(name)
    if not folder.is_dir():
        hub = need("huggingface_hub", "transformers")
        try:
            folder = Path(hub.snapshot_download(name, local_files_only=True))
        except Exception as error:  # a name of the wrong form and a missing snapshot have unlike classes
            if not _NAME.fullmatch(name):
                raise ModelError(
                    f"--model {PREFIX}{name}: no such folder; name one that save_pretrained wrote."
                ) from error
            patterns = " ".join(f"--include '{p}'" for p in _READ)
            raise ModelError(
                f"--model {PREFIX}{name}: no such folder, and no downloaded checkpoint of that name (nothing is "
                f"downloaded while a report is made); run: hf download {name} {patterns}"
            ) from error
    _check(folder)
    return folder


def _check(folder: Path) -> None:
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        kind = config["model_type"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ModelError(
            f"{folder}: not a model of transformers (no config.json with a model_type); "
            "name the folder that save_pretrained wrote."
        ) from error
    if "auto_map" in config:
        raise ModelError(
            f"{folder}: the model ({kind}) brings code of its own, which is never run; choose another one."
        )
    if (folder / "adapter_config.json").exists():
        raise ModelError(f"{folder}: this is an adapter; merge it into its base model and save that as safetensors.")
    if not any(folder.glob("*.safetensors")):
        pickled = sorted(p.name for p in folder.iterdir() if p.suffix in _OTHER_WEIGHTS)
        found = f"its weights are in {', '.join(pickled)}, which is never opened" if pickled else "it has no weights"
        raise ModelError(
            f"{folder}: {found}; expected model.safetensors. Where you trust the file, convert it on another machine: "
            "AutoModel….from_pretrained(…).save_pretrained(…, safe_serialization=True)"
        )
    # Without one, transformers makes an empty vocabulary, to which every text is the same.
    if not any(path for pattern in _VOCABULARIES for path in folder.glob(pattern)):
        raise ModelError(
            f"{folder}: the vocabulary is missing ({', '.join(_VOCABULARIES)}); save the tokenizer there too: "
            "AutoTokenizer.from_pretrained(…).save_pretrained(…)"
        )


class Checkpoint:
    """A loaded checkpoint that turns texts, or pairs of texts, into rows of numbers.

    Runs in half precision on a GPU where there is one, else in single precision.

    Parameters
    ----------
    folder : Path
        As `find_checkpoint` returns it.

    Attributes
    ----------
    labels : tuple of str
        Of a classification head, in the order of its outputs; empty where there is none.
    fingerprint : str
        Hash of the configuration, the vocabulary and the weights.
    """

    def __init__(self, folder: Path) -> None:
        self._torch, transformers = need("torch", "transformers"), need("transformers", "transformers")
        config = json.loads((folder / "config.json").read_text("utf-8"))
        classifies = "ForSequenceClassification" in str(config.get("architectures"))
        home = transformers.AutoModelForSequenceClassification if classifies else transformers.AutoModel
        safe = {"local_files_only": True, "trust_remote_code": False}
        try:
            self._tokenizer = transformers.AutoTokenizer.from_pretrained(str(folder), **safe)
            with _quietly(transformers.utils.logging):
                model, about = home.from_pretrained(
                    str(folder), use_safetensors=True, output_loading_info=True, ignore_mismatched_sizes=True, **safe
                )
        except Exception as error:  # every architecture fails in its own way
            raise ModelError(f"{folder}: transformers {transformers.__version__} cannot load it ({error}).") from error
        _refuse_random(folder, about)
        labels = model.config.id2label if classifies else {}
        self.labels: tuple[str, ...] = tuple(str(labels[i]) for i in sorted(labels))
        self.many = getattr(model.config, "problem_type", None) == "multi_label_classification"
        self.fingerprint = _fingerprint(folder)
        self._device = _device(self._torch)
        self._model = (model.float() if self._device == "cpu" else model.half()).to(self._device).eval()
        positions = getattr(model.config, "max_position_embeddings", None) or _LONGEST
        # Some architectures use up two positions for padding.
        self._longest = min(_LONGEST, positions - 2, self._tokenizer.model_max_length)
        try:
            self.run(["a"])
        except Exception as error:  # as above
            raise ModelError(
                f"{folder}: texts cannot be read with it ({error}); choose an encoder (BERT, RoBERTa, DeBERTa …) whose "
                "tokenizer pads."
            ) from error

    def run(self, texts: Sequence[str], seconds: Sequence[str] | None = None) -> NDArray[np.float32]:
        """Return the logits of a classification head, or the mean embedding of length 1, of each text.

        Parameters
        ----------
        texts : sequence of str
        seconds : sequence of str, optional
            Second text of each pair, such as the hypothesis of an inference model.

        Returns
        -------
        ndarray of float32, shape (n, number of labels or width)
        """
        if not texts:
            return np.zeros((0, len(self.labels) or int(self._model.config.hidden_size)), dtype=np.float32)
        pairs = [] if seconds is None else [list(seconds)]
        encoded = self._tokenizer(list(texts), *pairs, truncation=True, max_length=self._longest)
        out: NDArray[np.float32] | None = None
        with self._torch.inference_mode():
            for places in _batches([len(ids) for ids in encoded["input_ids"]], _TOKENS_A_BATCH[self._device]):
                chosen = {name: [rows[i] for i in places] for name, rows in encoded.items()}
                found = self._forward(self._tokenizer.pad(chosen, return_tensors="pt").to(self._device))
                if out is None:
                    out = np.zeros((len(texts), found.shape[1]), dtype=np.float32)
                out[places] = found
        assert out is not None  # there is at least one text, so at least one batch
        return out

    def _forward(self, batch: Any) -> NDArray[np.float32]:
        out = self._model(**batch)
        if self.labels:
            return np.asarray(out.logits.float().cpu().numpy(), dtype=np.float32)
        mask = batch["attention_mask"].unsqueeze(-1).float()
        mean = (out.last_hidden_state.float() * mask).sum(1) / mask.sum(1).clamp(min=1)
        return np.asarray(self._torch.nn.functional.normalize(mean, dim=1).cpu().numpy(), dtype=np.float32)


def _refuse_random(folder: Path, about: dict[str, Any]) -> None:
    """Refuse a checkpoint that lacks weights: transformers would draw them at random and go on."""
    drawn = [str(name) for name in about["missing_keys"]] + [str(each[0]) for each in about["mismatched_keys"]]
    # The pooler of a model without a head is no part of a mean embedding, and many checkpoints leave it out.
    drawn = sorted(name for name in drawn if not name.startswith("pooler."))
    if drawn:
        raise ModelError(
            f"{folder}: the weights of {', '.join(drawn[:3])}{' …' if len(drawn) > 3 else ''} are missing or of "
            "another size than config.json says; choose a checkpoint whose head was trained."
        )


def _batches(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Yield places in batches of like length, longest first: hardly any padding, and memory shows its peak at once."""
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda i: (-lengths[i], i)):
        if batch and (len(batch) + 1) * lengths[batch[0]] > most:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


@contextmanager
def _quietly(logging: Any) -> Iterator[None]:
    """Keep the bar and the tables of transformers away from our own output, and leave its settings as they were."""
    shown, told = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(told)
        if shown:
            logging.enable_progress_bar()


def _device(torch: Any) -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _fingerprint(folder: Path) -> str:
    files = sorted({p for pattern in _READ for p in folder.glob(pattern)})
    return hashlib.sha256("\n".join(f"{p.name} {file_hash(p)}" for p in files).encode()).hexdigest()[:16]
