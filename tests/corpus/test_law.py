"""The law between the Concepts: what was coded of the acts fits their counts, and their texts where attached."""

import re
from collections import Counter
from fnmatch import fnmatchcase

import pytest

from manyvectors import text
from manyvectors.build import documents

RUSSIAN, KAZAKH, SECURITY = "LAW_922_2010_FOREIGN_RU", "LAW_922_2012_FOREIGN_KK", "LAW_922_2010_SECURITY_RU"
TARGETS = {RUSSIAN: 6, KAZAKH: 6, SECURITY: 7}
# What would count something in words: numerals, shares and multiples.
NUMERALS = {
    "ru": r"(од[ие]н|одн|дв|тр[её]х|три|четыр|пят|шест|сем[иь]$|восем|девя|деся|ст[оа]$|сотн|тысяч|миллион|процент).*",
    "kk": r"(бір|екі|үш|төрт|бес|алты|жеті|сегіз|тоғыз|он|жүз|мың|миллион|пайыз)",
}
TABLES = ("law-provisions", "law-languages", "law-terms", "concept-rules")


@pytest.fixture(scope="module")
def m(c):
    return c.terms(register="law", unit="segment")


@pytest.fixture(scope="module")
def coded(c):
    return {name: c.table(name) for name in TABLES}


@pytest.fixture(scope="module")
def provisions(coded):
    return coded["law-provisions"].set_index("segment_id")


def counts(m, segment):
    """Return the words of a provision with their counts."""
    row = m.counts[m.rows.index.get_loc(segment)]
    return dict(zip(m.vocabulary[row.indices], row.data, strict=True))


def fitting(m, pattern, doc):
    """Return how often words that fit a pattern stand in a document."""
    held = m.select(m.rows["doc_id"] == doc)
    return sum(int(held[word].sum()) for word in held.vocabulary if fnmatchcase(word, pattern))


def bibliography(data):
    return set(re.findall(r"^@\w+\{([^,\s]+),", (data.parent / "book/references.bib").read_text("utf-8"), re.MULTILINE))


# --- Provisions -------------------------------------------------------------------------------------------------------


def test_every_provision_that_is_counted_is_coded_once(provisions, m):
    assert list(provisions.index) == list(m.rows.index)
    assert list(provisions["doc_id"]) == list(m.rows["doc_id"])
    assert list(provisions["label"]) == list(m.rows["label"])
    assert list(provisions["language"]) == list(m.rows["language"])


def test_what_a_provision_does_is_said_in_few_words_by_a_named_coder(provisions, c, data):
    assert provisions["does"].str.split().str.len().max() <= 40
    assert provisions["does"].map(str.isascii).all(), "in our words, so in English"
    assert set(provisions["citation"]) <= bibliography(data)
    assert set(provisions["grade"]) == {"B"}
    assert set(provisions["kind"]) == set(c.choices("law-provisions", "kind"))
    places = set(c.table("gazetteer")["place"].str.split(";").explode())
    assert set(provisions["partners"].str.split(";").explode()) - {""} <= places


def test_the_dates_are_those_of_the_documents(provisions, c):
    """Clause 10 of the rules is held as it stood a month before the Concept of 2014."""
    own = provisions["doc_id"].map(c.documents["date"])
    other = provisions[provisions["date"] != own]
    assert set(other["date"]) == {"2013-12-20"}
    assert set(other["label"]) == {"10"}


def test_both_languages_name_the_same_partners(provisions):
    one, other = (provisions.loc[provisions["doc_id"] == doc, "partners"].tolist() for doc in (RUSSIAN, KAZAKH))
    assert one == other
    assert "RUS" in one[6] and not any("CHN" in place or "USA" in place for place in one)


@pytest.mark.parametrize(("doc", "targets"), TARGETS.items())
def test_targets_carry_no_number(provisions, m, doc, targets):
    found = provisions[(provisions["doc_id"] == doc) & (provisions["kind"] == "target")]
    assert len(found) == targets
    assert (found["number"] == "none").all()
    numeral = re.compile(NUMERALS[found["language"].iloc[0]])
    assert not [word for segment in found.index for word in counts(m, segment) if numeral.fullmatch(word)]
    rest = provisions[provisions["kind"] != "target"]
    assert (rest["number"] == "").all()


@pytest.fixture(scope="module")
def bodies(other, study):
    return {doc: body for doc, (_, body) in documents.texts(other, study).items()}


@pytest.mark.parametrize(("doc", "targets"), TARGETS.items())
def test_no_target_carries_a_digit_in_the_text(bodies, doc, targets):
    """The date stands above the list and in none of its items."""
    lines = bodies[doc].splitlines()
    items = [line for line in lines if line.startswith("- ")]
    assert len(items) == targets
    assert not [line for line in items if re.search(r"\d", line)]
    assert "2020" in lines[lines.index(items[0]) - 1]


def test_the_counts_are_those_of_the_texts(bodies, m):
    """Counted anew by a rule of its own: letters with single hyphens inside, without headings and notes of the copy."""
    for doc in (RUSSIAN, KAZAKH, SECURITY, "RULES_305_2010_RU"):
        lines = [line for line in bodies[doc].splitlines() if not re.match(r"\s*[#\[]", line)]
        words = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", "\n".join(lines).lower()))
        held = m.select(m.rows["doc_id"] == doc).totals()
        assert held.to_dict() == words, doc


# --- Two official languages -------------------------------------------------------------------------------------------


def test_terms_that_differ_are_in_the_counts_of_their_provisions(coded, m):
    differ = coded["law-languages"]
    assert not differ.duplicated(["russian", "russian_term"]).any()
    for row in differ.itertuples():
        for segment, term in ((row.russian, row.russian_term), (row.kazakh, row.kazakh_term)):
            words = text.tokenise(term)
            assert len(words) <= 4
            held = counts(m, segment)
            assert not Counter(words) - Counter(held), (segment, term)
        assert (row.kazakh_term == "") == (row.kind == "omission")
    assert (differ["kind"].eq("form") == differ["weight"].eq("none")).all()


def test_what_differs_stands_in_the_same_place(coded, m):
    """Paragraph for paragraph and target for target; of the rules only some clauses are held in Kazakh."""
    for row in coded["law-languages"].itertuples():
        one, other = m.rows.loc[row.russian], m.rows.loc[row.kazakh]
        assert (one["language"], other["language"]) == ("ru", "kk")
        if row.russian.startswith(RUSSIAN):
            assert row.kazakh == row.russian.replace(RUSSIAN, KAZAKH)
        else:
            assert one["label"] == other["label"] == "10"


def test_terms_that_differ_stand_in_the_texts_as_quoted(coded, bodies):
    whole = {doc: " ".join(text.tokenise(body)) for doc, body in bodies.items() if doc.startswith(("LAW", "RULES"))}
    for row in coded["law-languages"].itertuples():
        for segment, term in ((row.russian, row.russian_term), (row.kazakh, row.kazakh_term)):
            assert " ".join(text.tokenise(term)) in whole[segment[:-3]]


def test_the_four_differences_of_substance(coded, m):
    """The Russian's word is nowhere in the Kazakh section, and the other way round."""
    substance = coded["law-languages"].query("weight == 'substance'")
    assert len(substance) == 4
    pattern = coded["law-terms"].pivot(index="concept", columns="language", values="pattern")
    found = {
        concept: (fitting(m, own["ru"], RUSSIAN), fitting(m, own["kk"], KAZAKH)) for concept, own in pattern.iterrows()
    }
    for concept in ("pragmatic", "supranational", "non-proliferation", "subject"):
        assert found[concept] == (1, 0)
    for concept in ("comprehensive", "zone"):
        assert found[concept] == (0, 1)
    assert found["active"] == (3, 5)


def test_patterns_fit_single_words_of_both_languages(coded):
    terms = coded["law-terms"]
    assert (terms.groupby("concept")["language"].agg(set) == {"ru", "kk"}).all()
    assert terms["pattern"].str.fullmatch(r"[^\W\d_A-Z]+\*?").all()
    assert terms["term"].str.split().str.len().max() <= 4
    kazakh = terms[terms["language"] == "kk"]["pattern"]
    assert set("".join(kazakh)) & set("әғқңөұүі")


def test_the_kazakh_for_proactive_stands_for_itself(bodies, coded):
    """Its first word, by which it is counted, is in no other phrase of the section."""
    term = coded["law-terms"].set_index(["concept", "language"]).loc[("proactive", "kk")]
    words = text.tokenise(bodies[KAZAKH])
    assert words.count(term["pattern"]) == " ".join(words).count(term["term"]) == 1


# --- What the chapter says --------------------------------------------------------------------------------------------


def test_three_words_stand_together_and_a_fourth_nowhere(coded, m):
    pattern = coded["law-terms"].set_index(["concept", "language"])["pattern"]
    first = counts(m, f"{RUSSIAN}_01")
    for concept in ("proactive", "pragmatic", "balanced"):
        assert sum(n for word, n in first.items() if fnmatchcase(word, pattern[concept, "ru"])) == 1
    for language in ("ru", "kk"):
        assert not [word for word in m.vocabulary if fnmatchcase(word, pattern["multi-vector", language])]


def test_taking_part_becomes_a_role(provisions, m):
    old, new = (counts(m, f"SECURITY_{year}_RU_03") for year in (1998, 2012))
    assert {"участии", "усилиях"} <= set(old) - set(new)
    assert {"укрепление", "роли"} <= set(new) - set(old)
    assert (provisions.loc[["SECURITY_1998_RU_03", "SECURITY_2012_RU_03"], "kind"] == "measure").all()


# --- The state's own yardstick ----------------------------------------------------------------------------------------


def test_each_requirement_is_held_against_each_document(coded, c):
    rules = coded["concept-rules"]
    wanted = c.choices("concept-rules", "document")
    assert all(list(own) == list(wanted) for _, own in rules.groupby("rule")["document"])
    assert (rules.groupby("rule")[["segment_id", "requirement", "asked_of"]].nunique() == 1).to_numpy().all()
    assert set(rules["met"]) == set(c.choices("concept-rules", "met"))


def test_requirements_stand_where_they_say(coded, m, provisions):
    for row in coded["concept-rules"].itertuples():
        assert m.rows.at[row.segment_id, "label"].split(".")[0] == row.clause
        assert provisions.at[row.segment_id, "doc_id"] == "RULES_305_2010_RU"
        words = set(counts(m, row.segment_id))
        assert (
            row.asked_of == "doctrine"
            or any(word.startswith("концепци") for word in words)
            or row.clause in ("8", "10")
        )
    measured = counts(m, "RULES_305_2010_RU_25")
    assert {"проверяемыми", "измеримыми"} <= set(measured)
    assert {"внешней", "политики", "доктрина"} <= set(counts(m, "RULES_305_2010_RU_16"))


def test_what_is_not_held_is_not_judged(coded, data):
    rules = coded["concept-rules"]
    held = rules["met"] != "not held"
    for column in ("basis", "source", "grade"):
        assert (rules[column].ne("") == held).all()
    assert set(rules.loc[held, "source"]) <= bibliography(data)
    assert set(rules.loc[rules["document"] == "Plan of 2010", "grade"]) <= {"B", ""}


def test_the_rules_were_in_force_for_one_document(coded, c, study):
    """From their signing to their repeal: the Concept of 2014 alone lies between."""
    first = c.documents.at["RULES_305_2010_RU", "date"]
    signed = {f"Concept of {act['date'][:4]}": act["date"] for act in study.decrees.values()}
    signed["Plan of 2010"] = c.documents.at[RUSSIAN, "date"]
    between = {name: "yes" if first <= day < "2018-10-05" else "no" for name, day in signed.items()}
    rules = coded["concept-rules"]
    assert (rules["in_force"] == rules["document"].map(between)).all()


@pytest.mark.parametrize("name", TABLES)
def test_nothing_is_copied(coded, bodies, name):
    """No five words in a row of any act, in any cell."""
    acts = [text.tokenise(body) for doc, body in bodies.items() if doc.startswith(("LAW", "RULES", "SECURITY"))]
    runs = {tuple(words[i : i + 5]) for words in acts for i in range(len(words) - 4)}
    assert len(runs) > 1000
    for column in coded[name].select_dtypes("str"):
        for cell in coded[name][column].unique():
            words = text.tokenise(cell)
            assert not runs & {tuple(words[i : i + 5]) for i in range(len(words) - 4)}, cell
