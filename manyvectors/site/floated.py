"""Where figures stand on paper: none leaves a large part of the page before it empty.

A figure is not broken, so one that finds too little room goes to the next page. As in any printed book, the text that
follows it then comes first; where nothing may, the figure is drawn smaller if that is enough. Chromium tells where
things came to stand only by printing, so this takes a printing for each round, in which every chapter mends its first
such figure.
"""

from pypdf import PdfReader

ROUNDS = 4
ROOM = 0.2  # of a page's height, above which the room before a figure is filled
LEAST = 0.72  # of its size, below which a figure is not drawn smaller

# A mark before each figure and one in it, and links to both: a printed link tells the place that it leads to.
_MARK = """() => {
  document.querySelectorAll(".mv-mark").forEach(mark => mark.remove());
  const links = document.createElement("nav");
  links.className = "mv-mark";
  const mark = (name, where) => {
    const place = document.createElement("div");
    place.className = "mv-mark";
    place.id = name;
    where(place);
    const link = document.createElement("a");
    link.href = `#${name}`;
    link.textContent = ".";
    links.append(link);
  };
  document.querySelectorAll(".chapter figure[id]").forEach((figure, n) => {
    const block = figure.closest(".cell") || figure;
    if (!block.previousElementSibling || block.closest(".wide-pages")) return;
    block.dataset.figure = n;
    mark(`mv-before-${n}`, place => block.before(place));
    mark(`mv-at-${n}`, place => figure.prepend(place));
  });
  document.body.append(links);
}"""
_CLEAR = """() => document.querySelectorAll(".mv-mark").forEach(mark => mark.remove())"""

# Heights are those of the width that is printed. A paragraph or a list may be broken, and then fills a page to its end.
_MOVE = """({gaps, least}) => {
  const chapters = new Set();
  const leaves = element => element.tagName === "SECTION" ? [...element.children].flatMap(leaves) : [element];
  const following = block => {
    const found = [];
    for (let at = block; at && !at.classList.contains("chapter"); at = at.parentElement) {
      for (let next = at.nextElementSibling; next; next = next.nextElementSibling) found.push(...leaves(next));
    }
    return found.filter(leaf => !leaf.classList.contains("mv-mark"));
  };
  const height = element => {
    const margins = getComputedStyle(element);
    return element.offsetHeight + Math.max(parseFloat(margins.marginTop), parseFloat(margins.marginBottom));
  };
  const stays = leaf => leaf.matches("figure, .admonition, .exercise, .solution, .wide-pages, details")
    || leaf.querySelector("figure, .wide-pages");
  let moved = 0;
  for (const [name, gap] of gaps) {
    const block = document.querySelector(`[data-figure="${name}"]`);
    const chapter = block.closest(".chapter");
    if (chapters.has(chapter)) continue;
    let room = gap, ahead = 0, last = null;
    for (const leaf of following(block)) {
      if (stays(leaf)) break;
      const own = height(leaf);
      if (/^H[1-6]$/.test(leaf.tagName)) {
        ahead += own;
      } else if (ahead + own <= room) {
        room -= ahead + own;
        [ahead, last] = [0, leaf];
      } else {
        if (/^(P|UL|OL|DL)$/.test(leaf.tagName) && own > 100 && room - ahead > 60) last = leaf;
        break;
      }
    }
    const picture = block.querySelector("figure img, figure svg");
    const drawn = picture ? picture.getBoundingClientRect() : null;
    // It did not fit as it is, whatever was measured.
    const size = drawn ? Math.min((gap - height(block) + drawn.height - 12) / drawn.height, 0.96) : 0;
    if (last) {
      last.after(block);
    } else if (size >= least && !picture.dataset.smaller) {
      picture.dataset.smaller = "";
      picture.setAttribute("width", Math.floor(drawn.width * size));
    } else continue;
    chapters.add(chapter);
    moved += 1;
  }
  return moved;
}"""


def gaps(pdf):
    """Return the figures that begin a page and leave much room on the page before.

    ``pdf`` (str, pathlib.Path or file object): printed with marks. Returns list of (str, float): the mark's number, and
    the room in pixels of the page that was printed, in the order of the book.
    """
    reader = PdfReader(pdf)
    pages = {page.indirect_reference.idnum: number for number, page in enumerate(reader.pages)}
    places = {
        name.lstrip("/"): (pages[place.page.idnum], float(place.top))
        for name, place in reader.named_destinations.items()
        if "mv-" in name
    }
    found = []
    for name, (page, top) in places.items():
        number = name.removeprefix("mv-before-")
        if number != name and places[f"mv-at-{number}"][0] > page:
            height, below = float(reader.pages[page].mediabox.height), 62.4  # 22 mm, as print.css has them
            if top - below > ROOM * height:
                found.append((number, (top - below) * 4 / 3))
    return sorted(found, key=lambda one: int(one[0]))


def settle(page, target):
    """Move figures until none leaves much of a page empty, or nothing more can be done.

    ``page`` (playwright.sync_api.Page): the book, ready for printing; its figures are moved. ``target``
    (pathlib.Path): a PDF that is written over. Returns int: how many figures were moved or made smaller.
    """
    done = 0
    for _ in range(ROUNDS):
        page.evaluate(_MARK)
        page.pdf(path=target, prefer_css_page_size=True)
        page.evaluate("() => document.body.classList.add('measured')")
        moved = page.evaluate(_MOVE, {"gaps": gaps(target), "least": LEAST})
        page.evaluate("() => document.body.classList.remove('measured')")
        if not moved:
            break
        done += moved
    page.evaluate(_CLEAR)
    return done
