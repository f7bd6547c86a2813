"""Whom a speech names: traps of the gazetteer in sentences of our own, full recounts, and vectors of places."""

from collections import Counter
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from speakers import of_counts, of_texts

from manyvectors import corpus, text, vectors
from manyvectors.text import entries

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
    ("The Uruguay Round; the Barbados Programme of Action; the Mauritius Strategy; Uruguay, Barbados.", "URY BRB"),
    ("Parties to the Nauru Agreement; the Antigua and Barbuda Agenda; Mexico City, in Mexico.", "MEX"),
    ("The meetings in Hong Kong and Macao.", ""),
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


@pytest.fixture(scope="module")
def gazetteer(c):
    return c.table("gazetteer")


@pytest.fixture(scope="module")
def table(c):
    return c.table("vectors").set_index("place")


# --- The gazetteer ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("body", "named"), SNIPPETS)
def test_traps_in_texts(gazetteer, body, named):
    place = gazetteer.set_index("phrase")["place"]
    found = [name for *_, entry in entries.find(text.clean(body), place.index) for name in place[entry].split(";")]
    assert Counter(filter(None, found)) == Counter(SHORT.get(name, name) for name in named.split())


def test_traps_in_counts(c):
    """The speaker is Tuvalu, which no sentence names."""
    made = of_texts(c, {f"TUV_{i}_2000": body for i, (body, _) in enumerate(SNIPPETS)})
    found = vectors.places(made)
    for (body, named), (_, row) in zip(SNIPPETS, found.iterrows(), strict=True):
        assert row[row > 0].to_dict() == Counter(SHORT.get(name, name) for name in named.split()), body


def test_weights_do_what_longest_does(c, gazetteer):
    made = of_texts(c, {f"TUV_{i}_2000": body for i, (body, _) in enumerate(SNIPPETS)})
    alone = entries.longest(made.phrases())
    place = gazetteer.set_index("phrase")["place"]
    found = vectors.places(made)
    for name in found:
        named = [phrase for phrase in alone if name in place[phrase].split(";")]
        assert (found[name] == alone[named].sum(axis=1)).all()


def test_every_phrase_is_registered(c, gazetteer):
    lists = c.table("phrases").set_index("phrase")["lists"].str.split(";")
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


def test_every_place_has_a_vector_and_every_vector_a_place(c, gazetteer, table):
    named = set(gazetteer["place"].str.split(";").explode()) - {""}
    assert named == set(table.index)
    states = set(gazetteer.loc[gazetteer["kind"] == "state", "place"])
    assert set(table.index[table["states"] != ""]) == states
    found = vectors.mappings(c)
    assert list(found) == ["book", "states", "powers", "rival"]
    assert set(found["states"]) == set(found["book"]) - {c.study.universal}
    assert found["book"] == found["rival"] and found["book"][-1] == found["powers"][-1] == c.study.universal
    assert {name for order in found.values() for name in order} == set(c.study.vectors)


def test_mappings_differ_where_they_say_so(table):
    assert (table.loc[table["states"] != "", "states"] == table.loc[table["states"] != "", "book"]).all()
    moved = table["rival"] != table["book"]
    assert table.loc[moved, "why"].str.contains("rival").all()
    merged = table["powers"].replace({"United States": "West", "Europe and other West": "West"})
    apart = merged != table["book"]
    assert set(table.loc[apart, "book"]) == {"Russia and Eurasian bodies"}
    assert table["why"].str.split().str.len().max() <= 25


def test_every_speaker_is_a_place(c, table):
    assert set(c.table("states")["state"]) <= set(table.index)
    own = c.table("own-places")
    assert set(own["place"]) <= set(table.index) and set(own["state"]) <= set(c.table("states")["state"])


# --- Mentions ---------------------------------------------------------------------------------------------------------


def test_a_speaker_does_not_name_itself(c):
    body = "Kazakhstan and CICA greet Russia, the Congo, Korea, Europe, Serbia and the European Union."
    made = of_texts(c, {f"{state}_60_2005": body for state in ("KAZ", "COD", "KOR", "EU", "YUG", "RUS")})
    found = vectors.places(made)
    named = {name.split("_")[0]: set(row.index[row > 0]) for name, row in found.iterrows()}
    every = {"KAZ", "CICA", "RUS", "Congo", "Korea", "Europe", "SRB", "EU"}
    own = {"KAZ": {"KAZ", "CICA"}, "COD": {"Congo"}, "KOR": {"Korea"}, "EU": {"EU", "Europe"}, "YUG": {"SRB"}}
    assert named == {state: every - own.get(state, {state}) for state in named}


def test_totals_are_kept(c, table):
    made = of_texts(c, {f"TUV_{i}_2000": body for i, (body, _) in enumerate(SNIPPETS)})
    found = vectors.places(made)
    for mapping, order in vectors.mappings(c).items():
        vector = vectors.mentions(made, mapping=mapping)
        kept = found.loc[:, table.loc[found.columns, mapping].to_numpy() != ""]
        assert tuple(vector.columns) == order
        assert (vector.sum(axis=1) == kept.sum(axis=1)).all()
    assert vectors.mentions(made, mapping="places").equals(found)


def test_a_mapping_of_ones_own(c):
    made = of_counts(c, [[3, 2, 1, 0, 0, 0, 4, 5]])
    own = pd.Series({"CHN": "east", "RUS": "north", "JPN": "east", "BRA": ""})
    assert vectors.mentions(made, mapping=own).to_numpy().tolist() == [[2, 3]]
    assert vectors.mentions(made, mapping=own).columns.tolist() == ["east", "north"]
    with pytest.raises(corpus.DataError, match="ATLANTIS"):
        vectors.mentions(made, mapping=pd.Series({"ATLANTIS": "west"}))
    with pytest.raises(corpus.DataError, match="each once"):
        vectors.mentions(made, mapping=pd.Series(["a", "b"], index=["RUS", "RUS"]))
    with pytest.raises(corpus.DataError, match="'moon'"):
        vectors.mentions(made, mapping="moon")


def test_universal_bodies_are_left_out_on_request(c):
    made = of_counts(c, [[3, 2, 0, 0, 0, 0, 0, 5]])
    assert vectors.mentions(made)[c.study.universal].tolist() == [5]
    every, without = vectors.mentions(made), vectors.mentions(made, universal=False)
    pd.testing.assert_frame_equal(without, every.drop(columns=c.study.universal))
    apart = vectors.by_vector(made, vectors.places(made), "places", universal=False)
    assert "United Nations" not in apart and apart.to_numpy().sum() == 5


def test_the_vectors_of_another_study(c):
    """Two mappings of its own; the study orders one vector, and has none that everybody names."""
    sides = c.table("vectors")[["place"]].assign(rivers="upstream", seas="", why="")
    sides.loc[sides["place"].isin(["CHN", "JPN"]), ["rivers", "seas"]] = ["downstream", "east"]
    made = of_counts(c, [[3, 2, 1, 0, 0, 4, 0, 5]], vectors=sides)
    made.study = SimpleNamespace(vectors=("downstream",), universal="")
    assert vectors.mappings(made) == {"rivers": ("downstream", "upstream"), "seas": ("east",)}
    assert vectors.mentions(made).iloc[0].to_dict() == {"downstream": 6, "upstream": 9}
    assert vectors.mentions(made, mapping="seas", universal=False).iloc[0].to_dict() == {"east": 6}
    assert vectors.shares(made, "KAZ", by=["all"]).iloc[0].tolist() == pytest.approx([0.4, 0.6])


def test_shares(c):
    made = of_counts(c, [[3, 1, 0, 0, 0, 0, 0, 90], [0, 0, 0, 0, 0, 0, 0, 5]])
    found = vectors.shares(made, "KAZ", by=["a", "b"])
    assert found.loc["a", ["Russia and Eurasian bodies", "China"]].tolist() == [0.75, 0.25]
    assert found.loc["b"].isna().all() and c.study.universal not in found
    assert vectors.shares(made, "KAZ", by=["a", "b"], universal=True).loc["b", c.study.universal] == 1


# --- The archive ------------------------------------------------------------------------------------------------------


def test_shipped_counts_are_those_of_the_texts(c, attached, gazetteer):
    """Kazakhstan's speeches and 150 others: positions in the text and counts taken apart say exactly the same."""
    found, own_places = vectors.places(c), c.table("own-places").groupby("state")["place"].agg(list)
    place = gazetteer.set_index("phrase")["place"]
    others = found.index[~found.index.str.startswith("KAZ_")]
    sample = np.random.default_rng(5).choice(others, 150, replace=False)
    for doc_id in [*found.index[found.index.str.startswith("KAZ_")], *sample]:
        state = doc_id.split("_")[0]
        body = attached.texts[doc_id]
        named = [name for *_, entry in entries.find(body, place.index) for name in place[entry].split(";") if name]
        own = {state, *own_places.get(state, ())}
        row = found.loc[doc_id]
        assert row[row > 0].to_dict() == Counter(name for name in named if name not in own), doc_id


def test_no_mention_is_taken_away_twice(c):
    """Entries that overlap without one holding the other would leave what both hold below zero, which is refused."""
    entries.longest(c.phrases(lists="gazetteer"))


def test_the_archive(c):
    found = vectors.mentions(c)
    assert found.shape == (6204, len(vectors.mappings(c)["book"])) and (found.sum() > 0).all()
    kazakh = vectors.diversity(c, "KAZ", n=100)
    assert kazakh.index.tolist() == list(c.study.eras) and kazakh["speeches"].sum() == 33
    assert kazakh["effective"].between(1, 7).all()
    peers = vectors.compare_states(c)
    assert set(peers.index.get_level_values("state")) == {c.study.focus, *c.study.peers}
    assert peers["lower"].dropna().between(0, 1).all() and (peers.loc["2014", "others"] > 100).any()
