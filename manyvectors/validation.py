"""Do readers see what the model sees? Intrusion tests: sheets for coders out, answers in, scores with intervals out.

A stranger is put among the leading terms of a topic, or among the topics of a passage. Somebody who does not know
which one it is has to find it [chang2009]. Finding it shows that a topic hangs together for readers. It does not show
that its name is right or that it measures what it is used for; that needs tests of other kinds [ying2022].

A score needs people: the book ships sheets, never answers. At least two coders, each alone with a copy, should fill in
the column ``answer``, without having seen the model.

>>> from manyvectors import corpus, topics, validation
>>> model = topics.TopicModel(14, starts=3).fit(corpus.load().terms(state="KAZ", unit="segment"))
>>> sheet = validation.word_intrusion(model)
>>> sheet.shape
(14, 10)

Then ``validation.write(sheet, "words.csv")``; and, once copies have come back from two coders,
``print(validation.score(validation.read(["aru.csv", "bek.csv"]), model))``.
"""

from . import arguments
from .methods.coding.codebook import CodingError
from .methods.coding.people import against_machine
from .methods.intrusion.files import read, write
from .methods.intrusion.make import topic_intrusion, word_intrusion
from .methods.intrusion.scores import Score, key, score
from .methods.intrusion.sheet import SheetError

__all__ = [
    "CodingError",
    "Score",
    "SheetError",
    "against_machine",
    "key",
    "read",
    "score",
    "topic_intrusion",
    "word_intrusion",
    "write",
]

_OF_MODELS = {"model": arguments.topic_model, "answers": arguments.frame}
arguments.guard(
    globals(),
    {
        "against_machine": {"sheet_files": arguments.mapping, "key": arguments.path},
        **dict.fromkeys(("key", "score", "topic_intrusion", "word_intrusion"), _OF_MODELS),
    },
)
