"""Logits, losses and gradients of a small ELECTRA with each head, computed with PyTorch from formulas alone:
python3 lib/tests/goldens/small.py > lib/tests/goldens/small.json

So that a clone without anything beside it checks that it equals PyTorch. The weights are a formula of name and position, no files.
Heads that respect padding read each row alone, without padding, which is what they promise to be equal to."""
import json
import math

import torch
import torch.nn.functional as F

CONFIG = dict(vocab_size=50, embedding_size=8, hidden_size=12, num_hidden_layers=2, num_attention_heads=3, intermediate_size=24,
              max_position_embeddings=32, type_vocab_size=2, layer_norm_eps=1e-12, pad_token_id=0)
IDS = [[2, 17, 9, 33, 21, 48, 3], [2, 5, 41, 3, 0, 0, 0], [2, 26, 3, 0, 0, 0, 0]]
LABELS = [1, 0, 1]
FILTERS, CLASSES = 128, 2
E, H, I, A = 8, 12, 24, 3
weights = {}


def weight(name, *shape):
    if name not in weights:
        k = torch.arange(math.prod(shape), dtype=torch.float64)
        values = 0.3 * torch.sin(0.7 * k + sum(map(ord, name)))
        values = 1 + values if name.endswith("LayerNorm.weight") else values
        weights[name] = values.to(torch.float32).view(shape).requires_grad_()
    return weights[name]


def linear(name, x, inputs, outputs):
    return F.linear(x, weight(f"{name}.weight", outputs, inputs), weight(f"{name}.bias", outputs))


def norm(name, x):
    size = x.shape[-1]
    return F.layer_norm(x, (size,), weight(f"{name}.weight", size), weight(f"{name}.bias", size), CONFIG["layer_norm_eps"])


def encode(ids, mask):
    e = "electra.embeddings"
    x = (F.embedding(ids, weight(f"{e}.word_embeddings.weight", CONFIG["vocab_size"], E), padding_idx=0)
         + weight(f"{e}.position_embeddings.weight", CONFIG["max_position_embeddings"], E)[:ids.shape[1]]
         + weight(f"{e}.token_type_embeddings.weight", 2, E)[0])
    x = linear("electra.embeddings_project", norm(f"{e}.LayerNorm", x), E, H)
    bias = (1 - mask.float())[:, None, None, :] * torch.finfo(torch.float32).min
    for layer in range(CONFIG["num_hidden_layers"]):
        p = f"electra.encoder.layer.{layer}"
        q, k, v = (linear(f"{p}.attention.self.{name}", x, H, H).view(*ids.shape, A, H // A).transpose(1, 2)
                   for name in ("query", "key", "value"))
        shares = (q @ k.transpose(-2, -1) / math.sqrt(H // A) + bias).softmax(-1)
        context = (shares @ v).transpose(1, 2).reshape(*ids.shape, H)
        x = norm(f"{p}.attention.output.LayerNorm", linear(f"{p}.attention.output.dense", context, H, H) + x)
        inner = F.gelu(linear(f"{p}.intermediate.dense", x, H, I))
        x = norm(f"{p}.output.LayerNorm", linear(f"{p}.output.dense", inner, I, H) + x)
    return x


def fc(x, published):
    return linear("classifier.out_proj", F.gelu(linear("classifier.dense", x[:, 0], H, H)), H, CLASSES)


def cnn(x, published):
    windows = F.conv2d(F.gelu(x)[:, None], weight("classifier.layer1.0.weight", FILTERS, 1, 2, H),
                       weight("classifier.layer1.0.bias", FILTERS)).squeeze(-1)
    return linear("classifier.out_proj", F.relu(windows).amax(-1), FILTERS, CLASSES)


def bilstm(x, published):
    own = [weight(f"classifier.LSTM.{name}_l0{direction}", *shape) for direction in ("", "_reverse")
           for name, shape in (("weight_ih", (4 * H, H)), ("weight_hh", (4 * H, H)), ("bias_ih", (4 * H,)), ("bias_hh", (4 * H,)))]
    zero = torch.zeros(2, x.shape[0], H)
    outputs, last, _ = torch.lstm(F.gelu(x), (zero, zero), own, True, 1, 0.0, False, True, True)
    read = outputs[:, -1] if published else torch.cat([last[0], last[1]], 1)
    return linear("classifier.out_proj", read, 2 * H, CLASSES)


def case(name, head, published):
    weights.clear()
    ids, labels = torch.tensor(IDS), torch.tensor(LABELS)
    mask = ids.ne(0)
    if published:
        logits = head(encode(ids, mask), published)
    else:
        rows = [row[row.ne(0)][None] for row in ids]
        logits = torch.cat([head(encode(row, torch.ones_like(row)), published) for row in rows])
    loss = F.cross_entropy(logits, labels)
    loss.backward()
    return dict(head=name, variant="published" if published else "mask-aware", logits=logits.tolist(), loss=loss.item(),
                gradients={key: value.grad.norm().item() for key, value in sorted(weights.items())})


torch.set_num_threads(1)
with torch.backends.mkldnn.flags(enabled=False):  # its gelu of PyTorch 1.13 has a wrong gradient behind the LSTM
    print(json.dumps(dict(
        torch=torch.__version__, config=CONFIG, ids=IDS, labels=LABELS,
        cases=[case(head.__name__, head, published) for head in (fc, cnn, bilstm) for published in (True, False)]), indent=1))
