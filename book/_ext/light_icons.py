"""Take the icons that the pages use, and not the theme's script with all of them.

The theme loads 540 kB, zipped, to replace a dozen icons by drawings. Its style sheet can draw the
same icons with a font. So the script goes from every page, and the font is cut to the glyphs that
a page, a script or a rule of the style sheets names.
"""

import re
from pathlib import Path

from fontTools import subset

SCRIPT = re.compile(r"\s*<script[^>]*/scripts/fontawesome\.js[^>]*></script>")
NAMED = re.compile(r"\bfa-[a-z0-9-]+")
# In a style sheet: the glyph of one or more names, and a glyph that a rule writes itself.
GLYPH = re.compile(r'((?:\.fa-[\w-]+:before,?)+)\{content:"\\([0-9a-f]+)"')
WRITTEN = re.compile(r'(?<!:before)\{content:"\\(f[0-9a-f]{3})"')
SOURCES = re.compile(r"src:url\((\S*?/fa-solid-900)\.woff2\)[^}]*")

FONT = "vendor/fontawesome/webfonts/fa-solid-900.ttf"
SHEET = "styles/pydata-sphinx-theme.css"


def glyphs(pages, sheet):
    """Return the code points that are used.

    Parameters
    ----------
    pages : str
        What names icons: pages and scripts.
    sheet : str
        The style sheet that says which glyph a name is.
    """
    named = set(NAMED.findall(pages))
    known = {
        int(code, 16) for names, code in GLYPH.findall(sheet) if named & set(NAMED.findall(names))
    }
    return sorted(known | {int(code, 16) for code in WRITTEN.findall(sheet)})


def cut(path, points):
    """Leave only these code points in a font."""
    font = subset.load_font(path, subset.Options())
    options = subset.Options(hinting=False, notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=points)
    cutter.subset(font)
    subset.save_font(font, path, options)


def lighten(app, exception):
    """Take the script out of the pages, and cut the font, after a build that ended well."""
    static = Path(app.outdir, "_static")
    sheet = static / SHEET
    if exception or app.builder.format != "html" or not sheet.exists():
        return
    used = []
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text("utf-8")
        used += NAMED.findall(text)
        light = SCRIPT.sub("", text)
        if light != text:
            page.write_text(light, "utf-8")
    for script in ("scripts/pydata-sphinx-theme.js", "scripts/sphinx-book-theme.js"):
        used += NAMED.findall((static / script).read_text("utf-8"))
    rules = sheet.read_text("utf-8")
    others = (static / "styles" / "sphinx-book-theme.css").read_text("utf-8")
    cut(static / FONT, glyphs(" ".join(used), rules + others))
    # A file that the old rule names first is larger, and whole.
    light = SOURCES.sub(r'src:url(\1.ttf) format("truetype")', rules)
    sheet.write_text(light, "utf-8")
    (static / "scripts" / "fontawesome.js").unlink(missing_ok=True)


def setup(app):
    """Connect to Sphinx."""
    app.connect("build-finished", lighten)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
