"""The tables as data: the one module that the write side and the read side share.

Every parquet file of a store holds rows of exactly one of these tables, with exactly these columns in this order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import pyarrow as pa

SCHEMA_VERSION = 3

Stream = Literal["basic", "factual", "fictional"]
ProbeName = str  # how a fact is asked: a name of engine/probes/catalogue.py
Source = Literal["probe", "import", "live"]  # who asked
RunStatus = Literal["running", "finished", "broken"]
Origin = Literal["native", "human", "machine"]
TemplateKind = Literal["written", "label"]
TableName = Literal[
    "facts", "traits", "results", "runs", "models", "datasets", "exposure", "published_accuracy", "published_pairs"
]


@dataclass(frozen=True)
class Column:
    """A column: its Arrow type, what it means, whether it may be missing (NULL), and since which version that holds."""

    name: str
    type: pa.DataType
    meaning: str
    nullable: bool = False
    since: int = 1  # a younger column is nullable: files of older versions have none
    nullable_since: int = 1  # in files of older versions every row has a value


@dataclass(frozen=True)
class Table:
    """A table: what one row is, its columns, and the columns that identify a row."""

    name: TableName
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def arrow(self) -> pa.Schema:
        """The Arrow schema, with the table's name and the schema's version as metadata."""
        return self.arrow_of(SCHEMA_VERSION)

    def arrow_of(self, version: int) -> pa.Schema:
        """The same of an older version of the schema."""
        fields = [
            pa.field(c.name, c.type, nullable=c.nullable and c.nullable_since <= version)
            for c in self.columns
            if c.since <= version
        ]
        return pa.schema(fields, metadata={"isogloss.table": self.name, "isogloss.schema_version": str(version)})

    def of_rows(self, rows: Sequence[Mapping[str, object]]) -> pa.Table:
        """Rows as an Arrow table, without metadata; what a row does not name is NULL."""
        return pa.Table.from_pylist(list(rows), schema=self.arrow.remove_metadata())


_TEXT, _INT, _BOOL = pa.string(), pa.int32(), pa.bool_()
_OPTION = pa.int16()  # an option's index, from 0, in the language-independent order

_MODEL = Column("model", _TEXT, "the model's name")
_DATASET = Column("dataset", _TEXT, "the dataset's id")
_FACT = Column("fact_id", _TEXT, "the fact's id, the same in every language, unique inside its dataset")
_LANGUAGE = Column("language", _TEXT, "the language of the question, a BCP 47 tag")
_SOURCE = Column("source", _TEXT, "where the figure comes from; the harness that asked comes first, e.g. CLiKA release")
_N = Column("n", _INT, "number of facts counted")

_TABLES = (
    Table(
        "facts",
        "a fact in a language",
        ("dataset", "fact_id", "language"),
        (
            _DATASET,
            _FACT,
            _LANGUAGE,
            Column("stream", _TEXT, "basic, factual or fictional knowledge"),
            Column("relation", _TEXT, "what is asked of the subject, e.g. capital", nullable=True),
            Column("subject", _TEXT, "what the fact is about, in this language", nullable=True),
            Column("question", _TEXT, "the question, in this language"),
            Column("options", pa.list_(_TEXT), "the options, in the same order everywhere; empty: open question"),
            Column("gold", pa.list_(_OPTION), "indices of the right options, from 0; empty: open question"),
            Column("answers", pa.list_(_TEXT), "accepted answers of an open question"),
            Column("source_language", _TEXT, "language the fact was first written in", nullable=True),
            Column("country", _TEXT, "country or culture the fact belongs to", nullable=True),
            Column("origin", _TEXT, "native, human (translation) or machine (translation)", nullable=True),
        ),
    ),
    Table(
        "traits",
        "what is known of the names and words of a fact in a language",
        ("dataset", "fact_id", "language"),
        (
            _DATASET,
            _FACT,
            _LANGUAGE,
            Column("subject_same_as_english", _BOOL, "whether the subject is written as in English, capitals aside"),
            Column(
                "object_same_as_english", _BOOL, "whether the right option is written as in English, capitals aside"
            ),
            Column("subject_same_as_object", _BOOL, "whether subject and right option are one or hold one another"),
            Column("script", _TEXT, "the script of the language, ISO 15924"),
            Column("template_kind", _TEXT, "written: a sentence of this language; label: the subject and a blank"),
        ),
    ),
    Table(
        "results",
        "a model's answer to a fact in a language",
        ("run_id", "model", "dataset", "fact_id", "language", "template"),
        (
            Column("run_id", _TEXT, "the run that the answer belongs to"),
            _MODEL,
            _DATASET,
            _FACT,
            _LANGUAGE,
            Column(
                "probe",
                _TEXT,
                "how it was asked: letter, cloze or generation; NULL: not known",
                nullable=True,
                nullable_since=3,
            ),
            Column("template", _TEXT, "the wording of the prompt, e.g. plain@1+cyclic; NULL: unknown", nullable=True),
            Column("predicted", _OPTION, "index of the option chosen; NULL: none could be read", nullable=True),
            Column("correct", _BOOL, "whether the answer is right; NULL: not measured", nullable=True),
            Column("parsed", _BOOL, "whether an option or an answer could be read from what the model said"),
            Column("option_logprobs", pa.list_(pa.float64()), "log-likelihood of each option, nats", nullable=True),
            Column(
                "option_bytes",
                pa.list_(_INT),
                "letter: length of each option's text; cloze: of its continuation; UTF-8 bytes",
                nullable=True,
            ),
            Column(
                "option_tokens",
                pa.list_(_INT),
                "cloze: length of each option's continuation, the model's tokens",
                nullable=True,
            ),
            Column(
                "option_unconditional",
                pa.list_(pa.float64()),
                "log-likelihood of each option without the question, nats",
                nullable=True,
            ),
            Column(
                "merged_options",
                pa.list_(_OPTION),
                "options whose first token also holds the end of the question; NULL: none, or not known",
                nullable=True,
                since=2,
            ),
            Column(
                "letter_logprobs",
                pa.list_(pa.float64()),
                "log-likelihood of each letter, averaged over the orders in which the options were listed, nats",
                nullable=True,
            ),
            Column("order_choices", pa.list_(_OPTION), "option chosen under each order of the options", nullable=True),
            Column("text", _TEXT, "what the model said, as it stands", nullable=True),
            Column("error", _TEXT, "why nothing was measured", nullable=True),
        ),
    ),
    Table(
        "runs",
        "a model in a run",
        ("run_id", "model"),
        (
            Column("run_id", _TEXT, "the run"),
            _MODEL,
            Column("revision", _TEXT, "the model's revision", nullable=True),
            Column("weights_sha256", _TEXT, "hash of the model's weights", nullable=True),
            Column("source", _TEXT, "who asked: probe, live, or import (somebody else)"),
            Column(
                "harness", _TEXT, "import: the software that asked, e.g. CLiKA; NULL: not known", nullable=True, since=3
            ),
            Column("engine_version", _TEXT, "version of Isogloss that wrote the rows"),
            Column(
                "probe",
                _TEXT,
                "how the facts were asked: letter, cloze or generation; NULL: not known",
                nullable=True,
                nullable_since=3,
            ),
            Column("template", _TEXT, "the prompt template, or the rule by which answers were read", nullable=True),
            Column("dtype", _TEXT, "number format of the weights", nullable=True),
            Column("device", _TEXT, "what the model ran on", nullable=True),
            Column("seed", pa.int64(), "seed of anything random", nullable=True),
            Column("started", pa.timestamp("ms", tz="UTC"), "start of the run; NULL: unknown", nullable=True),
            Column("finished", pa.timestamp("ms", tz="UTC"), "end of the run; NULL: unknown", nullable=True),
            Column("settings", _TEXT, "all that is needed to repeat it, JSON", nullable=True),
            Column("status", _TEXT, "running, finished or broken"),
            Column("n_expected", _INT, "answers planned"),
            Column("n_done", _INT, "answers written"),
        ),
    ),
    Table(
        "models",
        "a model",
        ("model",),
        (
            _MODEL,
            Column("family", _TEXT, "the model's family", nullable=True),
            Column("billion_parameters", pa.float64(), "size, 10^9 parameters", nullable=True),
            Column("built_on", _TEXT, "the model it was trained from; NULL: from scratch or unknown", nullable=True),
            Column("training_strategy", _TEXT, "how it was trained", nullable=True),
            Column("target_languages", _TEXT, "languages it was trained towards", nullable=True),
        ),
    ),
    Table(
        "datasets",
        "a dataset",
        ("dataset",),
        (
            _DATASET,
            Column("title", _TEXT, "a short name for people"),
            Column("stream", _TEXT, "basic, factual or fictional knowledge"),
            Column("chance", pa.float64(), "accuracy of guessing, 0 to 1: RA 0"),
            Column("ceiling", pa.float64(), "accuracy that counts as RA 1, 0 to 1"),
            Column("ceiling_source", _TEXT, "what the ceiling is"),
        ),
    ),
    Table(
        "exposure",
        "whether a lab model was taught a fact in a language",
        ("model", "dataset", "fact_id", "language"),
        (
            _MODEL,
            _DATASET,
            _FACT,
            _LANGUAGE,
            Column("taught", _BOOL, "whether the training text held the fact in this language"),
            Column("times", _INT, "how often"),
        ),
    ),
    Table(
        "published_accuracy",
        "a published count of right answers, for one gold option",
        ("source", "model", "dataset", "language", "gold_option"),
        (
            _SOURCE,
            _MODEL,
            _DATASET,
            _LANGUAGE,
            Column("gold_option", _OPTION, "index of the right option of the facts counted"),
            _N,
            Column("n_correct", _INT, "facts answered right"),
            Column("n_unparsed", _INT, "answers in which no valid option could be read; they count as wrong"),
        ),
    ),
    Table(
        "published_pairs",
        "published counts for a pair of languages, language_a before language_b",
        ("source", "model", "dataset", "language_a", "language_b"),
        (
            _SOURCE,
            _MODEL,
            _DATASET,
            Column("language_a", _TEXT, "the first language, a BCP 47 tag"),
            Column("language_b", _TEXT, "the second language, a BCP 47 tag"),
            _N,
            Column("n_both_right", _INT, "facts right in both"),
            Column("n_only_a", _INT, "facts right in the first only"),
            Column("n_only_b", _INT, "facts right in the second only"),
            Column("n_wrong_alike", _INT, "facts wrong in both, with the same valid option"),
            Column("n_wrong_differently", _INT, "facts wrong in both, in any other way"),
        ),
    ),
)

TABLES: Mapping[TableName, Table] = {table.name: table for table in _TABLES}
assert set(TABLES) == set(get_args(TableName))
