#!/usr/bin/env bash
# Makes the fonts of social cards and of pages anew, the same bytes every time. Writes beside itself and in a temporary folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv python
python/bin/pip install --quiet fonttools==4.68.0 brotli==1.2.0
npm install --silent --no-audit --no-fund source-serif@4.5.1 source-sans@3.52.0
chinese=/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc
[ -f "$chinese" ] || { echo 'apt-get install fonts-noto-cjk' >&2; exit 1; }
# Latin with its extensions, punctuation, currencies, a few signs.
latin='U+0020-007E,U+00A0-017F,U+0192,U+0218-021B,U+02C6,U+02DA,U+02DC,U+1E80-1E85,U+1E9E,U+1EF2,U+1EF3,U+2010-2015'
latin+=',U+2018-201E,U+2020-2022,U+2026,U+202F,U+2030,U+2032,U+2033,U+2039,U+203A,U+2044,U+20A0-20BF,U+2116,U+2122'
latin+=',U+2190-2193,U+2212,U+2215,U+2264,U+2265'
common=(--no-hinting --no-glyph-names --notdef-outline --name-IDs=0,1,2,13,14)
subset() { python/bin/pyftsubset "$@" "${common[@]}"; }
subset node_modules/source-serif/OTF/SourceSerif4Display-Semibold.otf --unicodes="$latin" \
    --layout-features=kern,liga,ccmp,locl,mark --output-file=display.otf
subset node_modules/source-sans/OTF/SourceSans3-Semibold.otf --unicodes="$latin" \
    --layout-features=kern,liga,ccmp,locl,mark --output-file=text.otf
subset "$chinese" --font-number=2 --text-file="$here/chinese.txt" --unicodes=U+0020 --layout-features= --output-file=chinese.otf
# What is changed may not bear a reserved name.
python/bin/python - "$here" <<'PYTHON'
import sys
from fontTools.ttLib import TTFont

for name in ("display", "text", "chinese"):
    font = TTFont(f"{name}.otf", recalcTimestamp=False)
    family = f"Dealwire {name.capitalize()}"
    for record in font["name"].names:
        if record.nameID in (1, 4, 6, 16):
            record.string = family if record.nameID != 6 else family.replace(" ", "")
    top = font["CFF "].cff
    top.fontNames[0] = family.replace(" ", "")
    for key in ("FullName", "FamilyName"):
        setattr(top.topDictIndex[0], key, family)
    font.save(f"{sys.argv[1]}/{name}.otf")
PYTHON
web=$here/../../../../static/fonts
python/bin/python "$here/web.py" node_modules "$web"
sha256sum "$here"/*.otf "$web"/*.woff2
