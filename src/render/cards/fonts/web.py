"""The variable fonts of pages: fewer axes, fewer letters, other names. Arguments: node_modules, where to write."""
import io, os, sys
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

packages, out = sys.argv[1:]
latin = "20-7E,A0-FF,131,152,153,2C6,2DA,2DC,2009,200A,202F,2010-2015,2018-201E,2020-2022,2026,2030,2032,2033,2039,203A,2044,20AC,2122,2190-2193,2212,2215,21A9,25CF"
more = "100-130,132-151,154-17F,18F,192,1CD-1DC,218-21B,1E02-1E9F,1EA0-1EF9,20A0-20AB,20AD-20C0,2113,2116,2197,2248,2260,2264,2265"
figures = ["kern", "liga", "lnum", "tnum"]
serif = {"wght": (400, 700), "opsz": 22}
made = [
    ("serif", "Dealwire Serif", "source-serif/VAR/SourceSerif4Variable-Roman.ttf", serif),
    ("serif-italic", "Dealwire Serif", "source-serif/VAR/SourceSerif4Variable-Italic.ttf", {"wght": 400, "opsz": 22}),
    ("sans", "Dealwire Sans", "source-sans/VF/SourceSans3VF-Upright.ttf", {"wght": (400, 700)}),
]
for name, family, source, limits in made:
    for suffix, letters in (("", latin), ("-more", more)):
        if (name, suffix) == ("serif-italic", "-more"):
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
