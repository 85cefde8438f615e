#!/usr/bin/env python3
"""Makes the fonts that PDF figures embed from Liberation Sans and DejaVu Sans: fewer characters, no hints, and no more than that.

    python3 tools/fonts.py --liberation FOLDER --dejavu FOLDER --output src/Sam.Gpu.OxyPlot/Fonts

needs Python 3 and fontTools; the fonts there were made by fontTools 4.38 from Liberation 2.1.5 and DejaVu 2.37.

Liberation Sans has the widths of Helvetica, which the figures are laid out with. Its licence, the SIL Open Font License, reserves its name
for the original, so what is made from it is called Sam.Gpu Sans. DejaVu Sans gives the symbols that Liberation lacks; its licence lets it
keep its name. The licences are beside the fonts.
"""

import argparse
import os

from fontTools import subset
from fontTools.ttLib import TTFont

# Latin, Greek and Cyrillic with their accents, punctuation, currencies, letterlike symbols, arrows, mathematics.
TEXT = [(0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x2FF), (0x370, 0x45F), (0x490, 0x4FF), (0x1E80, 0x1E85), (0x1EF2, 0x1EF3), (0x2000, 0x22FF)]
SYMBOLS = [(0x2010, 0x205E), (0x2070, 0x209C), (0x2100, 0x218F), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2308, 0x230B), (0x25A0, 0x25FF),
           (0x27C2, 0x27EF), (0x2A7D, 0x2A7E), (0x2713, 0x2717)]

# Names that keep: copyright, version, maker, designer, description, their addresses, licence and its address.
KEPT_NAMES = {0, 5, 8, 9, 10, 11, 12, 13, 14}
WINDOWS = (3, 1, 0x409)


def characters(ranges):
    return {code for first, last in ranges for code in range(first, last + 1)}


def names(font, family, style):
    """Gives the font its names, in the one encoding that every reader knows; a version says that it is no original."""
    table = font["name"]
    if family is not None:
        table.names = [record for record in table.names if record.nameID in KEPT_NAMES]
        postscript = family.replace(" ", "").replace(".", "") + "-" + style
        version = table.getDebugName(5) + "; fewer characters, no hints"
        for number, text in ((1, family), (2, style), (3, postscript), (4, f"{family} {style}"), (5, version), (6, postscript)):
            table.setName(text, number, *WINDOWS)
    table.names = [record for record in table.names if (record.platformID, record.platEncID, record.langID) == WINDOWS]


def make(source, target, unicodes, family=None, style=None):
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.name_IDs = ["*"]
    options.name_languages = ["*"]
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.drop_tables += ["FFTM", "GDEF", "GPOS", "GSUB", "kern", "MATH"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=unicodes)
    subsetter.subset(font)
    names(font, family, style)
    font.save(target)
    print(f"{target}: {len(font.getBestCmap())} characters, {os.path.getsize(target)} bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--liberation", required=True, help="the folder with LiberationSans-Regular.ttf and LiberationSans-Italic.ttf")
    parser.add_argument("--dejavu", required=True, help="the folder with DejaVuSans.ttf")
    parser.add_argument("--output", required=True, help="the folder to write to")
    arguments = parser.parse_args()
    for style in ("Regular", "Italic"):
        make(os.path.join(arguments.liberation, f"LiberationSans-{style}.ttf"),
             os.path.join(arguments.output, f"SamGpuSans-{style}.ttf"), characters(TEXT), "Sam.Gpu Sans", style)
    have = TTFont(os.path.join(arguments.liberation, "LiberationSans-Regular.ttf")).getBestCmap()
    make(os.path.join(arguments.dejavu, "DejaVuSans.ttf"),
         os.path.join(arguments.output, "DejaVuSans.ttf"), characters(SYMBOLS) - have.keys())


if __name__ == "__main__":
    main()
