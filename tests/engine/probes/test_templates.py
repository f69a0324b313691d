"""Templates: replacement in one pass, wordings per language, and a user's own file with every fault named."""

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import IsoglossError
from engine.facts.question import Question
from engine.probes.catalogue import PROBES
from engine.probes.letter import LetterProbe
from engine.probes.probe import make_probe
from engine.probes.prompt_lines import prompt_lines
from engine.probes.template import FALLBACK, LETTERS, Template, Wording, fill
from engine.probes.template_file import built_in, find_template, load_templates
from tests.support.fake_model import FakeModel

LANGUAGES = ("en", "de", "fr", "it", "pl", "ru", "ar", "he", "zh", "ja")
PROBE_NAMES = ("letter", "cloze", "generation")
ALL = [template for probe in PROBE_NAMES for template in built_in(probe).values()]
HOSTILE = (
    "{options}",
    "{question}",
    "{0.__class__}",
    "{{letter}}",
    "%s",
    "%(question)s",
    r"\1 \g<0>",
    "{% for %}",
    "</s>",
)

OWN = """
probe = "letter"

[[templates]]
name = "quiz"
version = 2

[templates.wordings.und]
text = "{question} {options}:"

[templates.wordings.sr-Latn]
text = "Pitanje: {question} {options}:"
"""


def _question(language: str = "en", text: str = "What is 1 + 1?", options: tuple[str, ...] = ("2", "3")) -> Question:
    return Question("sums", "1", language, text, options, (0,))


def test_one_pass() -> None:
    # "{b}" comes in through {a} and stays; the template's own {b} is replaced.
    assert fill("{a}{b}", {"a": "{b}", "b": "x"}) == "{b}x"
    assert fill("{a} { a } {A} {0} %s {a", {"a": "1"}) == "1 { a } {A} {0} %s {a"


@given(*[st.text(st.sampled_from("ab{}_% \\")) | st.sampled_from(HOSTILE)] * 2)
def test_what_is_put_in_comes_out_as_it_stands(a: str, b: str) -> None:
    assert fill("<{a}|{b}|{a}>", {"a": a, "b": b}) == f"<{a}|{b}|{a}>"


@pytest.mark.parametrize("template", ALL, ids=lambda template: f"{template.probe}/{template.name}")
@pytest.mark.parametrize("text", HOSTILE)
def test_facts_that_look_like_placeholders(template: Template, text: str) -> None:
    options = (text + "1", text + "2", "3")
    for prompt in make_probe(template).prompts(_question(text=f"Is {text} {text}?", options=options)):
        assert prompt.context.count(f"Is {text} {text}?") == 1
        sent = prompt.context + "".join(prompt.continuations)
        listed = template.lists_options or template.probe == "cloze"
        assert [sent.count(option) for option in options[:2]] == [int(listed)] * 2


@pytest.mark.parametrize("template", ALL, ids=lambda template: f"{template.probe}/{template.name}")
def test_built_in_templates_word_every_language(template: Template) -> None:
    for tag in (*LANGUAGES, "sw", "zh-TW"):
        used = template.wording_language(tag)
        assert used == (template.frame_language or (tag if tag in template.wordings else FALLBACK))
    if template.name not in ("english", "bare"):
        assert set(template.wordings) == {FALLBACK, *LANGUAGES}
    for tag in template.wordings:
        # A full-width colon takes no space after it, every other sign does: no context ends in one.
        wording = template.wordings[tag]
        assert (wording.separator == "") == (tag in ("zh", "ja"))
        assert wording.text == wording.text.strip()
        assert wording.instruction == wording.instruction.strip()
        assert wording.text.endswith("：") == (tag in ("zh", "ja") and template.name != "bare")


def test_three_paraphrases_differ_in_every_language() -> None:
    for probe in PROBE_NAMES:
        for tag in (*LANGUAGES, "sw"):
            question = _question(tag)
            names = [name for name in built_in(probe) if name != "english"]
            contexts = {make_probe(built_in(probe)[name]).prompts(question)[0].context for name in names}
            assert len(contexts) == len(names) >= 3


def test_examples_are_the_same_everywhere() -> None:
    examples = find_template("letter").examples
    assert set(examples) == {FALLBACK, *LANGUAGES}
    for listed in examples.values():
        assert [LETTERS[example.options.index(example.answer)] for example in listed] == ["C", "A", "D", "B"]
        assert all(len(set(example.options)) == 4 for example in listed)


def test_a_region_uses_its_language_in_the_same_script_only() -> None:
    template = replace(find_template("letter"), wordings={FALLBACK: Wording(""), "zh": Wording(""), "de": Wording("")})
    used = {tag: template.wording_language(tag) for tag in ("de", "de-AT", "zh", "zh-TW", "sr-Latn", "en")}
    assert used == {"de": "de", "de-AT": "de", "zh": "zh", "zh-TW": FALLBACK, "sr-Latn": FALLBACK, "en": FALLBACK}


def test_prompt_lines_are_what_is_sent() -> None:
    probe = make_probe(find_template("letter", "exam"), shots=1, chat=True, permute="cyclic")
    model = FakeModel(frame=("<user>", "<bot>"))
    questions = [_question(), _question("zh", "", ("二", "三")), _question("zh", "1+1等于几？", ("二", "三"))]
    lines = list(prompt_lines(model, probe, questions))
    assert [line.get("order") for line in lines] == [[0, 1], [1, 0], None, [0, 1], [1, 0]]
    assert lines[2] == {
        "dataset": "sums",
        "fact_id": "1",
        "language": "zh",
        "probe": "letter",
        "template": "exam@1+1shot+chat+cyclic",
        "error": "the question is empty",
    }
    assert lines[0]["context"] == (
        "<user>Answer each question with the letter of the correct option.\n\n"
        "Question: How many days are there in a week?\nA) five\nB) six\nC) seven\nD) eight\nCorrect option: C\n\n"
        "Question: What is 1 + 1?\nA) 2\nB) 3\nCorrect option:<bot>"
    )
    assert lines[0]["continuations"] == ["A", "B"]
    assert lines[4]["continuations"] == ["B", "A"]
    assert (lines[0]["wording"], lines[4]["wording"]) == ("en", "zh")
    probe.ask(model, questions)
    (asked,) = model.asked
    texts = [line["continuations"] for line in lines if "error" not in line]
    assert [one.text for one in asked] == [text for line in texts for text in cast(list[str], line)]
    # What is printed is what the model reads: its own format around the user's turn that it is given.
    contexts = [line["context"] for line in lines if "error" not in line for _ in range(2)]
    assert [model.chat(one.context) for one in asked] == contexts
    assert all(one.chat for one in asked)


def test_a_chat_needs_a_model_with_a_chat_format() -> None:
    probe = make_probe(find_template("letter"), chat=True)
    with pytest.raises(IsoglossError, match="name the model"):
        list(prompt_lines(None, probe, [_question()]))
    with pytest.raises(IsoglossError, match="no chat template"):
        probe.ask(FakeModel(), [_question()])


def test_probes_can_be_told_apart() -> None:
    probes = [make_probe(template, shots=shots) for template in ALL for shots in (0, 1)]
    assert len(set(probes)) == len(probes) == len({(probe.name, probe.template) for probe in probes})


def test_own_file(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(OWN, encoding="utf-8")
    probe = make_probe(find_template("letter", "quiz", file))
    assert probe.template == "quiz@2"
    assert probe.prompts(_question())[0].context == "What is 1 + 1? A. 2\nB. 3:"
    assert probe.prompts(_question("sr-Latn"))[0].context == "Pitanje: What is 1 + 1? A. 2\nB. 3:"
    assert find_template("letter", file=file).digest == load_templates(file)["quiz"].digest
    file.write_text(OWN.replace("Pitanje", "Питање"), encoding="utf-8")
    assert find_template("letter", file=file).digest != probe.words.digest
    with pytest.raises(IsoglossError, match="1 examples asked for; template quiz has 0 to 0"):
        make_probe(find_template("letter", file=file), shots=1)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("version = 2", "version = true", "quiz needs a version, a whole number from 1; found True"),
        ("version = 2", "version = 2\ncolour = 1", 'template quiz: unknown key "colour"; it may have name, version'),
        ('name = "quiz"', 'name = "Quiz+1"', "small letters a-z"),
        ('name = "quiz"', 'name = "plain"', "Isogloss has a template plain of its own"),
        ("wordings.und]", "wordings.en]", r"template quiz has no \[templates.wordings.und\]"),
        ("version = 2", 'version = 2\nframe_language = "de"', r"no \[templates.wordings.de\]"),
        ("sr-Latn", "klingonese", "is no language"),
        ("sr-Latn", "zho_Hans", 'write the language "zho_Hans" as "zh"'),
        ("Pitanje: {question}", "Pitanje:", r"wording sr-Latn: text must hold \{question\}"),
        ("Pitanje: {question} {options}", "Pitanje: {question}", r"wording sr-Latn: text must hold \{options\}"),
        ("Pitanje", "{fact}", r"text cannot hold \{fact\}"),
        ("Pitanje", "\\u0000", r"text holds a control character, U\+0000, as its character 1"),
        ('options}:"\n\n', 'options}:"\nstatement = "x"\n\n', 'wording und: unknown key "statement"'),
        ('options}:"\n\n', 'options}:"\noption = "{option}"\n\n', r"option must hold \{letter\}"),
        ('options}:"\n\n', 'options}:"\nseparator = 1\n\n', "separator must be text; found 1"),
        ('probe = "letter"', 'probe = "lama"', "probe = one of letter, cloze, generation; found 'lama'"),
        ("version = 2", 'version = 2\nframe_language = "und"', "words other languages than its frame_language und"),
        ('probe = "letter"', 'probe = "letter"\nshots = 1', 'unknown key "shots"; it may have probe, templates'),
        ('probe = "letter"', 'probe = "cloze"', r"unknown key|cannot hold \{options\}"),
        ("version = 2", 'version = 2\nscorer = "prefix"', "scorer is for generation alone"),
        ("version = 2", 'version = 2\nstop = ""', "stop must be a list"),
        ("[[templates]]", "[[templates", "is not TOML"),
        (OWN, 'probe = "letter"', r"no templates; each begins with \[\[templates\]\]"),
        (OWN, OWN + OWN.partition("\n\n")[2], "two templates quiz"),
        (OWN, OWN + '[[examples.en]]\nquestion = "?"\nanswer = "1"\noptions = ["1"]', r"no \[\[examples.und\]\]"),
        (OWN, OWN + '[[examples.und]]\nquestion = "?"\nanswer = "1"\noptions = ["2"]', '"1" is none of the options'),
        (OWN, OWN + '[[examples.und]]\nquestion = ""\nanswer = "1"\noptions = ["1"]', "is empty"),
    ],
)
def test_faults_of_an_own_file_are_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    file = tmp_path / "own.toml"
    assert old in OWN
    file.write_text(OWN.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(IsoglossError, match=says):
        load_templates(file)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(IsoglossError, match="no such file"):
        load_templates(tmp_path / "none.toml")
    with pytest.raises(IsoglossError, match="cannot be read"):
        load_templates(tmp_path)
    (tmp_path / "latin.toml").write_bytes(b"name = '\xe9'")
    with pytest.raises(IsoglossError, match="not UTF-8 text, at byte 8"):
        load_templates(tmp_path / "latin.toml")


def test_wrong_names_and_settings_are_answered_with_the_right_ones() -> None:
    with pytest.raises(IsoglossError, match="choose from plain, exam, short, english") as wrong:
        find_template("letter", "nice")
    assert wrong.value.exit_status == 64
    with pytest.raises(IsoglossError, match="permute is no setting of the cloze probe; it has choose_by"):
        make_probe(find_template("cloze"), permute="cyclic")
    with pytest.raises(IsoglossError, match="choose_by cannot be length; choose from sum, byte, character, token, pmi"):
        make_probe(find_template("cloze"), choose_by="length")
    with pytest.raises(IsoglossError, match="5 examples asked for; template plain has 0 to 4"):
        make_probe(find_template("letter"), shots=5)
    with pytest.raises(IsoglossError, match="for the cloze probe, not for letter"):
        LetterProbe(words=find_template("cloze"))
    assert make_probe(find_template("cloze"), permute=None, unconditional=False).template == "plain@1"
    assert set(PROBES) == set(PROBE_NAMES)
