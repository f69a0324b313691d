"""Codes of languages at import: what they are read as, what the user is asked about, and what is told of it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import IsoglossError
from engine.importers.bmlama.importer import import_bmlama
from engine.importers.clika.importer import import_clika
from engine.importers.importer import app
from engine.importers.intake.fact_report import FactsReport
from engine.importers.intake.language_map import LanguageMap, parse_language_map
from engine.importers.own_facts.importer import import_facts
from engine.importers.parallel_sets.importer import import_parallel_set
from engine.languages import parse_language
from engine.store.verify import read_snapshot
from tests.support.clika_small import geo_rows, write_geo, write_rows
from tests.support.parallel_sets_small import global_mmlu, x_csqa

HEADER = "dataset,fact_id,language,question,option_1,option_2,gold"
FRUIT = {
    "en_XX": "Which is a fruit?,apple,stone,1",
    "fr_XX": "Lequel est un fruit ?,pomme,pierre,1",
    "ar_AR": "أيهما فاكهة؟,تفاح,حجر,1",
    "ES_LA": "¿Cuál es una fruta?,manzana,piedra,1",
    "kor_Hang": "과일은 어느 것인가?,사과,돌,1",
    "de_DE": "Was ist Obst?,Apfel,Stein,1",
}


def written(tmp_path: Path, codes: dict[str, str]) -> Path:
    """FRUIT with some codes written in another way."""
    lines = [f"langs,1,{codes.get(code, code)},{texts}" for code, texts in FRUIT.items()]
    path = tmp_path / "languages.csv"
    path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return path


def imported(tmp_path: Path, codes: dict[str, str], given: str | None = None) -> FactsReport:
    return import_facts(written(tmp_path, codes), tmp_path / "store", language_map=parse_language_map(given))


def languages(report: FactsReport) -> list[str]:
    (dataset,) = report.datasets
    return list(dataset.languages)


def test_codes_of_mbart_and_flores_are_their_languages_and_the_report_says_so(tmp_path: Path) -> None:
    report = imported(tmp_path, {})
    assert languages(report) == ["ar", "de", "en", "es-419", "fr", "ko"]
    told = "ES_LA as es-419, ar_AR as ar, de_DE as de, en_XX as en, fr_XX as fr, kor_Hang as ko"
    assert f"language codes read: {told}" in report.notes


def test_codes_that_differ_in_case_and_separator_alone_are_not_told(tmp_path: Path) -> None:
    plain = {"en_XX": "EN", "fr_XX": "fr", "ar_AR": "ar", "ES_LA": "es_MX", "kor_Hang": "Ko", "de_DE": "de_AT"}
    report = imported(tmp_path, plain)
    assert languages(report) == ["ar", "de-AT", "en", "es-MX", "fr", "ko"]
    assert not [note for note in report.notes if "codes" in note]


def test_an_unusual_region_stops_the_import_and_is_asked_about(tmp_path: Path) -> None:
    (problem,) = imported(tmp_path, {"ES_LA": "es-LA", "ar_AR": "ar-AR"}).problems
    assert str(problem) == (
        "line 2: ar-AR would be Arabic (Argentina), es-LA would be Spanish (Laos), which CLDR does not know there: "
        "say what is meant, e.g. --language-map ar-AR=ar,es-LA=es-419"
    )
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(
    ("given", "tags"),
    [
        ("ar-AR=ar,es-LA=es-419", ["ar", "de", "en", "es-419", "fr", "ko"]),
        ("AR_ar=arb,es_la=es-MX", ["ar", "de", "en", "es-MX", "fr", "ko"]),
        ("ar-AR=ar-AR, es-LA = es-LA", ["ar-AR", "de", "en", "es-LA", "fr", "ko"]),  # it is what it says
        ("ar-AR=ar,es-LA=es,kor_Hang=ko-KR,en_XX=en-GB", ["ar", "de", "en-GB", "es", "fr", "ko"]),
    ],
)
def test_what_the_user_says_of_a_code_holds(given: str, tags: list[str], tmp_path: Path) -> None:
    assert languages(imported(tmp_path, {"ES_LA": "es-LA", "ar_AR": "ar-AR"}, given)) == tags


def test_a_code_that_is_no_language_can_be_explained(tmp_path: Path) -> None:
    assert 'language: "jap" is no language' in str(imported(tmp_path, {"de_DE": "jap"}).problems[0])
    assert languages(imported(tmp_path, {"de_DE": "jap"}, "jap=ja"))[-2:] == ["ja", "ko"]


def test_explained_codes_that_do_not_occur_are_named(tmp_path: Path) -> None:
    assert "codes of --language-map that do not occur: ja-xx" in imported(tmp_path, {}, "ja_XX=ja").notes


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("ES_LA", '--language-map: "ES_LA" names no code and tag: write e.g. ES_LA=es-419,ar_AR=ar'),
        ("=es", '"=es" names no code and tag'),
        ("", '"" names no code and tag'),
        ("ES_LA=es,", '"" names no code and tag'),
        ("ES_LA=spanish", '--language-map: "spanish" is no language'),
        ("ES_LA=es,es-la=es-419", "--language-map gives es-la two tags: give one"),
    ],
)
def test_a_map_that_cannot_be_read_is_refused(given: str, said: str) -> None:
    with pytest.raises(IsoglossError) as refused:
        parse_language_map(given)
    assert said in str(refused.value) and refused.value.exit_status == 64


@pytest.mark.parametrize(
    ("codes", "tag"), [(("en", "en_XX"), "en"), (("zho_Hans", "zh_CN"), "zh"), (("nb", "no"), "nb")]
)
def test_two_codes_of_one_language_are_named_as_a_conflict(codes: tuple[str, str], tag: str, tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text("\n".join([HEADER, *(f"d,1,{code},Q?,a,b,1" for code in codes)]), encoding="utf-8")
    (problem,) = import_facts(path, tmp_path / "store").problems
    one, other = codes
    said = f'fact "1" of d stands in {tag} already, in line 2: delete one ({one} and {other} are both {tag})'
    assert str(problem) == f"line 3: {said}"


def test_the_language_of_a_source_is_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text(
        f"{HEADER},source_language\nd,1,fr_XX,Q?,a,b,1,en_XX\nd,1,he\u200f,Q?,a,b,1,es-LA\n", encoding="utf-8"
    )
    (problem,) = import_facts(path, tmp_path / "store").problems
    assert "es-LA would be Spanish (Laos)" in str(problem) and "es-LA=es-419" in str(problem)
    report = import_facts(path, tmp_path / "store", language_map={"es-la": "es-419"})
    assert languages(report) == ["fr", "he"]  # with a direction mark behind it, too


def test_a_published_set_in_codes_of_mmmlu(tmp_path: Path) -> None:
    global_mmlu(tmp_path / "files")
    for old, new in (("de", "ES_LA"), ("en", "en_XX"), ("he", "sw-KE")):
        (tmp_path / "files" / old).rename(tmp_path / "files" / new)
    report = import_parallel_set("global-mmlu", tmp_path / "store", folder=tmp_path / "files", limit=2)
    assert report.datasets[0].languages == {"en": 2, "es-419": 2, "sw-KE": 2}
    assert "language codes read: ES_LA as es-419, en_XX as en" in report.notes
    (tmp_path / "files" / "ES_LA").rename(tmp_path / "files" / "ja-BO")
    with pytest.raises(IsoglossError, match=r"ja-BO would be Japanese \(Bolivia\), .* --language-map ja-BO=ja$"):
        import_parallel_set("global-mmlu", tmp_path / "store", folder=tmp_path / "files")
    # only what is imported is asked about
    import_parallel_set("global-mmlu", tmp_path / "store", folder=tmp_path / "files", languages=["en", "sw-KE"])
    given = parse_language_map("ja_BO=ja,sw_KE=sw")
    report = import_parallel_set("global-mmlu", tmp_path / "store", folder=tmp_path / "files", language_map=given)
    assert report.datasets[0].languages == {"en": 3, "ja": 3, "sw": 3}


def test_a_set_may_have_codes_of_its_own(tmp_path: Path) -> None:
    x_csqa(tmp_path / "files")
    report = import_parallel_set("x-csqa", tmp_path / "store", folder=tmp_path / "files")
    assert "language codes read: jap as ja" in report.notes


def test_bmlama_asks_too(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    row = "Egypt: <mask>.\tCairo\tGiza, Cairo\tEgypt"
    for code in ("en_XX", "ko-KE", "no"):
        (tmp_path / "files" / f"{code}.tsv").write_text(f"Prompt\tAns\tCandidate Ans\tSubject\n{row}\n")
    with pytest.raises(IsoglossError, match=r"files: ko-KE would be Korean \(Kenya\), .* --language-map ko-KE=ko$"):
        import_bmlama(tmp_path / "files", tmp_path / "store")
    report = import_bmlama(tmp_path / "files", tmp_path / "store", language_map={"ko-ke": "ko"})
    assert languages(report) == ["en", "ko", "nb"]
    assert "language codes read: en_XX as en, ko-KE as ko, no as nb" in report.notes


def test_clika_keeps_its_tags_and_asks_too(tmp_path: Path) -> None:
    said = ["A. North", "C. Three"]
    root = write_geo(tmp_path / "release", {"chatgpt": {"en": said, "de": said}})
    write_rows(root / "x_geo" / "HE_trans" / "chatgpt_res.jsonl", geo_rows("he", said))
    report = import_clika(str(root), tmp_path / "store")
    assert {answers.language for answers in report.sets} == {"de", "en", "he"}
    assert not [note for note in report.notes if "codes" in note]
    (root / "x_geo" / "HE_trans").rename(root / "x_geo" / "he-JP")
    with pytest.raises(IsoglossError, match=r"he-JP would be Hebrew \(Japan\), .* --language-map he-JP=he$"):
        import_clika(str(root), tmp_path / "store")
    report = import_clika(str(root), tmp_path / "store", language_map={"he-jp": "he"})
    assert report.complete and "language codes read: he-JP as he" in report.notes
    assert {answers.language for answers in report.sets} == {"de", "en", "he"}


def test_the_commands_take_the_map(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = ["--store", str(tmp_path / "store")]
    path = str(written(tmp_path, {"ES_LA": "es-LA"}))
    with pytest.raises(IsoglossError, match="nothing was imported"):
        app(["facts", path, *store], standalone_mode=False)
    assert "--language-map es-LA=es-419" in capsys.readouterr().err
    app(["facts", path, *store, "--language-map", "es-LA=es-419"], standalone_mode=False)
    assert "(ar 1, de 1, en 1, es-419 1, fr 1, ko 1)" in capsys.readouterr().out
    global_mmlu(tmp_path / "files")
    hub = ["hub", "global-mmlu", "--from", str(tmp_path / "files"), *store, "--language-map", "he=yi"]
    app([*hub, "--languages", "en,he"], standalone_mode=False)
    assert "Imported global-mmlu: 3 facts (en 3, yi 3)." in capsys.readouterr().out
    write_geo(tmp_path / "release", {"chatgpt": {"en": ["A", "C"], "de": ["A", "C"]}})
    app(["clika", str(tmp_path / "release"), *store, "--language-map", "de=lb"], standalone_mode=False)
    assert "Note: language codes read: de as lb" in capsys.readouterr().out
    (file,) = [file for file in read_snapshot(tmp_path / "store").files if file.entry.table == "results"]
    assert set(file.parquet.read()["language"].to_pylist()) == {"en", "lb"}


@given(
    st.sampled_from(["en_XX", "zho_Hans", "ES_LA", "de", "sr_Latn", "pt-PT", "nb"]), st.sampled_from(["zh", "de-AT"])
)
def test_a_map_says_what_its_codes_are_and_changes_no_other(code: str, tag: str) -> None:
    tags = LanguageMap(parse_language_map(f"{code}={tag}"))
    assert tags(code) == tags(code.lower()) == tags(code.replace("_", "-")) == tag
    assert tags("fr_XX") == parse_language("fr_XX") == "fr"
