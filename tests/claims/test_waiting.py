"""Claims that wait for the decrees, judged on editions of our own writing: every rule fires both ways, twice."""

from pathlib import Path

import pytest
from invented_acts import KK, RU, TONGUES, edition, pair

from manyvectors import claims, corpus, rhetoric, text
from manyvectors.claims import rules
from manyvectors.claims.instruments import acts
from manyvectors.common import read_yaml

OLD = ("A1", "A7", "A12", "A13", "B1", "B2", "B3", "B5", "B6", "B8")


@pytest.fixture(scope="module")
def table(c):
    return claims.waiting(c=c)


def judged(c, texts, language, old):
    found = claims.waiting(texts, language, c)
    return found.set_index("old").loc[old]


def test_without_the_texts_each_says_what_would_be_judged_and_how(c, table):
    assert tuple(table["old"]) == OLD
    assert set(table["verdict"]) == {"untestable"} and not any(table["numbers"])
    for column in ("decides", "measure", "needs", "rule", "contrary", "written", "blind"):
        assert table[column].str.len().gt(0).all(), column
    ledger = claims.table(c).loc[table.index]
    assert (ledger["untestable"].ne("") | ledger["evidence"].ne("texts")).all()


def test_a_row_that_cannot_be_read_is_named(c):
    from manyvectors.claims.waiting import check

    told = c.table("waiting").set_index("claim")
    for column, value, said in (
        ("rule", "estimate is high", "claim 7: cannot read the condition"),
        ("contrary", "estimate >", "claim 7: cannot read the condition"),
        ("instrument", "moves", "claim 7: no measure 'moves'; there are term_under"),
    ):
        wrong = told.copy()
        wrong.at[7, column] = value
        with pytest.raises(claims.RuleError, match=f"waiting.csv, {said}"):
            check(wrong)


def test_rules_can_be_read_and_name_what_is_counted(c, table):
    for language in TONGUES:
        texts = pair(language) | ({2013: edition("ru", 2013, "1")} if language == "ru" else {})
        for claim, row in claims.waiting(texts, language, c).iterrows():
            if row["numbers"]:
                for rule in (row["rule"], row["contrary"]):
                    rules.holds(rule, row["numbers"])
                assert not (rules.holds(row["rule"], row["numbers"]) and rules.holds(row["contrary"], row["numbers"]))
            else:
                assert (row["old"], language) == ("B3", "kk"), claim
    assert table["written"].str.startswith("2026-11-29").all()


# What is planted, and what must come of it: (old, older edition, newer edition, word).
FIRES = [
    ("A1", {"multi": "principles"}, {}, "supported"),
    ("A1", {"multi": ""}, {}, "contradicted"),
    ("A1", {"multi": "goals"}, {}, "open"),
    ("A1", {"multi": "principles", "headings": False}, {}, "open"),
    ("A7", {"kept": 8}, {"kept": 0, "new": 8}, "supported"),
    ("A7", {"kept": 8}, {"new": 0}, "contradicted"),
    ("A12", {}, {"new": 2}, "supported"),
    ("A12", {"ours": 0}, {"kept": 0, "new": 8, "ours": 0, "multi": "", "targets": 14, "leader": True}, "contradicted"),
    ("A13", {}, {"leader": True}, "supported"),
    ("A13", {"leader": True}, {"leader": True}, "contradicted"),
    ("A13", {}, {}, "contradicted"),
    ("B1", {"order": "first"}, {}, "supported"),
    ("B1", {"order": "second"}, {}, "contradicted"),
    ("B2", {"ours": 3, "theirs": 1}, {}, "supported"),
    ("B2", {"ours": 1, "theirs": 3}, {}, "contradicted"),
    ("B5", {"identity": True}, {}, "supported"),
    ("B5", {}, {}, "contradicted"),
    ("B5", {"identity": True, "headings": False}, {}, "open"),
    ("B6", {}, {}, "supported"),
    ("B6", {"targets": 6}, {}, "contradicted"),
    ("B6", {"targets": 2}, {}, "open"),
    ("B8", {}, {"new": 2}, "supported"),
    ("B8", {}, {"new": 0}, "contradicted"),
]


@pytest.mark.parametrize("language", TONGUES)
@pytest.mark.parametrize(("old", "older", "newer", "word"), FIRES)
def test_every_rule_fires_both_ways(c, language, old, older, newer, word):
    found = judged(c, pair(language, older=older, newer=newer), language, old)
    assert found["verdict"] == word, found["numbers"]


def test_the_length_and_variety_of_a_third_text(c):
    """Claim B3: about a third as long, and more of the same words; Russia's text is held in Russian alone."""
    short = "\n".join(["Глава 1. О шлюзе", *[f"{n}) {RU.common[0]};" for n in range(6)], "Глава 2. О воде"])
    for beside, word in (
        (short + "\n" + "\n".join([*RU.common, *RU.other]), "supported"),
        ("\n".join(RU.other[:2]), "contradicted"),
    ):
        found = judged(c, {2013: beside, 2014: short}, "ru", "B3")
        assert found["verdict"] == word, found["numbers"]
        assert found["numbers"]["estimate"] == pytest.approx(
            len(text.tokenise(short)) / len(text.tokenise(beside)), rel=0.1
        )


def test_both_ways_are_tried_of_every_claim(table):
    tried = {(old, word) for old, *_, word in FIRES}
    for old in set(table["old"]) - {"B3"}:
        assert {(old, "supported"), (old, "contradicted")} <= tried


@pytest.mark.parametrize("language", TONGUES)
def test_what_a_rule_does_not_ask_for_moves_nothing(c, language):
    """One thing planted at a time: the words of the other claims stay."""
    plain = claims.waiting(pair(language), language, c).set_index("old")["verdict"]
    for planted, asked in (({"identity": True}, "B5"), ({"order": "second"}, "B1"), ({"multi": ""}, "A1")):
        found = claims.waiting(pair(language, older=planted, newer=planted), language, c).set_index("old")["verdict"]
        assert set(found.index[found != plain]) == {asked}


def test_no_word_or_heading_of_a_text_is_in_what_is_returned(c):
    for language, words in TONGUES.items():
        found = claims.waiting(pair(language, older={"identity": True}), language, c)
        shown = " ".join(map(str, found.to_numpy().ravel()))
        assert not any(word in shown for word in (*words.headings, words.identity, *words.common))


def test_order_and_line_ends_of_what_is_given_do_not_matter(c):
    texts = pair("ru", older={"leader": True})
    turned = {year: body.replace("\n", "\r\n") for year, body in reversed(texts.items())}
    one, other = (claims.waiting(given, "ru", c) for given in (texts, turned))
    assert one["verdict"].equals(other["verdict"]) and one["numbers"].equals(other["numbers"])


def test_one_text_alone_judges_what_it_can(c):
    found = claims.waiting({2014: edition("kk")}, "kk", c).set_index("old")["verdict"]
    assert set(found[["A1", "B1", "B2", "B5"]]) <= {"supported", "contradicted", "open"}
    assert set(found[["A7", "A12", "A13", "B3", "B6", "B8"]]) == {"untestable"}


def test_words_in_every_language_stand_side_by_side(c):
    texts = {language: pair(language, older={"identity": True}) for language in TONGUES}
    found = claims.waiting_words(texts, c)
    assert list(found) == ["decides", "ru", "ru_numbers", "kk", "kk_numbers"] and list(found.index) == list(
        claims.waiting(c=c).index
    )
    for language in TONGUES:
        assert found[language].equals(claims.waiting(texts[language], language, c)["verdict"])
    assert found.loc[34, "kk_numbers"].startswith("estimate 1, ") and found.loc[32, "kk_numbers"] == ""
    with pytest.raises(ValueError, match="no texts are given"):
        claims.waiting_words({}, c)


@pytest.mark.parametrize(
    ("texts", "language", "said"),
    [
        ({2014: edition("kk")}, "ru", "is in kk, not in ru"),
        ({2014: edition("ru")}, "kk", "is in ru, not in kk"),
        ({2014: "An act in English."}, "ru", "is in en, not in ru"),
        ({2014: " "}, "ru", "empty"),
        ({2014: 5}, "ru", "no text"),
        ({"2014": edition("ru")}, "ru", "no year"),
        ({2014: edition("ru")}, "de", "none of en, ru, kk"),
        ({2014: "An act in English."}, "en", "dictionary.en.yml; it has dictionaries of acts in: kk, ru"),
    ],
)
def test_a_text_that_is_none_is_refused(c, texts, language, said):
    with pytest.raises((ValueError, corpus.DataError), match=said) as caught:
        claims.waiting(texts, language, c)
    assert "\n" not in str(caught.value)


# --- The counts themselves, by hand -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def words(study):
    return {
        language: acts.Words(rhetoric.Dictionary.read(study.folder / f"dictionary.{language}.yml"), language)
        for language in TONGUES
    }


def test_targets_are_numbers_with_units_and_deadlines(words):
    def targets(language, bodies):
        return words[language].count(bodies)[["targets.deadlines", "targets.units"]].sum(axis=1)

    some = [
        "к 2031 году поднять",
        "до 2025 года",
        "на 12,5 %",
        "1 000 млрд тенге",
        "в 3 раза",
        "на 50 процентов",
    ]
    none = ["в 2013 году подписан указ № 741", "Стратегия 2050", "пункт 2.1", "пять соседей", "25 лет независимости"]
    assert (targets("ru", some) > 0).all() and not targets("ru", none).any()
    some = ["2031 жылға қарай", "2025 жылға дейін", "12,5 %-ға", "50 пайызға", "3 есеге"]
    none = ["2013 жылғы № 741 жарлық", "2.1-тармақ", "бес көрші", "25 жыл"]
    assert (targets("kk", some) > 0).all() and not targets("kk", none).any()


def test_a_body_named_after_a_continent_is_not_the_continent(words):
    ru = words["ru"].count(
        ["Организации по безопасности и сотрудничеству в Европе", "с Европейским союзом", "вся Европа"], "places"
    )
    assert ru["Europe"].tolist() == [0, 1, 1]
    kk = words["kk"].count(["Еуропадағы қауіпсіздік және ынтымақтастық ұйымында", "Еуропалық Одақпен"], "places")
    assert kk["Europe"].tolist() == [0, 1]


@pytest.mark.parametrize(("language", "forms"), [("ru", RU), ("kk", KK)])
def test_the_first_mention_is_found_again_by_a_plain_search(c, words, language, forms):
    for order, place in (("first", 1), ("second", 2)):
        body = edition(language, order=order)
        names = ("Росси", "Кита", "Центральн") if language == "ru" else ("Ресей", "Қытай", "Орталық Азия")
        expected = sorted(names, key=body.index).index(names[0]) + 1
        found = judged(c, {2014: body}, language, "B1")["numbers"]
        assert found["estimate"] == expected == place and found["named"] == 3


@pytest.mark.parametrize("language", TONGUES)
@pytest.mark.parametrize(("kept", "new"), [(8, 0), (8, 3), (5, 2), (2, 8)])
def test_what_was_added_and_dropped_is_what_was_planted(c, language, kept, new):
    texts = pair(language, newer={"kept": kept, "new": new})
    found = judged(c, texts, language, "A12")["numbers"]
    assert (found["added"], found["dropped"]) == (new, 8 - kept)
    rest = 5  # provisions of the other chapters, which both have
    assert found["estimate"] == pytest.approx((kept + rest) / (kept + new + rest))
    assert found["carried"] == pytest.approx((kept + rest) / (8 + rest))
    turned = {year: "\n".join([*body.split("\n")[:2], *body.split("\n")[:1:-1]]) for year, body in texts.items()}
    assert (
        judged(c, turned, language, "A7")["numbers"]["estimate"]
        == judged(c, texts, language, "A7")["numbers"]["estimate"]
    )


@pytest.mark.parametrize("language", TONGUES)
def test_words_of_provisions_on_a_part_of_the_world_are_counted_again(c, language):
    body = edition(language, ours=2, theirs=1)
    region, others = (
        ("Азии", ("Европа", "Россией", "Китай")) if language == "ru" else ("Азия", ("Еуропа", "Ресей", "Қытай"))
    )
    lines = [line.split(") ", 1)[1] for line in body.splitlines() if ") " in line]
    sizes = {name: sum(len(text.tokenise(line)) for line in lines if name in line) for name in (region, *others)}
    found = judged(c, {2014: body}, language, "B2")["numbers"]
    assert found["estimate"] == sizes[region] and found["next"] == max(sizes[name] for name in others)
    assert (found["provisions"], found["next_provisions"]) == (2, 1)


@pytest.mark.parametrize(("language", "both"), [("ru", "Китай и Россия"), ("kk", "Қытай мен Ресей")])
def test_partners_of_one_provision_stand_in_the_order_of_its_words(c, language, both):
    body = edition(language).replace(TONGUES[language].first, both)
    found = judged(c, {2014: body}, language, "B1")["numbers"]
    assert (found["estimate"], found["shared"]) == (2, 1)


def test_absences_come_with_their_expected_count(c):
    found = judged(c, pair("ru", older={"multi": ""}), "ru", "A1")["numbers"]
    newer = text.tokenise(pair("ru")[2020])
    assert found["estimate"] == 0 and found["expected"] == pytest.approx(found["words"] / len(newer), rel=0.15)


def test_rows_name_parameters_that_their_measures_take(c, table):
    import inspect

    for _, row in table.iterrows():
        parameters = inspect.signature(acts.MEASURES[row["instrument"]]).parameters
        given = read_yaml(row["with"])
        assert set(given) == set(parameters) - {"acts"}
        years = {int(year) for year in row["needs"].split(";")}
        named = {n for value in given.values() for n in (value if isinstance(value, list) else [value])}
        assert {n for n in named if isinstance(n, int)} == years


# --- Twins of the dictionary ------------------------------------------------------------------------------------------

LEANINGS = ("balance", "pragmatism", "mutual benefit", "defence of interests", "leadership", "region")


def test_twins_have_the_same_categories_and_reasons(study, words):
    one, other = (words[language].dictionary for language in TONGUES)
    assert one.categories == other.categories
    english = rhetoric.Dictionary.read(study.folder / "dictionary.yml").categories
    assert set(LEANINGS) <= set(english) & set(one.categories)
    assert {"multi-vector", "proactivity", "identity"} <= set(one.categories)
    for twin in (one, other):
        asked = twin.entries[twin.entries["category"].isin([*LEANINGS, "multi-vector", "proactivity", "identity"])]
        assert (asked["reason"] != "").all()
        assert twin.entries["entry"].str.split().str.len().max() <= 4


def test_russian_forms_of_one_word_are_one(words):
    forms = ["прагматичной политики", "прагматичная", "прагматизму", "многовекторности", "многовекторную"]
    found = words["ru"].count(forms)
    assert found["pragmatism"].tolist() == [1, 1, 1, 0, 0] and found["multi-vector"].tolist() == [0, 0, 0, 1, 1]


def test_kazakh_entries_stop_before_a_letter_that_softens(words):
    forms = ["бірегейлік", "бірегейлігін", "бірегейлікті", "аймақ", "аймағында", "көпвекторлығы", "көпвекторлық"]
    found = words["kk"].count(forms)
    assert found["identity"].tolist() == [1, 1, 1, 0, 0, 0, 0]
    assert found["region"].tolist() == [0, 0, 0, 1, 1, 0, 0]
    assert found["multi-vector"].tolist() == [0, 0, 0, 0, 0, 1, 1]
    assert not words["kk"].count(["бірегей географиялық орналасуы"])["identity"].any()


# --- Where both official texts of one act are held --------------------------------------------------------------------

FILES = {"ru": "decree_922_2010-02-01_foreign_policy_rus.txt", "kk": "decree_922_2012-08-27_foreign_policy_kaz.txt"}


def held(other, pattern):
    """Return the files of a pattern in one folder or several."""
    folders = other if isinstance(other, list) else [other]
    return [path for folder in folders for path in Path(folder).glob(pattern)]


@pytest.fixture(scope="module")
def section(other, words):
    """The section on foreign policy of an act of 2010 in two languages: its provisions by category, side by side."""
    found = {}
    for language, name in FILES.items():
        paths = held(other, name)
        if not paths:
            pytest.skip(f"MANYVECTORS_OTHER holds no {name}")
        act = acts.Act(paths[0].read_text(encoding="utf-8-sig"), words[language])
        rows = act.rows["chapter"].isin(act.rows["chapter"].unique()[-2:])
        found[language] = (act.counts[rows].reset_index(drop=True), act.places[rows].reset_index(drop=True))
    return found


def test_twins_find_the_same_provisions_where_both_texts_say_the_same(section):
    (ru, ru_places), (kk, kk_places) = section["ru"], section["kk"]
    assert len(ru) == len(kk) == 14
    for category in ("balance", "proactivity", "multi-vector", "leadership", "identity", "targets.deadlines"):
        assert ((ru[category] > 0) == (kk[category] > 0)).all(), category
    assert (ru_places > 0).equals(kk_places > 0)
    assert ru["proactivity"].sum() == kk["proactivity"].sum() == 1 and not ru["multi-vector"].any()


def test_where_twins_differ_is_known(section):
    """Once the texts differ, once the wording does, and twice an entry finds more or less in one language."""
    ru, kk = ((section[language][0] > 0) for language in ("ru", "kk"))
    differ = {name: (ru.index[ru[name] & ~kk[name]] + 1).tolist() for name in ru if not ru[name].equals(kk[name])}
    differ.pop("headings.principles")
    assert differ == {"pragmatism": [1], "mutual benefit": [9], "defence of interests": [3], "region": []}
    assert (kk.index[kk["region"] & ~ru["region"]] + 1).tolist() == [4, 6]


def test_kazakh_globs_lose_what_softens(other):
    """Of the forms of ten terms the dictionary form with * misses one; cut before the letter that softens, none."""
    paths = held(other, "*_kaz.txt")
    if not paths:
        pytest.skip("MANYVECTORS_OTHER holds no official text in Kazakh")
    said = {word for path in paths for word in text.tokenise(path.read_text(encoding="utf-8-sig"))}
    stems = [
        "мүдде",
        "қауіпсізді",
        "саясат",
        "мемлекет",
        "ұйым",
        "бағыт",
        "рөл",
        "ынтымақтасты",
        "экономика",
        "қатынас",
    ]
    other_words = ("мемлекеттік", "бағытталған", "экономикалық")  # begin alike and are words of their own
    forms = {word for word in said for stem in stems if word.startswith(stem)}
    lost = {word for word in forms if word.startswith("қауіпсізді") and not word.startswith("қауіпсіздік")}
    assert len(forms - set(other_words)) == 33 and lost == {"қауіпсіздігін"} and len(forms & set(other_words)) == 3
