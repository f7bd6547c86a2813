"""From a source file to words: clean, split into sentences and segments, tokenise, match phrases.

Pure functions: nothing here reads or writes a file. The builder, the chapters and the tests use these same functions,
so a definition given here is the definition everywhere.
"""

from .. import arguments
from .clean import (
    LINE_HYPHEN,
    broken_words,
    clean,
    clean_all,
    joined_words,
    judge_line_ends,
    line_ends,
    mend,
    prepare,
)
from .encodings import decode
from .letters import LETTER, MARK
from .phrases import (
    RUN,
    closest,
    concordance,
    count_phrases,
    is_clean,
    lines_in_context,
    phrase_pattern,
    phrase_spans,
    word_expression,
)
from .provisions import provisions
from .segments import REMAINDER_TOKENS, SEGMENT_TOKENS, segment, segment_spans, sentence_spans, sentences
from .stems import STEMMERS, stemmed
from .stop import stop_words
from .tokens import PORTABLE_TOKEN, TOKEN, apart, lower, plain, token_spans, tokenise, without_spaces
from .tongue import language_of

__all__ = [
    "LETTER",
    "LINE_HYPHEN",
    "MARK",
    "PORTABLE_TOKEN",
    "REMAINDER_TOKENS",
    "RUN",
    "SEGMENT_TOKENS",
    "STEMMERS",
    "TOKEN",
    "apart",
    "broken_words",
    "clean",
    "clean_all",
    "closest",
    "concordance",
    "count_phrases",
    "decode",
    "is_clean",
    "joined_words",
    "judge_line_ends",
    "language_of",
    "line_ends",
    "lines_in_context",
    "lower",
    "mend",
    "phrase_pattern",
    "phrase_spans",
    "plain",
    "prepare",
    "provisions",
    "segment",
    "segment_spans",
    "sentence_spans",
    "sentences",
    "stemmed",
    "stop_words",
    "token_spans",
    "tokenise",
    "without_spaces",
    "word_expression",
]

_OF_FILES = {"texts": arguments.sources, "words": arguments.words, "notes": arguments.counter}
_OF_FILES |= {"spellings": arguments.spellings, "encoding": arguments.text}
_OF_TEXTS = {"tokens": arguments.spans, "least": arguments.whole, "remainder": arguments.whole}
_OF_WORDS = {**dict.fromkeys(("phrases", "first", "second"), arguments.phrases), "stop": arguments.words}
_OF_WORDS |= {"elision": arguments.boolean, **dict.fromkeys(("token", "inner", "article"), arguments.text)}
_OF_LINE_ENDS = {"ends": arguments.frame, "broken": arguments.tally, "whole": arguments.tally}
_OF_ALL = _OF_FILES | _OF_TEXTS | _OF_WORDS | _OF_LINE_ENDS
_OF_LANGUAGES = {"stemmed": {"language": arguments.text}, "language_of": {"languages": arguments.mapping}}
arguments.guard(globals(), {name: _OF_ALL | _OF_LANGUAGES.get(name, {}) for name in __all__})
