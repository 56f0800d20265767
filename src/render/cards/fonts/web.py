"""The variable fonts of pages: fewer axes, fewer letters, other names. Which letters stand in which file, faces.css says.
Arguments: node_modules, where to write."""
import io, os, re, sys
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

packages, out = sys.argv[1:]
faces = open(f"{out}/../faces.css", encoding="utf-8").read()


def letters_of(file):
    """The first range is the whole one: beside Chinese, faces take less of the same file."""
    ranges = re.search(re.escape(f"url(fonts/{file})") + r".*?unicode-range: ([^;]+);", faces)
    return ranges and ranges[1].replace("U+", "").replace(" ", "")


figures = ["kern", "liga", "lnum", "tnum"]
serif = {"wght": (400, 700), "opsz": 22}
made = [
    ("serif", "Dealwire Serif", "source-serif/VAR/SourceSerif4Variable-Roman.ttf", serif),
    ("serif-italic", "Dealwire Serif", "source-serif/VAR/SourceSerif4Variable-Italic.ttf", {"wght": 400, "opsz": 22}),
    ("sans", "Dealwire Sans", "source-sans/VF/SourceSans3VF-Upright.ttf", {"wght": (400, 700)}),
]
for name, family, source, limits in made:
    for suffix in ("", "-rare", "-more"):
        letters = letters_of(f"{name}{suffix}.woff2")
        if letters is None:
            continue
        font = instancer.instantiateVariableFont(TTFont(f"{packages}/{source}", recalcTimestamp=False), limits)
        held = io.BytesIO()
        font.save(held)
        held.seek(0)
        font = TTFont(held, recalcTimestamp=False)
        options = subset.Options()
        options.layout_features = figures
        options.hinting = options.glyph_names = False
        options.notdef_outline = True
        options.name_IDs = [0, 1, 2, 4, 6, 13, 14]
        worker = subset.Subsetter(options)
        worker.populate(unicodes=subset.parse_unicodes(letters))
        worker.subset(font)
        for record in font["name"].names:
            if record.nameID in (1, 4, 6):
                record.string = family.replace(" ", "") if record.nameID == 6 else family
        font.flavor = "woff2"
        path = f"{out}/{name}{suffix}.woff2"
        font.save(path)
        print(path, os.path.getsize(path))
