"""The steps that make the site, in their order. Nothing else says when something happens."""

from sphinx.transforms.post_transforms import SphinxPostTransform

from . import (
    accessible,
    answer,
    brought,
    checked,
    cite,
    coded,
    contents,
    course,
    cover,
    decks,
    downloads,
    every_state,
    exercises,
    explore,
    feedback,
    findings,
    front,
    glossary,
    handouts,
    heads,
    lab,
    messages,
    minutes,
    numbers,
    outline,
    passports,
    quiz,
    references,
    search,
    share,
    sheet,
    take,
    theme,
    timeline,
    translated,
    writing,
)
from .book import has_site

TREE = "tree"  # on the document tree of one page, when all pages have been read
# The theme and Sphinx have steps of their own: before links are resolved or the theme fills its templates, or after.
BEFORE, AFTER = "before", "after"
PRIORITY = {(TREE, BEFORE): 3, (TREE, AFTER): 900}  # Sphinx resolves links at 9 and 10; equals keep their order

STEPS = (
    # A build begins.
    ("config-inited", BEFORE, messages.choose),
    ("config-inited", BEFORE, theme.use_templates),
    ("config-inited", BEFORE, translated.show_figures),
    ("config-inited", AFTER, feedback.make_room),
    ("config-inited", AFTER, cite.name_holder),
    ("config-inited", AFTER, glossary.add_languages),
    ("builder-inited", AFTER, references.tell_years),
    ("builder-inited", AFTER, messages.add_scripts),
    ("builder-inited", AFTER, theme.add_files),
    # Each page that changed is read.
    ("env-before-read-docs", AFTER, brought.start),
    ("doctree-read", AFTER, glossary.note_uses),
    ("doctree-read", AFTER, downloads.note_figures),
    ("doctree-read", AFTER, numbers.note_texts),
    ("doctree-read", AFTER, passports.note),
    ("doctree-read", AFTER, checked.tell),
    # All are read.
    ("env-updated", AFTER, glossary.collect_senses),
    ("env-updated", AFTER, brought.wait),
    ("env-updated", AFTER, theme.write_every_page),
    ("env-get-updated", AFTER, exercises.number),
    # Each page is written: first what still holds links ...
    (TREE, BEFORE, findings.fill),
    (TREE, BEFORE, minutes.tell),  # what the others fill in is looked up, not read
    (TREE, BEFORE, numbers.fill),
    (TREE, BEFORE, cite.fill),
    (TREE, BEFORE, downloads.fill),
    (TREE, BEFORE, take.fill),
    (TREE, BEFORE, cite.cite_chapter),
    (TREE, BEFORE, feedback.add_to_figures),
    # ... then what changes finished trees ...
    (TREE, AFTER, glossary.explain_links),
    (TREE, AFTER, front.keep_anchors),
    (TREE, AFTER, accessible.single_ids),
    (TREE, AFTER, accessible.mark_grades),
    (TREE, AFTER, accessible.mark_languages),
    (TREE, AFTER, heads.show_names),
    (TREE, AFTER, accessible.mend_markup),
    (TREE, AFTER, accessible.box),
    # ... and what stands around the text.
    ("html-page-context", BEFORE, messages.tell_templates),
    ("html-page-context", BEFORE, theme.place_page),
    ("html-page-context", BEFORE, glossary.write_index),
    ("html-page-context", BEFORE, theme.add_page_files),
    ("html-page-context", AFTER, theme.number_chapters),
    ("html-page-context", AFTER, share.add_tags),
    ("html-page-context", AFTER, search.note_places),
    ("html-page-context", AFTER, feedback.add_to_page),
    ("html-collect-pages", AFTER, front.missing_page),
    # All pages are written.
    ("build-finished", AFTER, search.write),
    ("build-finished", AFTER, front.write),
    ("build-finished", AFTER, numbers.write_checksums),
    ("build-finished", AFTER, numbers.write_seconds),
    ("build-finished", AFTER, passports.write),
    ("build-finished", AFTER, downloads.write),
    ("build-finished", AFTER, take.write),
    ("build-finished", AFTER, handouts.write),
    ("build-finished", AFTER, every_state.write),
    ("build-finished", AFTER, decks.write),
    ("build-finished", AFTER, theme.forget_configuration),
    ("build-finished", AFTER, brought.lighten),
    ("build-finished", AFTER, downloads.zip_site),
)
ROOMS = (
    writing,
    numbers,
    passports,
    cite,
    coded,
    contents,
    course,
    cover,
    decks,
    findings,
    minutes,
    outline,
    sheet,
    timeline,
    downloads,
    explore,
    lab,
    quiz,
    answer,
    take,
    glossary,
    translated,
)  # with directives, roles or nodes of their own


def connect(app):
    """Connect the steps to the events of a build. Those after a build are left out where it failed."""
    for room in ROOMS:
        room.register(app)
    for place, (event, side, step) in enumerate(STEPS):
        if event == TREE:
            app.add_post_transform(_transform(step, PRIORITY[event, side]))
        else:
            whole = _if_whole(step) if event == "build-finished" else step
            app.connect(event, whole, priority=(100 if side == BEFORE else 800) + place)
    for room in (glossary, downloads, numbers, passports):  # what they note of a page is forgotten and joined with it
        app.connect("env-purge-doc", room.forget)
        app.connect("env-merge-info", room.join)


def _transform(step, priority):
    def run(self, **kwargs):
        if has_site(self.app):
            step(self.app, self.document, self.env.docname)

    return type(
        step.__name__, (SphinxPostTransform,), {"default_priority": priority, "run": run, "__doc__": step.__doc__}
    )


def _if_whole(step):
    return lambda app, error: step(app) if error is None and has_site(app) else None
