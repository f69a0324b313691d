"""What a model is asked before anybody asks it anything: the first question is slow, and its pace is not known yet."""

from engine.facts.question import Question
from engine.probes.catalogue import PROBES
from engine.probes.probe import Probe, make_probe
from engine.probes.template_file import find_template
from engine.schema import ProbeName

LETTER: Probe = make_probe(find_template("letter"))
# Longer in tokens than most that people type, so that what is found out for a length is found out before they do.
LONG = Question(
    "live",
    "warm-up",
    "he",
    "מהי עיר הבירה של הרפובליקה הדמוקרטית של קונגו?",
    ("קינשאסה", "ברזוויל", "אדיס אבבה", "אנטננריבו"),
    (0,),
)
USUAL = Question("live", "warm-up", "en", "What is the capital of Japan?", ("Tokyo", "Beijing", "Seoul", "Hanoi"), (0,))


def further_probes() -> list[Probe]:
    """Make the other probes, in their usual wordings, by which a model's pace is told before it is first needed."""
    others: list[ProbeName] = [name for name in PROBES if name != LETTER.name]
    return [make_probe(find_template(name)) for name in others]
