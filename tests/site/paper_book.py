"""A tiny website for the tests of the printed book."""

CONFIG = """
title: "Tamra: The Canal in Its Own Words"
author: The lock-keepers
copyright: "2026"
sphinx: {config: {language: en}}
"""
TOC = """
format: jb-book
root: book/cover
parts:
  - caption: "Part I: Water"
    chapters:
      - file: notebooks/01_locks
      - file: notebooks/02_ferries
  - caption: Reference
    chapters:
      - file: book/words
      - file: book/ask
"""
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100" viewBox="0 0 200 100"><circle r="40" cx="50" '
    'cy="50"/></svg>'
)
PAGES = {
    "book/cover": '<section id="top"><h1>The canal<a class="headerlink" href="#top">#</a></h1><p>See '
    '<a href="../notebooks/02_ferries.html#exercises">the exercises</a>, <a href="https://example.org/">outside</a>, '
    '<a class="download" download="" href="../_downloads/1/a.csv">a table</a> and <a href="ask.html">ask</a>.</p>'
    "</section>",
    "notebooks/01_locks": '<section id="locks"><h1>What is a lock?</h1><details class="hide"><summary>Show</summary>'
    '<p>folded set-up</p></details><button>Copy</button><p class="mv-take">data of this figure</p>'
    '<section id="levels"><h2>Levels</h2><figure id="fig"><img alt="A circle." src="../_images/a.svg"/><figcaption><p>'
    '<span class="caption-number">Fig. 1 </span>Round.</p></figcaption></figure><p>Әлия қаланың өзенін тағы көрді, '
    'Ұлы дала; ✅</p></section><section id="exercises"><h2>Exercises</h2><p><a href="#exercises">here</a></p>'
    '<details class="dropdown"><summary>Solution</summary><p>an open solution</p></details></section></section>',
    "notebooks/02_ferries": '<section id="ferries"><h1>Who runs the ferry? <em>&amp;</em> “why”</h1>'
    '<section id="exercises"><h2>Exercises</h2><table class="dataframe"><thead><tr><th></th><th>who</th><th>n</th></tr>'
    "</thead><tbody><tr><th>0</th><td>a ferryman</td><td>7</td></tr></tbody></table><div class='cell_output'><pre>"
    + ("unbroken" * 40 + "\n")
    * 4
    + "</pre></div></section><section id='wide'><h2>Wide</h2><div id='ledger'><div class='filters'>pick</div><table>"
    "<tr><th>a claim</th></tr></table></div></section></section>",
    "book/words": '<section id="w"><h1>Words</h1><dl class="glossary"><dt id="term-lock">lock</dt>'
    "<dd><p>A gate.</p></dd></dl></section>",
    "book/ask": '<section id="a"><h1>Ask for a word</h1><div id="explorer" class="explorer"></div></section>',
    "genindex": '<section id="index"><h1>Index</h1><p class="index-letters"><a href="#index-L">L</a></p>'
    '<section id="index-L"><h2>L</h2><ul class="index-entries"><li><span>lock</span>: '
    '<a href="book/words.html#term-lock">glossary</a>, <a href="notebooks/01_locks.html#levels">chapter 1</a>, '
    '<a href="notebooks/01_locks.html#fig">chapter 1</a>, <a href="book/ask.html">ask</a>'
    '<ul><li>rusty: <a href="book/cover.html">cover</a></li></ul>'
    "</li></ul></section></section>",
}


def write(folder):
    """Write the folder of a tiny book, already built as a website; return it."""
    site = folder / "_build" / "html"
    for name, body in PAGES.items():
        path = site / f"{name}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        page = f'<html><body><nav>menu</nav><article class="bd-article">{body}</article></body></html>'
        path.write_text(page, encoding="utf-8")
    (site / "_images").mkdir()
    (site / "_images" / "a.svg").write_text(DRAWING, encoding="utf-8")
    (folder / "_config.yml").write_text(CONFIG, encoding="utf-8")
    (folder / "_toc.yml").write_text(TOC, encoding="utf-8")
    return folder
