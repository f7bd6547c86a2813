"""What the list of chapters reads of each."""

import pytest

from manyvectors.site import contents

ROLE = "**Time:** {minutes}`reading`.\n"


def test_a_chapter_that_types_its_minutes_or_names_no_grade_is_refused(tmp_path):
    path = tmp_path / "chapter.md"
    path.write_text("# A\n\n**Time:** about 7 minutes.\n**Evidence:** grade B, then grade A.\n", encoding="utf-8")
    with pytest.raises(ValueError, match="is worked out"):
        contents.outline(path)
    path.write_text("# A\n\n**Time to do it:** a while.\n", encoding="utf-8")
    with pytest.raises(ValueError, match="names no minutes"):
        contents.outline(path)
    path.write_text(f"# A\n\n{ROLE}**Evidence:** a feeling.\n:::\n\ngrade A", encoding="utf-8")
    with pytest.raises(ValueError, match="names no grade"):
        contents.outline(path)
    path.write_text(f"# A\n\n{ROLE}**Evidence:** grades A and\nB.\n", encoding="utf-8")
    assert contents.outline(path) == {"minutes": 1, "grades": ["A", "B"]}
    path.write_text("# A\n\n**Time to do it:** 5 minutes, once they are there.\n", encoding="utf-8")
    assert contents.outline(path) == {"doing": 5}
    path.write_text("# A\n", encoding="utf-8")
    assert contents.outline(path) == {}


def test_contents_name_every_chapter_with_minutes_and_grade(soup, notebooks):
    listed = {
        link["href"].rpartition("/")[2]: link.find_parent("li").get_text()
        for link in soup("book/contents.html").select("article li a")
    }
    for path in notebooks:
        known, line = contents.outline(path), listed[f"{path.stem}.html"]
        assert f"{known['minutes']} minutes" in line
        assert all(grade in line.split("grade")[1] for grade in known["grades"])
