"""Whom a speech names: traps of the gazetteer in sentences of our own, full recounts, properties of the measures."""

from collections import Counter
from functools import cache
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from manyvectors import corpus, entries, rhetoric, schemas, sources, text, vectors

# Invented sentences, and the places they name.
SNIPPETS = [
    # One name inside another.
    ("Guinea, Guinea-Bissau, Equatorial Guinea and Papua New Guinea share four words.", "GIN GNB GNQ PNG"),
    ("Ships in the Gulf of Guinea fly no flag of Guinea.", "GIN"),
    ("Niger is not Nigeria, nor the Niger Delta, nor the Niger River.", "NER NGA"),
    ("A Nigerien and a Nigerian met.", "NER NGA"),
    ("South Sudan left the Sudan; Southern Sudan was its name before.", "SSD SDN SDN"),
    ("A Sudanese and a South Sudanese shook hands.", "SDN SSD"),
    ("The Democratic Republic of the Congo, the Republic of the Congo, the Congo.", "COD COG Congo"),
    ("The Congo Basin is a forest; Congolese rangers walk it.", "Congo"),
    ("The Republic of Korea met the Democratic People’s Republic of Korea.", "KOR PRK"),
    ("South Koreans, North Koreans, Koreans; the Korean Peninsula.", "KOR PRK Korea Korea"),
    ("Dominica is not the Dominican Republic.", "DMA DOM"),
    ("Samoa lent American Samoa a drum; the SAMOA Pathway is a paper.", "WSM"),
    ("The SIDS Accelerated Modalities of Action (SAMOA) Pathway is a paper too.", ""),
    ("Ireland and the United Kingdom of Great Britain and Northern Ireland.", "IRL GBR"),
    ("The former Yugoslav Republic of Macedonia was no part of the former Yugoslavia by then.", "MKD YUG"),
    ("Lake Chad shrinks; Chad grieves.", "TCD"),
    ("Bosnia and Herzegovina, or Bosnia, or Herzegovina.", "BIH BIH BIH"),
    ("São Tomé and Príncipe, also Sao Tome and Principe.", "STP STP"),
    ("Saint Kitts and Nevis; Saint Vincent and the Grenadines; Grenada; St. Lucia.", "KNA VCT GRD LCA"),
    ("Romania, Oman, Mali and Somalia rhyme in part.", "ROU OMN MLI SOM"),
    ("The Turkish Cypriot and the Greek Cypriot played chess.", "CYP CYP"),
    ("Timor-Leste, once East Timor; not West Timor.", "TLS TLS"),
    # Georgia and other namesakes.
    ("Georgia and a Georgian; Atlanta, Georgia; South Georgia.", "GEO GEO"),
    ("A peach from Georgia in the United States.", ""),
    ("Jordan dams no Jordan River, nor the River Jordan, nor the Jordan Valley.", "JOR"),
    ("Mexico, New Mexico and the Gulf of Mexico.", "MEX"),
    ("Panama without its Panama Canal.", "PAN"),
    ("India, the Indian Ocean, an Indian.", "IND IND"),
    ("A guinea pig crossed New England.", ""),
    # States and unions of states.
    ("The united views of small States are not the United States; member States unite.", "USA"),
    ("The United States of America; the U.S. envoy; the United Mexican States.", "USA USA MEX"),
    ("The Federated States of Micronesia and Micronesia.", "FSM FSM"),
    ("Two united nations are not the United Nations, yet letters cannot tell.", "UN UN"),
    ("America sang; Latin America, Central America and South America danced; Our America slept.", "USA LA LA LA LA"),
    ("Americans and Latin Americans; North America.", "USA LA NA"),
    ("The Organization of American States.", "OAS"),
    # China.
    ("The People’s Republic of China and the Republic of China on Taiwan.", "CHN TWN"),
    ("The Republic of China; Taiwan; Chinese lanterns.", "TWN TWN CHN"),
    ("The South China Sea, the East China Sea, Indo-China and Indochina.", ""),
    ("The Group of 77 and China, with China.", "G77 CHN"),
    # Spellings over time.
    ("Turkey, Türkiye, Turkiye and a Turk of old; Turks; Turkish tea.", "TUR TUR TUR TUR TUR"),
    ("A Turkmen carpet from Turkmenistan, and Turkic songs.", "TKM TKM TURKIC"),
    ("Viet Nam, Vietnam; Côte d’Ivoire, Ivory Coast; Cabo Verde, Cape Verde.", "VNM VNM CIV CIV CPV CPV"),
    ("Eswatini was Swaziland; Myanmar was Burma; Zaire became another.", "SWZ SWZ MMR MMR COD"),
    ("The Kyrgyz Republic, Kyrgyzstan and a Kyrgyz yurt; Belarus, once Byelorussia.", "KGZ KGZ KGZ BLR BLR"),
    ("Czechia and Slovakia were Czechoslovakia; the Soviet Union and the USSR are one.", "CZE SVK CSK SUN SUN"),
    # Bodies.
    ("The European Union (EU), European bread, Europe.", "EU Europe Europe"),
    ("The CSCE became the Organization for Security and Co-operation in Europe (OSCE).", "OSCE OSCE"),
    ("The Shanghai Five; the Shanghai Cooperation Organization; the SCO.", "SCO SCO SCO"),
    ("The Organization of the Islamic Conference, now of Islamic Cooperation: the OIC.", "OIC OIC"),
    ("The OAU became the African Union (AU); Africa cheered.", "AU AU Africa"),
    ("The Eurasian Economic Community, the Eurasian Economic Union, the Eurasian plain.", "EAEU EAEU Eurasia"),
    ("Central Asia, Asia, Asia and the Pacific, South-East Asia.", "CA Asia AP SEA"),
    # Cities stand for meetings more often than for governments.
    ("The Washington Consensus, the Paris Agreement, the Kyoto Protocol, the Geneva Conventions.", ""),
    ("In Paris, in Doha, in Astana, in Washington; the Beijing Declaration; the Budapest Memorandum.", ""),
    ("Moscow answered, Ankara too; the talks in Moscow failed.", "RUS TUR"),
    # Pairs and tails.
    ("The Tajik-Afghan border, a Kazakh-Chinese railway, an Israeli-Palestinian choir.", "TJK AFG KAZ CHN ISR PSE"),
    ("Georgia’s wine, Russia's tea, CHINA, a pro-Russian-looking hat.", "GEO RUS CHN"),
    ("A Syrian-led talk; an inter-Tajik talk.", "SYR TJK"),
]
SHORT = {
    **{
        "UN": "United Nations",
        "LA": "Latin America",
        "NA": "North America",
        "G77": "Group of 77",
        "AU": "African Union",
    },
    **{"TURKIC": "Turkic states", "CA": "Central Asia", "AP": "Asia-Pacific", "SEA": "South-East Asia"},
    "UNRC": "UN regional commissions",
}
ONE_EACH = ("russia", "china", "france", "kyrgyzstan", "türkiye", "japan", "brazil", "united nations")


@pytest.fixture(scope="module")
def gazetteer(data):
    return schemas.read("gazetteer", data)


@pytest.fixture(scope="module")
def table(data):
    return schemas.read("vectors", data).set_index("place")


def invented(data, counts, documents):
    """Make what the module needs of a corpus: counts of the gazetteer's phrases in documents of our own."""
    tables = _tables(data)
    every = counts.reindex(columns=tables["gazetteer"]["phrase"], fill_value=0)

    def phrases(state=None, lists=None):
        wanted = [state] if isinstance(state, str) else state
        chosen = documents.index if state is None else documents.index[documents["state"].isin(wanted)]
        return every.loc[chosen]

    return SimpleNamespace(documents=documents, phrases=phrases, table=lambda name: tables[name].copy())


@cache
def _tables(data):
    return {name: schemas.read(name, data) for name in ("gazetteer", "vectors")}


def of_texts(data, texts):
    """Make a corpus of texts by doc_id, counted as the builder counts."""
    phrases = schemas.read("gazetteer", data)["phrase"]
    counts = pd.DataFrame([text.count_phrases(text.clean(body), phrases) for body in texts.values()], index=list(texts))
    return invented(data, counts, _documents(texts))


def of_counts(data, counts, state="KAZ"):
    """Make a corpus of one state's speeches, a year each, that name :data:`ONE_EACH` so often."""
    index = [f"{state}_{47 + i}_{1992 + i}" for i in range(len(counts))]
    return invented(data, pd.DataFrame(counts, index, ONE_EACH[: len(counts[0])]), _documents(index))


def _documents(doc_ids):
    frame = pd.DataFrame(
        [name.split("_") for name in doc_ids], index=list(doc_ids), columns=["state", "session", "year"]
    )
    frame["year"] = frame["year"].astype(int)
    eras = [[era for era, first in sources.ERAS.items() if first <= year][-1] for year in frame["year"]]
    return frame.assign(era=pd.Categorical(eras, list(sources.ERAS), ordered=True))


# --- The gazetteer ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("body", "named"), SNIPPETS)
def test_traps_in_texts(gazetteer, body, named):
    place = gazetteer.set_index("phrase")["place"]
    found = [name for *_, entry in entries.find(text.clean(body), place.index) for name in place[entry].split(";")]
    assert Counter(filter(None, found)) == Counter(SHORT.get(name, name) for name in named.split())


def test_traps_in_counts(data):
    """The speaker is Tuvalu, which no sentence names."""
    made = of_texts(data, {f"TUV_{i}_2000": body for i, (body, _) in enumerate(SNIPPETS)})
    found = vectors.places(made)
    for (body, named), (_, row) in zip(SNIPPETS, found.iterrows(), strict=True):
        assert row[row > 0].to_dict() == Counter(SHORT.get(name, name) for name in named.split()), body


def test_weights_do_what_longest_does(data, gazetteer):
    made = of_texts(data, {f"TUV_{i}_2000": body for i, (body, _) in enumerate(SNIPPETS)})
    alone = entries.longest(made.phrases())
    place = gazetteer.set_index("phrase")["place"]
    found = vectors.places(made)
    for name in found:
        named = [phrase for phrase in alone if name in place[phrase].split(";")]
        assert (found[name] == alone[named].sum(axis=1)).all()


def test_every_phrase_is_registered(data, gazetteer):
    lists = schemas.read("phrases", data).set_index("phrase")["lists"].str.split(";")
    assert {phrase for phrase, names in lists.items() if "gazetteer" in names} == set(gazetteer["phrase"])


def test_phrases_are_written_as_they_are_matched(gazetteer):
    for phrase in gazetteer["phrase"]:
        assert phrase == " ".join(phrase.lower().split()) and "*" not in phrase
        text.phrase_pattern(phrase)
    assert gazetteer["phrase"].is_monotonic_increasing
    entries.inside(gazetteer["phrase"])  # raises if two overlap so that counts cannot say which was meant


def test_no_entry_hides_inside_another(gazetteer):
    """What the count tables take apart by rule is what the pattern finds in the longer entry itself."""
    within = entries.inside(gazetteer["phrase"])
    for longer in gazetteer["phrase"]:
        found = text.count_phrases(longer, gazetteer["phrase"])
        found = {phrase: n for phrase, n in found.items() if n and phrase != longer}
        assert within[longer][within[longer] > 0].to_dict() == found


def test_every_place_has_a_vector_and_every_vector_a_place(gazetteer, table):
    named = set(gazetteer["place"].str.split(";").explode()) - {""}
    assert named == set(table.index)
    for mapping, order in vectors.MAPPINGS.items():
        used = set(table[mapping])
        if mapping == "states":
            states = set(gazetteer.loc[gazetteer["kind"] == "state", "place"])
            assert set(table.index[table["states"] != ""]) == states
            assert used == set(order) - {vectors.UNIVERSAL} | {""}
        else:
            assert used == set(order)


def test_mappings_differ_where_they_say_so(table):
    assert (table.loc[table["states"] != "", "states"] == table.loc[table["states"] != "", "book"]).all()
    moved = table["rival"] != table["book"]
    assert table.loc[moved, "why"].str.contains("rival").all()
    merged = table["powers"].replace({"United States": "West", "Europe and other West": "West"})
    apart = merged != table["book"]
    assert set(table.loc[apart, "book"]) == {"Russia and Eurasian bodies"}
    assert table["why"].str.split().str.len().max() <= 25


def test_every_speaker_is_a_place(data, table):
    assert set(schemas.read("states", data)["state"]) <= set(table.index)
    assert {name for own in vectors.SELF.values() for name in own} <= set(table.index)


# --- Mentions ---------------------------------------------------------------------------------------------------------


def test_a_speaker_does_not_name_itself(data):
    body = "Kazakhstan and CICA greet Russia, the Congo, Korea, Europe, Serbia and the European Union."
    made = of_texts(data, {f"{state}_60_2005": body for state in ("KAZ", "COD", "KOR", "EU", "YUG", "RUS")})
    found = vectors.places(made)
    named = {name.split("_")[0]: set(row.index[row > 0]) for name, row in found.iterrows()}
    every = {"KAZ", "CICA", "RUS", "Congo", "Korea", "Europe", "SRB", "EU"}
    own = {"KAZ": {"KAZ", "CICA"}, "COD": {"Congo"}, "KOR": {"Korea"}, "EU": {"EU", "Europe"}, "YUG": {"SRB"}}
    assert named == {state: every - own.get(state, {state}) for state in named}


def test_totals_are_kept(data, table):
    made = of_texts(data, {f"TUV_{i}_2000": body for i, (body, _) in enumerate(SNIPPETS)})
    found = vectors.places(made)
    for mapping, order in vectors.MAPPINGS.items():
        vector = vectors.mentions(made, mapping=mapping)
        kept = found.loc[:, table.loc[found.columns, mapping].to_numpy() != ""]
        assert tuple(vector.columns) == order
        assert (vector.sum(axis=1) == kept.sum(axis=1)).all()
    assert vectors.mentions(made, mapping="places").equals(found)


def test_a_mapping_of_ones_own(data):
    made = of_counts(data, [[3, 2, 1, 0, 0, 0, 4, 5]])
    own = pd.Series({"CHN": "east", "RUS": "north", "JPN": "east", "BRA": ""})
    assert vectors.mentions(made, mapping=own).to_numpy().tolist() == [[2, 3]]
    assert vectors.mentions(made, mapping=own).columns.tolist() == ["east", "north"]
    with pytest.raises(corpus.DataError, match="ATLANTIS"):
        vectors.mentions(made, mapping=pd.Series({"ATLANTIS": "west"}))
    with pytest.raises(corpus.DataError, match="each once"):
        vectors.mentions(made, mapping=pd.Series(["a", "b"], index=["RUS", "RUS"]))
    with pytest.raises(corpus.DataError, match="no mapping 'moon'"):
        vectors.mentions(made, mapping="moon")


def test_shares(data):
    made = of_counts(data, [[3, 1, 0, 0, 0, 0, 0, 90], [0, 0, 0, 0, 0, 0, 0, 5]])
    found = vectors.shares(made, "KAZ", by=["a", "b"])
    assert found.loc["a", ["Russia and Eurasian bodies", "China"]].tolist() == [0.75, 0.25]
    assert found.loc["b"].isna().all() and vectors.UNIVERSAL not in found
    assert vectors.shares(made, "KAZ", by=["a", "b"], universal=True).loc["b", vectors.UNIVERSAL] == 1


# --- Diversity --------------------------------------------------------------------------------------------------------


def _some(rng, speeches=12):
    return rng.poisson([3, 2, 4, 5, 4, 2, 1], (speeches, 7)).tolist()


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def test_equal_mentions_are_as_many_vectors(data):
    found = vectors.diversity(of_counts(data, [[2] * 7, [2] * 7]), "KAZ", n=50).iloc[0]
    assert found[["effective", "evenness", "hhi"]].tolist() == pytest.approx([7, 1, 1 / 7])
    assert found[["effective_low", "effective_high"]].tolist() == pytest.approx([7, 7])
    assert found["speeches"] == 2 and found["mentions"] == 28


@given(st.lists(st.lists(st.integers(0, 9), min_size=7, max_size=7), min_size=2, max_size=6), st.randoms())
def test_diversity_keeps_its_bounds_and_knows_no_order(data, counts, random):
    if sum(map(sum, counts)) == 0:
        counts[0][0] = 1
    found = vectors.diversity(of_counts(data, counts), "KAZ", by=["all"] * len(counts), n=40).iloc[0]
    shuffled = [row[:] for row in random.sample(counts, len(counts))]
    order = random.sample(range(7), 7)
    shuffled = [[row[j] for j in order] for row in shuffled]
    again = vectors.diversity(of_counts(data, shuffled), "KAZ", by=["all"] * len(counts), n=40).iloc[0]
    for measure, low, high in (("effective", 1, 7), ("evenness", 0, 1), ("hhi", 1 / 7, 1)):
        assert again[measure] == pytest.approx(found[measure])
        assert low - 1e-9 <= found[f"{measure}_low"] <= found[measure] + 1e-9
        assert found[measure] - 1e-9 <= found[f"{measure}_high"] <= high + 1e-9


def test_the_numbers_are_those_of_rhetoric(data, rng):
    counts = _some(rng)
    made, sums = of_counts(data, counts), np.sum(counts, axis=0)
    found = vectors.diversity(made, "KAZ", by=["all"] * 12, n=50).iloc[0]
    assert found["effective"] == pytest.approx(rhetoric.effective_number(sums))
    assert found["hhi"] == pytest.approx(rhetoric.hhi(sums))
    corrected = vectors.diversity(made, "KAZ", by=["all"] * 12, correction="chao", n=50).iloc[0]
    assert corrected["effective"] == pytest.approx(min(7, rhetoric.effective_number(sums, "chao")))


def test_universal_bodies_count_on_request(data):
    made = of_counts(data, [[1, 1, 1, 1, 1, 1, 1, 50]] * 2)
    assert vectors.diversity(made, "KAZ", n=20)["effective"].tolist() == pytest.approx([7])
    assert vectors.diversity(made, "KAZ", n=20, universal=True)["effective"].iloc[0] < 3
    every = vectors.diversity(made, "KAZ", n=20, mapping="places")
    assert every["mentions"].tolist() == [14] and every["effective"].tolist() == pytest.approx([7])


def test_windows_are_centred(data, rng):
    found = vectors.diversity(of_counts(data, _some(rng)), "KAZ", by="year", window=5, n=20)
    assert found.index.tolist() == list(range(1992, 2004))
    assert found["speeches"].tolist() == [3, 4, *[5] * 8, 4, 3]
    single = vectors.diversity(of_counts(data, _some(rng)), "KAZ", by="year", window=1, n=20)
    assert single["effective"].notna().all() and single["effective_low"].isna().all()


def test_eras_and_labels(data, rng):
    made = of_counts(data, _some(rng))
    assert vectors.diversity(made, "KAZ", n=20)["speeches"].to_dict() == {"before": 3, "1995": 6, "2001": 3}
    half = pd.Series(["early"] * 6 + ["late"] * 6, index=made.documents.index)
    by_order = vectors.diversity(made, "KAZ", by=half.tolist(), n=20)
    by_name = vectors.diversity(made, "KAZ", by=half.iloc[::-1], n=20)
    pd.testing.assert_frame_equal(by_order, by_name)


def test_thinning_does_not_punish_those_who_say_little(data, rng):
    """The same habit in few words and in many: without a remedy the few look narrow, thinned they do not."""
    habit = np.array([0.3, 0.2, 0.15, 0.15, 0.1, 0.05, 0.05])
    plain, thinned = [], []
    for _ in range(80):
        few, many = (of_counts(data, rng.multinomial(size, habit, 2).tolist()) for size in (10, 400))
        plain.append([vectors.diversity(m, "KAZ", n=2)["effective"].iloc[0] for m in (few, many)])
        thinned.append([vectors.diversity(m, "KAZ", thin=20, n=2)["effective"].iloc[0] for m in (few, many)])
    (few, many), (few_thin, many_thin) = np.mean(plain, axis=0), np.mean(thinned, axis=0)
    assert many - few > 0.4
    assert abs(many_thin - few_thin) < 0.3
    short = vectors.diversity(of_counts(data, [[1] * 7, [1] * 7]), "KAZ", thin=15, n=5).iloc[0]
    assert np.isnan(short["effective"]) and short["mentions"] == 14


def test_the_interval_covers_the_truth(data, rng):
    """Speeches that cluster: a speaker who names a vector once tends to name it again."""
    habit = np.array([0.3, 0.2, 0.15, 0.15, 0.1, 0.05, 0.05])
    truth, covered, trials, errors = rhetoric.effective_number(habit), 0, 250, []
    for seed in range(trials):
        counts = [rng.multinomial(25, rng.dirichlet(8 * habit)).tolist() for _ in range(9)]
        found = vectors.diversity(of_counts(data, counts), "KAZ", correction="speeches", n=200, by=[1] * 9, seed=seed)
        found = found.iloc[0]
        covered += found["effective_low"] <= truth <= found["effective_high"]
        errors.append([found["effective"] - truth, found["hhi"] - rhetoric.hhi(habit)])
    assert covered / trials > 0.86
    assert abs(np.mean(errors, axis=0)[0]) < 0.2 and abs(np.mean(errors, axis=0)[1]) < 0.01


def test_seeds(data, rng):
    made = of_counts(data, _some(rng))
    once, twice, other = (vectors.diversity(made, "KAZ", n=100, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(once, twice)
    assert not once["effective_low"].equals(other["effective_low"])


def test_diversity_errors(data, rng):
    made = of_counts(data, _some(rng))
    for bad, message in (
        ({"by": "month"}, "by must be 'era', 'year'"),
        ({"by": ["a"]}, "one label for each of 12 speeches, got 1"),
        ({"by": pd.Series({"KAZ_1_1900": "a"})}, "lacks a label"),
        ({"by": "year", "window": 4}, "odd number of years, got 4"),
        ({"thin": 1}, "thin >= 2"),
        ({"thin": 20, "correction": "chao"}, "give one of them"),
    ):
        with pytest.raises(ValueError, match=message):
            vectors.diversity(made, "KAZ", n=5, **bad)


# --- Beside all states ------------------------------------------------------------------------------------------------


def _world(data):
    """Four speakers: one names all evenly, two one place alone, one hardly anything."""
    speeches = {
        "KAZ_47_1992": "Russia, China, France, Japan, Brazil, Ghana. " * 4,
        "KGZ_47_1992": "Russia! " * 24,
        "UZB_47_1992": "China! " * 24,
        "TJK_47_1992": "China.",
    }
    return of_texts(data, speeches)


def test_a_base_rate_is_at_hand(data):
    found = vectors.compare_states(_world(data), ["KAZ", "KGZ", "TJK"], thin=20).loc["before"]
    assert found["lower"].tolist()[:2] == [1, 0.25] and np.isnan(found.at["TJK", "lower"])
    assert found["others"].tolist() == [2, 2, 0] and found["mentions"].tolist() == [24, 24, 1]
    every = vectors.compare_states(_world(data), None, thin=None, measure="hhi")
    assert every.loc[("before", "KAZ"), "lower"] == 0 and len(every) == 4


def test_compare_errors(data):
    with pytest.raises(ValueError, match="measure must be one of effective, evenness, hhi"):
        vectors.compare_states(_world(data), measure="breadth")
    with pytest.raises(ValueError, match="speeches are not resampled here"):
        vectors.compare_states(_world(data), correction="speeches", thin=None)
    with pytest.raises(ValueError, match="states differ in their speeches"):
        vectors.compare_states(_world(data), by=["a"] * 4)
    with pytest.raises(corpus.DataError, match="no state \\['XYZ'\\]"):
        vectors.compare_states(_world(data), ["XYZ"])


# --- Rankings ---------------------------------------------------------------------------------------------------------


def test_ranks(data):
    made = of_counts(data, [[5, 3, 3, 0, 0, 0, 0, 99], [1, 2, 0, 0, 0, 0, 0, 99]])
    found = vectors.ranks(made, "KAZ", ["a", "b"])
    assert found.to_dict() == {"a": {"CHN": 2.5, "FRA": 2.5, "RUS": 1}, "b": {"CHN": 1, "FRA": 3, "RUS": 2}}
    by_vector = vectors.ranks(made, "KAZ", ["a", "b"], level="vector")
    assert by_vector.loc["West"].tolist() == [2.5, 3] and len(by_vector) == 3
    with pytest.raises(ValueError, match="level must be 'place' or 'vector'"):
        vectors.ranks(made, "KAZ", level="region")
    with pytest.raises(ValueError, match="periods must be"):
        vectors.ranks(made, "KAZ", "year")


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=12))
def test_tau_agrees_with_scipy(pairs):
    a, b = np.array(pairs, float).T
    assert float(vectors._tau(a, b)) == pytest.approx(stats.kendalltau(a, b).statistic, nan_ok=True)


def test_tau_of_many_draws_at_once(rng):
    a, b = rng.integers(0, 6, (2, 3, 4, 9))
    found = vectors._tau(a, b)
    assert found.shape == (3, 4)
    assert found[2, 1] == pytest.approx(stats.kendalltau(a[2, 1], b[2, 1]).statistic)


def test_a_turn_is_found_and_its_absence_too(rng):
    habit = np.linspace(1, 8, 9)
    a, alike, turned = rng.poisson(habit, (8, 9)), rng.poisson(habit, (8, 9)), rng.poisson(habit[::-1], (8, 9))
    same, change = vectors.kendall(a, alike, 400, 199), vectors.kendall(a, turned, 400, 199)
    assert same.p > change.p and same.tau > 0.6 and same.items == 9
    assert change.p < 0.02 and change.tau < -0.6 and change.high < same.low
    assert same.low <= same.tau <= same.high


def test_chance_alone_seldom_looks_like_a_turn(rng):
    p = [vectors.kendall(*rng.poisson(np.linspace(0.5, 3, 8), (2, 6, 8)), 2, 99, seed=i).p for i in range(80)]
    assert np.mean(np.array(p) <= 0.1) < 0.2


def test_kendall_where_there_is_little(rng):
    alone = vectors.kendall([[1, 2, 3]], [[1, 3, 2], [0, 1, 1]], 50, 19)
    assert alone.tau > 0 and np.isnan([alone.low, alone.high]).all() and 0 < alone.p <= 1
    assert np.isnan(vectors.kendall([[1, 1]], [[1, 2]]).tau)
    assert vectors.kendall([[0, 1, 0]], [[0, 0, 1]], 5, 9).items == 2
    with pytest.raises(ValueError, match="none empty"):
        vectors.kendall(np.zeros((0, 3)), np.ones((2, 3)))
    with pytest.raises(ValueError, match="same items"):
        vectors.kendall(pd.DataFrame([[1, 2]], columns=["a", "b"]), pd.DataFrame([[1, 2]], columns=["b", "a"]))


def test_turning(data, rng):
    early, late = rng.poisson([9, 7, 5, 3, 2, 1, 1], (6, 7)), rng.poisson([1, 1, 2, 3, 5, 7, 9], (6, 7))
    made = of_counts(data, np.vstack([early, late]).tolist())
    found = vectors.turning(made, "KAZ", window=4, level="vector", n=50, permutations=49)
    assert found.index.tolist() == list(range(1996, 2001)) and found["tau"].idxmin() == 1998
    assert (found[["before", "after"]] == 4).all(axis=None)
    with pytest.raises(ValueError, match="window >= 1"):
        vectors.turning(made, "KAZ", window=0)


# --- The archive ------------------------------------------------------------------------------------------------------


def test_shipped_counts_are_those_of_the_texts(c, data, texts, gazetteer):
    """Kazakhstan's speeches and 150 others: positions in the text and counts taken apart say exactly the same."""
    attached = corpus.load(data, texts)
    found = vectors.places(c)
    place = gazetteer.set_index("phrase")["place"]
    others = found.index[~found.index.str.startswith("KAZ_")]
    sample = np.random.default_rng(5).choice(others, 150, replace=False)
    for doc_id in [*found.index[found.index.str.startswith("KAZ_")], *sample]:
        state = doc_id.split("_")[0]
        body = attached.texts[doc_id]
        named = [name for *_, entry in entries.find(body, place.index) for name in place[entry].split(";") if name]
        own = {state, *vectors.SELF.get(state, ())}
        row = found.loc[doc_id]
        assert row[row > 0].to_dict() == Counter(name for name in named if name not in own), doc_id


def test_no_mention_is_taken_away_twice(c):
    """Entries that overlap without one holding the other would leave what both hold below zero, which is refused."""
    entries.longest(c.phrases(lists="gazetteer"))


def test_the_archive(c):
    found = vectors.mentions(c)
    assert found.shape == (6204, len(vectors.VECTORS)) and (found.sum() > 0).all()
    kazakh = vectors.diversity(c, "KAZ", n=100)
    assert kazakh.index.tolist() == list(sources.ERAS) and kazakh["speeches"].sum() == 33
    assert kazakh["effective"].between(1, 7).all()
    peers = vectors.compare_states(c)
    assert set(peers.index.get_level_values("state")) == set(vectors.PEERS)
    assert peers["lower"].dropna().between(0, 1).all() and (peers.loc["2014", "others"] > 100).any()
