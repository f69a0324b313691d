"""BMLAMA's files: row by row parallel, the right candidate last, cells quoted as in CSV."""

from collections import Counter
from pathlib import Path

import pytest

from engine.database.database import Database, open_database
from engine.errors import IsoglossError
from engine.facts.question import BLANK
from engine.importers.bmlama.importer import import_bmlama
from engine.importers.intake.fact_report import FactsReport
from tests.conftest import _shared

pytestmark = pytest.mark.slow

HEADER = "Prompt\tAns\tCandidate Ans\tSubject"
ROWS = {
    "en": [
        "The capital of Egypt is <mask>.\tCairo\tGiza, Luxor, Cairo\tEgypt",
        "Egypt shares border with <mask>.\tLibya\tSudan, Chad, Libya\tEgypt",
        "Egypt shares border with <mask>.\tSudan\tMali, Chad, Sudan\tEgypt",
    ],
    "fr": [
        "La capitale de l'Égypte est <mask>.\tLe Caire\tGizeh, Louxor, Le Caire\tl'Égypte",
        "l'Égypte partage une frontière avec <mask>.\tLibye\tSoudan, Tchad, Libye\tl'Égypte",
        "l'Égypte partage une frontière avec <mask>.\tSoudan\tMali, Tchad, Soudan\tl'Égypte",
    ],
    "he": [
        'בירת מצרים היא <mask>.\tקהיר\t"גיזה, לו""קסור, קהיר"\tמצרים',
        "מצרים גובלת ב <mask>.\tלוב\tסודן, צ'אד, לוב\tמצרים",
        "מצרים גובלת ב <mask>.\tסודן\tמאלי, צ'אד, סודן\tמצרים",
    ],
}


def folder(tmp_path: Path, rows: dict[str, list[str]], header: str = HEADER) -> Path:
    made = tmp_path / "bmlama"
    made.mkdir()
    for language, lines in rows.items():
        (made / f"{language}.tsv").write_text("\r\n".join([header, *lines, ""]), encoding="utf-8", newline="")
    return made


def imported(tmp_path: Path, rows: dict[str, list[str]], header: str = HEADER) -> tuple[FactsReport, Database]:
    report = import_bmlama(folder(tmp_path, rows, header), tmp_path / "store")
    return report, open_database([tmp_path / "store"])


def texts(store: Database) -> dict[tuple[str, str], tuple[str, list[str], int]]:
    """Question, options and gold by fact and language."""
    found = store.frame("""
        select fact_id, language::varchar as language, question, options, gold[1] as gold
        from fact_texts join facts using (dataset, fact_ix)
    """)
    return {
        (row["fact_id"], row["language"]): (row["question"], list(row["options"]), int(row["gold"]))
        for _, row in found.iterrows()
    }


def without(language: str, number: int, line: str) -> dict[str, list[str]]:
    """The rows with one of them replaced."""
    lines = [*ROWS[language]]
    lines[number] = line
    return {**ROWS, language: lines}


def test_row_n_is_fact_n_in_every_language(tmp_path: Path) -> None:
    report, store = imported(tmp_path, ROWS)
    (count,) = report.datasets
    assert (count.dataset, count.n_facts, count.languages) == ("bmlama17", 3, {"en": 3, "fr": 3, "he": 3})
    found = texts(store)
    assert found["1", "fr"][0] == f"La capitale de l'Égypte est {BLANK}."
    assert found["2", "he"][0] == f"מצרים גובלת ב {BLANK}."
    store.close()


def test_candidates_stand_in_one_order_in_all_languages_and_gold_is_the_answer(tmp_path: Path) -> None:
    _, store = imported(tmp_path, ROWS)
    found = texts(store)
    for fact, lines in enumerate(zip(*ROWS.values(), strict=True), start=1):
        parsed = [line.replace('""', "\0").replace('"', "").replace("\0", '"').split("\t") for line in lines]
        candidates = [cells[2].split(", ") for cells in parsed]
        options = [found[str(fact), language][1] for language in ROWS]
        # position by position the same candidate: the pairs (en, fr, he) are those of the file
        assert set(zip(*options, strict=True)) == set(zip(*candidates, strict=True))
        for language, cells in zip(ROWS, parsed, strict=True):
            _, here, gold = found[str(fact), language]
            assert here[gold] == cells[1]
    store.close()


def test_relation_comes_from_the_english_statement(tmp_path: Path) -> None:
    _, store = imported(tmp_path, ROWS)
    relations = store.frame("select relation from facts order by fact_ix")["relation"].tolist()
    assert relations == ["The capital of X is ___", "X shares border with ___", "X shares border with ___"]
    store.close()


def test_without_english_there_is_no_relation(tmp_path: Path) -> None:
    _, store = imported(tmp_path, {language: ROWS[language] for language in ("fr", "he")})
    assert store.frame("select relation from facts")["relation"].isna().all()
    store.close()


def test_title_and_chance(tmp_path: Path) -> None:
    _, store = imported(tmp_path, ROWS)
    (scale,) = store.frame("select title, chance from dataset_scales").values.tolist()
    assert scale[0].startswith("BMLAMA-17") and scale[1] == pytest.approx(1 / 3)
    store.close()


def test_a_second_right_answer_among_the_wrong_options_is_counted(tmp_path: Path) -> None:
    report, store = imported(tmp_path, ROWS)
    # Egypt borders Libya and Sudan: Sudan is a wrong option of fact 2, and right in fact 3.
    assert "facts with a wrong option that is the right one of another fact with the same statement: 1" in report.notes
    store.close()


def test_the_header_of_the_chinese_file_has_a_tab_more(tmp_path: Path) -> None:
    report, store = imported(tmp_path, ROWS, header=HEADER.replace("Candidate Ans", "Candidate\tAns"))
    assert report.datasets[0].n_facts == 3
    store.close()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("l'Égypte: <mask>.\tMaroc\tSoudan, Tchad, Libye\tl'Égypte", 'the answer "Maroc" is not among the candidates'),
        ("l'Égypte: <mask>.\tLibye\tSoudan, Soudan, Libye\tl'Égypte", "options "),
        ("l'Égypte: <mask>.\tLibye\tSoudan, Sou\u200bdan, Libye\tl'Égypte", "options "),
        ("l'Égypte: <mask>.\tLibye\t\u200e, Tchad, Libye\tl'Égypte", "option "),
        ("l'Égypte: <mask>.\tLibye\tSoudan, Libye\tl'Égypte", 'fact "2" has options 2 in fr, but 3 in en'),
        ("l'Égypte.\tLibye\tSoudan, Tchad, Libye\tl'Égypte", "the statement has <mask> 0 times"),
        ("<mask> et <mask>.\tLibye\tSoudan, Tchad, Libye\tl'Égypte", "the statement has <mask> 2 times"),
    ],
)
def test_a_fact_that_does_not_hold_is_left_out_everywhere_by_name(line: str, said: str, tmp_path: Path) -> None:
    report, store = imported(tmp_path, without("fr", 1, line))
    assert {fact_id for fact_id, _ in texts(store)} == {"1", "3"}
    (problem,) = report.left_out
    assert str(problem).startswith(f"fr.tsv line 3: {said}") and problem.fact == ("bmlama17", "2")
    assert "Left out in every language: 1 fact, since" in report.lines()
    store.close()


def test_files_of_different_length_are_refused(tmp_path: Path) -> None:
    with pytest.raises(IsoglossError, match=r"the same facts, row by row, but have en.tsv 3, fr.tsv 2, he.tsv 3"):
        import_bmlama(folder(tmp_path, {**ROWS, "fr": ROWS["fr"][:2]}), tmp_path / "store")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("de.tsv", b"a\tb\n", "is not a file of BMLAMA: its columns must be Prompt, Ans"),
        ("de.tsv", HEADER.encode() + b"\na\tb\n", "line 2 has 2 cells instead of 4"),
        ("de.tsv", HEADER.encode() + b"\n\n\xff\tb\n", "line 3 is not UTF-8"),
        ("de.tsv", HEADER.encode() + b'\n"a\tb\n', "line 2: unexpected end of data"),
        ("de.tsv", HEADER.encode("utf-16"), "de.tsv is UTF-16, not UTF-8: take the file anew"),
        ("de.tsv", HEADER.encode("utf-32-le"), "de.tsv is UTF-32, not UTF-8: take the file anew"),
        ("FRA.tsv", HEADER.encode(), "FRA.tsv and fr.tsv are the same language: keep one"),
    ],
)
def test_a_broken_file_is_named(name: str, data: bytes, said: str, tmp_path: Path) -> None:
    place = folder(tmp_path, ROWS)
    (place / name).write_bytes(data)
    with pytest.raises(IsoglossError) as caught:
        import_bmlama(place, tmp_path / "store")
    assert said in str(caught.value) and name in str(caught.value)


def test_what_else_lies_there_is_named(tmp_path: Path) -> None:
    place = folder(tmp_path, ROWS)
    (place / "LICENSE").touch()
    (place / "notes.tsv").touch()
    assert "not read: LICENSE, notes.tsv" in import_bmlama(place, tmp_path / "store").notes


def test_no_folder_and_an_empty_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(IsoglossError, match="is no folder: give the folder that holds en.tsv"):
        import_bmlama(tmp_path / "none", tmp_path / "store")
    with pytest.raises(IsoglossError, match="holds no file that is called by its language"):
        import_bmlama(folder(tmp_path, {}), tmp_path / "store")


def test_the_real_files(tmp_path: Path) -> None:
    """Four of the languages of BMLAMA-17: nothing is left out, and no place of the options gives the answer away."""
    report = import_bmlama(_shared("bmlama17", "Four languages of BMLAMA-17"), tmp_path / "store")
    (count,) = report.datasets
    assert (count.n_facts, count.languages) == (6_792, dict.fromkeys(("en", "fr", "he", "zh"), 6_792))
    assert not report.left_out
    assert (
        "facts with a wrong option that is the right one of another fact with the same statement: 1,026" in report.notes
    )
    store = open_database([tmp_path / "store"])
    gold = Counter(store.frame("select gold[1] as gold from facts where n_options = 10")["gold"].tolist())
    # 6,218 facts over ten places: 622 each, standard deviation sqrt(6218 × .1 × .9) = 23.7; all within 4 of them
    assert sum(gold.values()) == 6_218 and all(527 <= n <= 717 for n in gold.values())
    found = texts(store)
    for language, question, answer in (
        ("en", "Charles II of Spain was born in ___.", "Madrid"),
        ("fr", "Charles II d'Espagne est né en ___.", "Madrid"),
        ("zh", "卡洛斯二世出生于___。", "马德里"),
    ):
        text, options, right = found["1", language]
        assert (text, options[right]) == (question, answer)
    store.close()
