"""A chapter's number is the one in its file name: ``03_logistic_regression`` is chapter 3.

sphinx-external-toc counts the chapters of a part from 1. Here the first component of every section
number is replaced before figures, equations and exercises are numbered, so all of them agree and
none changes when another chapter is added.
"""

import re

from sphinx_external_toc.collectors import TocTreeCollectorWithStyles as Collector

count_sections = Collector.assign_section_numbers


def chapter_number(docname):
    """Return 3 for ``chapters/03_logistic_regression``, None for a page that is no chapter."""
    match = re.fullmatch(r"chapters/(\d\d)_\w+", docname)
    return int(match[1]) if match else None


def assign_section_numbers(self, env):
    """Number the sections in order, then put the chapter's own number first."""
    before = env.toc_secnumbers
    count_sections(self, env)
    for docname, numbers in env.toc_secnumbers.items():
        chapter = chapter_number(docname)
        if chapter is None:
            continue
        for anchor, number in numbers.items():
            numbers[anchor] = (chapter, *number[1:]) if number else number
        numbered = [env.titles[docname], *env.tocs[docname].findall(lambda n: "secnumber" in n)]
        for node in numbered:
            if node.get("secnumber"):
                node["secnumber"] = [chapter, *node["secnumber"][1:]]
    return [doc for doc, numbers in env.toc_secnumbers.items() if numbers != before.get(doc)]


def setup(app):
    """Connect to Sphinx."""
    Collector.assign_section_numbers = assign_section_numbers
    return {"parallel_read_safe": True, "parallel_write_safe": True}
