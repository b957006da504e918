"""Compares our traditional-to-simplified with OpenCC's t2s: peers_opencc.py PROGRAM, whose `simplify` is ours."""

import random
import subprocess
import sys

TABLES = "analysis/data/ts_characters.txt", "analysis/data/ts_phrases.txt"


def keys(name):
    with open(name, encoding="utf-8") as file:
        return [line.split("\t")[0] for line in file if "\t" in line]


def texts():
    """Each entry of the tables, alone and beside its own beginning, and entries and characters at random."""
    chance = random.Random(4)
    characters, phrases = keys(TABLES[0]), keys(TABLES[1])
    yield from characters
    for phrase in phrases:
        yield phrase
        yield phrase[:-1] + chance.choice(characters)
        yield phrase[0] + phrase
    blocks = [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0x20000, 0x2A6E0), *range(0xF900, 0xFB00)]
    for _ in range(3000):
        yield "".join(chr(chance.choice(blocks)) for _ in range(40))
    for _ in range(20000):
        yield "".join(chance.choice(chance.choice((characters, phrases))) for _ in range(20))


def main():
    try:
        import opencc
    except ImportError:
        print("# no OpenCC: pip install opencc")
        return
    given = list(texts())
    ours = subprocess.run([sys.argv[1], "simplify"], input="\n".join(given).encode(), stdout=subprocess.PIPE, check=True).stdout.decode().split("\n")
    theirs = opencc.OpenCC("t2s")
    unlike = [text for text, got in zip(given, ours, strict=False) if theirs.convert(text) != got]
    print(f"minsheng simplify.characters {sum(map(len, given))}")
    print(f"minsheng simplify.lines_unlike_opencc {len(unlike)}", *unlike[:3])


if __name__ == "__main__":
    main()
