"""Invented speeches in five languages: two parties, three years, five subjects, of which each speech has three.

Party "mill" speaks of water more than party "loft", which speaks of stars; in the last year both speak of wool.
"""

import random

import pandas as pd

SUBJECTS = ("water", "books", "bread", "stars", "wool")
SENTENCES = {
    "english": {
        "water": "The canal carries clear water past the old lock and the new weir. | Barges wait at the "
        "lock until the water rises to the weir. | A ferry on the canal needs water, a rope and a "
        "patient lock.",
        "books": "The library lends every novel and every atlas to its readers. | Readers carry the atlas "
        "home and bring the novel back to the library. | No library is poor whose readers mend an "
        "atlas.",
        "bread": "The baker kneads the dough and lights the oven before dawn. | Fresh dough from the oven "
        "smells of rye and of the baker. | An oven without rye keeps neither dough nor baker warm.",
        "stars": "The telescope on the hill follows one comet and two planets. | Planets turn while the "
        "telescope waits for a comet. | Children draw the comet, the planets and the telescope.",
        "wool": "The weaver spins grey wool on a loom of ash. | A loom is slow, but the weaver loves the "
        "wool. | Wool from the hills reaches the weaver and the loom.",
    },
    "russian": {
        "water": "Канал несёт чистую воду мимо старого шлюза и новой плотины. | Баржи ждут у шлюза, пока "
        "вода не поднимется к плотине. | Парому на канале нужны вода, канат и терпеливый шлюз.",
        "books": "Библиотека выдаёт каждый роман и каждый атлас читателям. | Читатели несут атлас домой, а "
        "роман возвращают в библиотеку. | Не бедна библиотека, где читатели чинят атлас.",
        "bread": "Пекарь месит тесто и топит печь до рассвета. | Свежее тесто из печи пахнет рожью и "
        "пекарем. | Печь без ржи не греет ни тесто, ни пекаря.",
        "stars": "Телескоп на холме следит за кометой и планетами. | Планеты кружат, пока телескоп ждёт "
        "комету. | Дети рисуют комету, планеты и телескоп.",
        "wool": "Ткачиха прядёт серую шерсть и ставит станок. | Станок медленный, но ткачиха любит шерсть. "
        "| Шерсть с холмов приходит к ткачихе и на станок.",
    },
    "kazakh": {
        "water": "Арна таза суды ескі шлюздің жанымен жаңа бөгетке жеткізеді. | Баржалар су бөгетке "
        "көтерілгенше шлюзде күтеді. | Арнадағы паромға су, арқан және шыдамды шлюз керек.",
        "books": "Кітапхана әр роман мен атласты оқырманға береді. | Оқырман атласты үйге апарып, романды "
        "кітапханаға қайтарады. | Оқырман атласты жөндесе, кітапхана кедей емес.",
        "bread": "Наубайшы қамыр илеп, таң атпай пешті жағады. | Пештен шыққан қамырдан қара бидай иісі "
        "шығады. | Пеш сөнсе, наубайшы да, қамыр да суынады.",
        "stars": "Төбедегі телескоп құйрықты жұлдыз бен ғаламшарды бақылайды. | Телескоп жұлдызды күткенше "
        "ғаламшар айналады. | Балалар жұлдыз, ғаламшар және телескоп салады.",
        "wool": "Тоқымашы сұр жүнді иіріп, станок құрады. | Станок баяу, бірақ тоқымашы жүнді жақсы көреді. "
        "| Төбеден келген жүн тоқымашы мен станокқа жетеді.",
    },
    "turkish": {
        "water": "Kanal temiz suyu eski savağın ve yeni bendin yanından taşır. | Mavnalar su bende çıkana "
        "kadar savakta bekler. | İskele kanalda su, halat ve sabırlı bir savak ister.",
        "books": "Kütüphane her romanı ve her atlası okurlara verir. | Okurlar atlası eve götürür, romanı "
        "kütüphaneye getirir. | Okurlar atlası onarırsa kütüphane yoksul değildir.",
        "bread": "Fırıncı hamuru yoğurur ve fırını şafaktan önce yakar. | Fırından çıkan hamur çavdar kokar. "
        "| Çavdar yoksa fırıncı da hamur da ısınmaz.",
        "stars": "Tepedeki teleskop bir kuyruklu yıldızı ve gezegenleri izler. | Gezegenler dönerken "
        "teleskop yıldızı bekler. | Çocuklar yıldız, gezegenler ve teleskop çizer.",
        "wool": "Dokumacı gri yünü eğirir ve tezgâhı kurar. | Tezgâh yavaştır ama dokumacı yünü sever. | "
        "Tepelerden gelen yün dokumacıya ve tezgâha ulaşır.",
    },
    "french": {
        "water": "Le canal porte l’eau claire devant la vieille écluse et le barrage. | Les péniches "
        "attendent à l’écluse que l’eau monte au barrage. | Un bac sur le canal veut de l’eau et "
        "une écluse patiente.",
        "books": "La bibliothèque prête chaque roman et chaque atlas à ses lecteurs. | Les lecteurs "
        "emportent l’atlas et rendent le roman à la bibliothèque. | Une bibliothèque dont les "
        "lecteurs réparent l’atlas n’est pas pauvre.",
        "bread": "Le boulanger pétrit la pâte et allume le four avant l’aube. | La pâte sortie du four sent "
        "le seigle et le boulanger. | Sans seigle, ni four ni pâte ne réchauffent le boulanger.",
        "stars": "Le télescope de la colline suit une comète et des planètes. | Les planètes tournent quand "
        "le télescope attend la comète. | Les enfants dessinent la comète, les planètes et le "
        "télescope.",
        "wool": "La tisserande file la laine grise et monte le métier. | Le métier est lent, mais la "
        "tisserande aime la laine. | La laine des collines arrive chez la tisserande et au métier.",
    },
}
LEADING = {  # words of each subject that no other has, as tokens
    "english": {
        "water": ["canal", "lock", "weir"],
        "stars": ["comet", "planets"],
        "wool": ["wool", "loom"],
    },
    "russian": {"water": ["шлюза", "вода"], "stars": ["комету", "телескоп"], "wool": ["шерсть", "станок"]},
    "kazakh": {"water": ["су", "шлюзде"], "stars": ["телескоп", "ғаламшар"], "wool": ["жүнді", "станок"]},
    "turkish": {"water": ["kanal", "su"], "stars": ["teleskop", "gezegenler"], "wool": ["yünü", "dokumacı"]},
    "french": {"water": ["canal", "barrage"], "stars": ["comète", "télescope"], "wool": ["laine", "métier"]},
}
LANGUAGES = tuple(SENTENCES)


def speeches(language="english", n=36, length=27, seed=0):
    """Return n speeches: DataFrame, index doc_id; text, party, year."""
    rng = random.Random(f"{language} {seed}")
    pool = {subject: said.split(" | ") for subject, said in SENTENCES[language].items()}
    rows = {}
    for i in range(n):
        party, year = ("mill", "loft")[i % 2], (2011, 2012, 2013)[i // 2 % 3]
        weight = {"water": 9 if party == "mill" else 1, "stars": 9 if party == "loft" else 1}
        weight |= {"books": 2, "bread": 2, "wool": 9 if year == 2013 else 1}
        own = rng.choices(SUBJECTS, [weight[subject] for subject in SUBJECTS])
        while len(own) < 3:
            own = list(dict.fromkeys([*own, *rng.choices(SUBJECTS, [weight[subject] for subject in SUBJECTS])]))
        said = [rng.choice(pool[rng.choices(own, [3, 2, 2])[0]]) for _ in range(length)]
        rows[f"{party}_{year}_{i:02d}"] = {"text": " ".join(said), "party": party, "year": year}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("doc_id")
