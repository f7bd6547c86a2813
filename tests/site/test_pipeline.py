"""The list of steps, and what the site may import."""

import subprocess
import sys

from building import ROOT

from manyvectors.site import pipeline


def test_events_stand_in_the_order_of_a_build():
    order = ["config-inited", "builder-inited", "env-before-read-docs", "doctree-read", "env-updated"]
    order += ["env-get-updated", pipeline.TREE, "html-page-context", "html-collect-pages", "build-finished"]
    places = [(order.index(event), side != pipeline.BEFORE) for event, side, _ in pipeline.STEPS]
    assert places == sorted(places)


def test_every_step_says_what_it_does_and_stands_once():
    steps = [step for _, _, step in pipeline.STEPS]
    assert len(set(steps)) == len(steps)
    assert all(step.__doc__ for step in steps)


def test_the_site_computes_nothing():
    """It imports the study and no other room of the package, nor what these need."""
    heavy = ("scipy", "sklearn", "matplotlib", "manyvectors.corpus", "manyvectors.methods", "manyvectors.claims")
    code = f"import manyvectors.site, manyvectors.site.pdf, sys; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
