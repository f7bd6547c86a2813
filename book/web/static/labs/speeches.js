/* What the labs share that look at one word in the speeches of one state: both are chosen, and the speeches are found. */

(function () {
  "use strict";

  const { engine, vocabulary } = window.manyVectorsExplorer;
  const { suggested, text } = window.manyVectorsLab;

  // Which word and which state the address names.
  function fields(index) {
    return {
      word: text(index.first.term, 80),
      who: { first: index.focus, read: (code) => (index.byState.has(code) ? code : undefined) },
    };
  }

  // A field for each, with its label; `anew(change)` is called with what was chosen. Returns {word, who, put()}, which shows the choice.
  function ask(it, labels, anew) {
    const index = it.data;
    const word = suggested({ label: labels.word });
    vocabulary.askWord(index, { ...word, choose: (typed) => anew({ word: typed }) });
    const who = suggested({ label: labels.who });
    engine.askState(index, {
      ...who, groups: [], addGroup: () => {}, add: (code) => anew({ who: code }),
      tell: (said, instead) => it.tell(said, (instead || []).map(({ label, change }) => ({ label, act: change }))),
    });
    const put = () => {
      word.input.value = it.state.word;
      who.input.value = index.names.get(it.state.who);
    };
    return { word, who, put };
  }

  // The speeches of the state with what they say of the word, {term, speeches}; or the reason why there are none, with words
  // to take instead, which come with `change`.
  async function find(it, change) {
    const { data: index, state } = it;
    const found = await vocabulary.resolve(index, state.word);
    const instead = (found.instead || []).map((label) => ({ label, act: () => it.set({ word: label, ...change }) }));
    if (found.reason) return { reason: found.reason, instead };
    const speeches = index.byState.get(state.who).map((speech) => ({
      year: index.years[speech], said: found.counts[speech], words: index.words[speech],
    }));
    return { term: found.term, note: found.note, instead, speeches };
  }

  // How often speeches say it together: occurrences, words, occurrences per 10,000 words.
  function rate(speeches) {
    let [said, words] = [0, 0];
    for (const speech of speeches) {
      said += speech.said;
      words += speech.words;
    }
    return { said, words, rate: (1e4 * said) / words };
  }

  window.manyVectorsSpeeches = Object.freeze({ ask, fields, find, rate });
})();
