"""Times the Python peers on the same texts, one core: peers.py FILE.tsv (column text)."""

import csv
import resource
import sys
import time

TEXTS = 500  # SnowNLP judges about 170 short ones a second


def judges():
    """Yields name and judge of each peer that is installed."""
    try:
        from snownlp import SnowNLP

        yield "snownlp", lambda text: SnowNLP(text).sentiments
    except ImportError:
        print("# no SnowNLP: pip install snownlp")
    try:
        import jiagu

        yield "jiagu", jiagu.sentiment
    except ImportError:
        print("# no jiagu: pip install jiagu")


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE)
        texts = [row["text"] for row in rows]
    texts = texts[:: max(1, len(texts) // TEXTS)][:TEXTS]
    began = time.perf_counter()
    for name, judge in judges():
        judge(texts[0])  # loads its model
        print(f"analysis.{name}.load {1000 * (time.perf_counter() - began):.0f} ms")
        began = time.perf_counter()
        for text in texts:
            judge(text)
        took = time.perf_counter() - began
        print(f"analysis.{name} {len(texts) / took:.0f} texts/s")
        print(f"analysis.{name}.memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB")
        began = time.perf_counter()


if __name__ == "__main__":
    main()
