#!/usr/bin/env python3
"""Makes the golden data of the tests: small networks, and what PyTorch in double precision says of them.

    python3 tools/golden.py --output tests/Sam.Gpu.Tests/Golden

needs Python 3, NumPy and PyTorch (1.12 or later; the versions used are in manifest.json). Everything random comes from NumPy generators
seeded by the names of the cases, so that the inputs are the same with every version of PyTorch.

A case is one file NAME.npz:
    parameters/P          the parameters, named and shaped as nn.Sequential names them; P is such as 0.weight
    inputs/x, inputs/y    the examples: y is integers [N] for classes, else floats [N] or [N, outputs]; of tokens both are integers [N, T]
    directions/P          K directions in parameter space, [K, ...]
    loss                  the loss
    gradient/P            its gradient
    hvp/P                 the Hessian times each direction, by differentiating (gradient . direction), [K, ...]
    ggn/P                 the Gauss-Newton matrix J' (d2 loss / d outputs2) J times each direction, J built row by row, [K, ...]
    eigenvalues           all eigenvalues of the dense Hessian, ascending

trajectories.npz holds inputs/x, inputs/y, parameters/P and, for each optimizer O,
    O/loss, O/gradient_norm               [steps], at the parameters before each step
    O/ascent_gradient_norm                [steps], the norm of the gradient that the step takes; only for SAM and its variants
    O/final/P                             the parameters after the last step
"""

import argparse
import hashlib
import json
import os
import sys
import zlib
from collections import OrderedDict

import numpy as np
import torch
from torch import nn

ACTIVATIONS = {
    "identity": None,
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "hardtanh": nn.Hardtanh,
    "sigmoid": nn.Sigmoid,
    "softplus": nn.Softplus,
    "elu": nn.ELU,
    "swish": nn.SiLU,
    "gelu": nn.GELU,
    "gelu-tanh": lambda: nn.GELU(approximate="tanh"),
}


def case(name, widths, activation, loss, y, sizes, bias):
    """y: "classes" are integers [N]; "real" are floats [N, outputs]; "single" are floats [N], for one output.
    sizes: examples, features, outputs. bias: one flag a dense layer."""
    examples, features, outputs = sizes
    return dict(
        name=name, widths=widths, activation=activation, loss=loss, y=y, examples=examples, features=features, outputs=outputs, bias=bias)


CASES = [
    case("relu-mse", [8, 7], "relu", "mse", "real", (24, 5, 3), [1, 1, 1]),
    case("tanh-half", [10], "tanh", "half-squared-error", "classes", (32, 6, 4), [1, 1]),
    case("gelu-entropy", [8, 6], "gelu", "cross-entropy", "classes", (20, 5, 4), [1, 1, 1]),
    case("gelu-tanh-mse", [6, 5, 6], "gelu-tanh", "mse", "classes", (16, 4, 3), [1, 1, 1, 1]),
    case("elu-half", [9, 6], "elu", "half-squared-error", "real", (12, 4, 2), [0, 0, 0]),
    case("softplus-entropy", [12], "softplus", "cross-entropy", "classes", (40, 4, 5), [0, 0]),
    case("swish-half", [7, 6, 5], "swish", "half-squared-error", "single", (18, 3, 1), [1, 1, 1, 1]),
    case("hardtanh-mse", [8, 5], "hardtanh", "mse", "real", (22, 5, 2), [1, 1, 0]),
    case("sigmoid-entropy", [9, 5], "sigmoid", "cross-entropy", "classes", (28, 5, 3), [1, 0, 1]),
    case("identity-half", [6], "identity", "half-squared-error", "real", (15, 4, 3), [1, 1]),
]



def image_case(name, network, blocks, norm, pool, activation, loss, image, examples, outputs):
    """network: as samgpu names it. blocks: for each block the channels of its convolutions. norm: whether there are layer norms.
    pool: the module that ends a block. image: channels, height, width. Classes as targets."""
    return dict(
        name=name, network=network, blocks=blocks, norm=norm, pool=pool, activation=activation, loss=loss, y="classes", examples=examples,
        features=image, outputs=outputs)


CASES += [
    image_case("cnn-mse", "cnn:3-4", [[3], [4]], True, nn.MaxPool2d, "relu", "mse", (2, 7, 8), 10, 3),
    image_case("cnn-entropy", "cnn:4-3", [[4], [3]], True, nn.MaxPool2d, "gelu", "cross-entropy", (3, 8, 6), 9, 4),
    image_case(
        "cnn-average-half", "cnn:3-2,layers=2,norm=none,pool=average", [[3, 3], [2, 2]], False, nn.AvgPool2d, "tanh", "half-squared-error",
        (1, 6, 9), 12, 3),
]


def token_case(name, layers, heads, key, model, sequence, activation, loss, examples, vocabulary):
    """A causal transformer; a token to predict at every position, and some padding, token 0."""
    network = f"transformer:layers={layers},heads={heads},key={key},model={model},sequence={sequence}"
    return dict(
        name=name, network=network, layers=layers, heads=heads, key=key, model=model, activation=activation, loss=loss, y="tokens",
        examples=examples, features=sequence, outputs=vocabulary)


CASES += [
    token_case("transformer-entropy", 2, 2, 3, 4, 5, "gelu-tanh", "cross-entropy", 4, 6),
    token_case("transformer-mse", 1, 1, 2, 5, 4, "tanh", "mse", 5, 4),
]

DIRECTIONS = 3

TRAJECTORY = case("trajectories", [8, 6], "tanh", "half-squared-error", "classes", (24, 5, 3), [1, 1, 1])
STEPS = 10
OPTIMIZERS = [
    dict(name="gd", step_size=0.3, momentum=0.0, nesterov=False, ascent=None, rho=0.0),
    dict(name="polyak", step_size=0.2, momentum=0.9, nesterov=False, ascent=None, rho=0.0),
    dict(name="nesterov", step_size=0.2, momentum=0.9, nesterov=True, ascent=None, rho=0.0),
    dict(name="sam", step_size=0.3, momentum=0.0, nesterov=False, ascent="normalised", rho=0.15),
    dict(name="sam-unnormalised", step_size=0.3, momentum=0.0, nesterov=False, ascent="unnormalised", rho=0.2),
    dict(name="sam-polyak", step_size=0.2, momentum=0.8, nesterov=False, ascent="normalised", rho=0.1),
    dict(name="adam", step="adam", step_size=0.02, beta1=0.9, beta2=0.999, epsilon=1e-8, ascent=None, rho=0.0),
    dict(name="rmsprop", step="rmsprop", step_size=0.01, beta2=0.99, epsilon=1e-8, ascent=None, rho=0.0),
    dict(name="asam", step_size=0.2, momentum=0.0, nesterov=False, ascent="asam", rho=0.5, offset=0.01),
    dict(name="friendly-sam", step_size=0.2, momentum=0.0, nesterov=False, ascent="friendly", rho=0.1, sigma=0.8, decay=0.6),
    dict(name="gsam", step_size=0.2, momentum=0.0, nesterov=False, ascent="gsam", rho=0.2, alpha=0.4),
    dict(name="cr-sam", step_size=0.1, momentum=0.9, nesterov=False, ascent="cr-sam", rho=0.1, gamma=0.1, beta=0.05),
    dict(name="sam-adam", step="adam", step_size=0.01, beta1=0.8, beta2=0.99, epsilon=1e-6, ascent="normalised", rho=0.1),
]


def generator(case):
    """The generator of a case: seeded by its name, so that cases do not depend on each other."""
    return np.random.Generator(np.random.PCG64(zlib.crc32(case["name"].encode())))


class ChannelNorm(nn.Module):
    """Layer norm over the channels of each pixel, as flax's LayerNorm on images that lie channels last."""

    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        rows = x.permute(0, 2, 3, 1)
        return nn.functional.layer_norm(rows, self.weight.shape, self.weight, self.bias, eps=1e-6).permute(0, 3, 1, 2)


def build_convolutional(case):
    """Blocks of convolutions, each block ending in pooling, then a dense layer."""
    channels, height, width = case["features"]
    modules = []
    for block in case["blocks"]:
        for outputs in block:
            modules += [nn.Conv2d(channels, outputs, 3, padding="same"), ACTIVATIONS[case["activation"]]()]
            modules += [ChannelNorm(outputs)] if case["norm"] else []
            channels = outputs
        modules.append(case["pool"](2))
        height, width = height // 2, width // 2
    return nn.Sequential(*modules, nn.Flatten(), nn.Linear(channels * height * width, case["outputs"])).double()


class Embedding(nn.Module):
    """Token embedding with learned positions. Remembers its tokens, for the attention above it."""

    def __init__(self, vocabulary, sequence, model):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(vocabulary, model))
        self.positions = nn.Parameter(torch.zeros(sequence, model))

    def forward(self, tokens):
        self.tokens = tokens
        return self.weight[tokens] + self.positions


class CausalAttention(nn.Module):
    """Multi-head attention over queries, keys and values [N, T, 3 * heads * key] to what came before and is not padding."""

    def __init__(self, heads, embedding):
        super().__init__()
        self.heads = heads
        self.embedding = [embedding]  # In a list, so that its parameters are not this module's too.

    def forward(self, x):
        n, t, width = x.shape
        q, k, v = x.reshape(n, t, 3, self.heads, width // 3 // self.heads).permute(2, 0, 3, 1, 4)
        visible = torch.ones(t, t, dtype=torch.bool).tril() & (self.embedding[0].tokens != 0)[:, None, None, :]
        scores = (q @ k.transpose(-1, -2) / k.shape[-1] ** 0.5).masked_fill(~visible, -torch.inf)
        return (scores.softmax(-1) @ v).transpose(1, 2).reshape(n, t, width // 3)


class Residual(nn.Sequential):
    def forward(self, x):
        return x + super().forward(x)


def build_transformer(case):
    model, width = case["model"], case["heads"] * case["key"]
    embedding = Embedding(case["outputs"], case["features"], model)
    modules = [embedding]
    for _ in range(case["layers"]):
        attention = CausalAttention(case["heads"], embedding)
        modules.append(Residual(nn.LayerNorm(model), nn.Linear(model, 3 * width), attention, nn.Linear(width, model)))
        activation = ACTIVATIONS[case["activation"]]()
        modules.append(Residual(nn.LayerNorm(model), nn.Linear(model, 4 * model), activation, nn.Linear(4 * model, model)))
    return nn.Sequential(*modules, nn.LayerNorm(model), nn.Linear(model, case["outputs"])).double()


def build(case):
    """The network of a case, with the modules that PyTorch users write: dense layers, activations between them."""
    if "blocks" in case:
        return build_convolutional(case)
    if case["y"] == "tokens":
        return build_transformer(case)
    sizes = [case["features"], *case["widths"], case["outputs"]]
    activation = ACTIVATIONS[case["activation"]]
    modules = []
    for i, bias in enumerate(case["bias"]):
        modules.append(nn.Linear(sizes[i], sizes[i + 1], bias=bool(bias)))
        if activation is not None and i + 1 < len(case["bias"]):
            modules.append(activation())
    return nn.Sequential(*modules).double()


def draw(case, random):
    """Parameters, examples and directions. Larger than a usual initialization, so that no curvature is near zero by accident."""
    network = build(case)
    with torch.no_grad():
        for parameter in network.parameters():
            scale = 1.5 / np.sqrt(parameter.shape[-1] if parameter.dim() < 3 else parameter[0].numel())
            parameter.copy_(torch.from_numpy(random.standard_normal(tuple(parameter.shape)) * scale))
        for module in network:
            if isinstance(module, nn.Conv2d):
                # Pixels of which relu leaves one channel are the same behind a layer norm, nearly: no maximum of them is safe in float.
                module.bias.add_(3)
    x = random.standard_normal((case["examples"], *np.atleast_1d(case["features"])))
    if case["y"] == "tokens":
        x, y = random.integers(0, case["outputs"], (2, case["examples"], case["features"]))
        x[:, 0] = np.maximum(x[:, 0], 1)  # Who sees nothing has no softmax in PyTorch.
        assert (x == 0).any()
    elif case["y"] == "classes":
        y = random.integers(0, case["outputs"], case["examples"])
        y[: case["outputs"]] = np.arange(case["outputs"])
    elif case["y"] == "real":
        y = random.standard_normal((case["examples"], case["outputs"]))
    else:
        y = random.standard_normal(case["examples"])
    directions = OrderedDict(
        (name, random.standard_normal((DIRECTIONS, *parameter.shape))) for name, parameter in network.named_parameters())
    return network, x, y, directions


def targets(case, y):
    """The targets as the loss wants them: classes for the cross-entropy, else numbers [N, outputs], one-hot for classes."""
    if case["loss"] == "cross-entropy":
        return torch.from_numpy(y)
    if case["y"] in ("classes", "tokens"):
        return nn.functional.one_hot(torch.from_numpy(y), case["outputs"]).double()
    return torch.from_numpy(y).reshape(case["examples"], case["outputs"])


def loss_of(case, outputs, target):
    """The losses as samgpu defines them."""
    if case["loss"] == "mse":
        return nn.MSELoss()(outputs, target)
    if case["loss"] == "half-squared-error":
        return 0.5 * ((outputs - target) ** 2).sum(dim=1).mean()
    return nn.CrossEntropyLoss()(outputs.reshape(-1, case["outputs"]), target.reshape(-1))


def flatten(tensors):
    return torch.cat([tensor.reshape(-1) for tensor in tensors])


def split(network, rows):
    """Flat vectors [K, parameters] as arrays [K, ...] by parameter name."""
    arrays = OrderedDict()
    offset = 0
    for name, parameter in network.named_parameters():
        part = rows[:, offset : offset + parameter.numel()]
        arrays[name] = part.reshape(rows.shape[0], *parameter.shape)
        offset += parameter.numel()
    return arrays


def check_ranges(case, network, x):
    """PyTorch's softplus is the identity above 20, and functions with kinks have two derivatives on them: stay clear of both, by more
    than float rounds."""
    values = x
    for module in network:
        if isinstance(module, nn.Softplus):
            assert values.max() < 20, case["name"]
        if isinstance(module, nn.MaxPool2d):
            windows = nn.functional.unfold(values, 2, stride=2).reshape(*values.shape[:2], 4, -1).sort(dim=2).values
            lead = windows[:, :, 3] - windows[:, :, 2]
            # A tie of pixels that relu has cut off stays one in float.
            assert ((lead == 0) | (lead > 2e-5)).all(), case["name"]
        kinks = {nn.ReLU: (0,), nn.ELU: (0,), nn.Hardtanh: (-1, 1)}.get(type(module), ())
        assert all((values - kink).abs().min() > 1e-4 for kink in kinks), case["name"]
        values = module(values)


def evaluate(case):
    """Everything that PyTorch says of a case."""
    network, x, y, directions = draw(case, generator(case))
    parameters = list(network.parameters())
    inputs, target = torch.from_numpy(x), targets(case, y)
    check_ranges(case, network, inputs)

    outputs = network(inputs)
    loss = loss_of(case, outputs, target)
    gradient = torch.autograd.grad(loss, parameters, create_graph=True)
    flat = flatten(gradient)
    blocks = torch.stack([flatten([torch.from_numpy(d[k]) for d in directions.values()]) for k in range(DIRECTIONS)])

    def second(scalar):
        return flatten(torch.autograd.grad(scalar, parameters, retain_graph=True))

    hvp = torch.stack([second(flat.dot(block)) for block in blocks])
    hessian = torch.stack([second(entry) for entry in flat])

    jacobian = torch.stack([second(output) for output in outputs.reshape(-1)])
    free = outputs.detach().requires_grad_()
    curvature = torch.autograd.functional.hessian(lambda o: loss_of(case, o, target), free).reshape(free.numel(), free.numel())
    ggn = blocks @ jacobian.T @ curvature @ jacobian

    arrays = OrderedDict()
    arrays.update((f"parameters/{name}", p.detach().numpy()) for name, p in network.named_parameters())
    arrays["inputs/x"], arrays["inputs/y"] = x, y
    arrays.update((f"directions/{name}", d) for name, d in directions.items())
    arrays["loss"] = np.float64(loss.item())
    arrays.update((f"gradient/{name}", g.detach().numpy()) for (name, _), g in zip(network.named_parameters(), gradient))
    arrays.update((f"hvp/{name}", a.numpy()) for name, a in split(network, hvp).items())
    arrays.update((f"ggn/{name}", a.detach().numpy()) for name, a in split(network, ggn.detach()).items())
    dense = hessian.numpy()
    arrays["eigenvalues"] = np.linalg.eigvalsh((dense + dense.T) / 2)
    return arrays


def step_of(optimizer, parameters):
    """The base step, from torch.optim."""
    if optimizer.get("step") == "adam":
        return torch.optim.Adam(
            parameters, lr=optimizer["step_size"], betas=(optimizer["beta1"], optimizer["beta2"]), eps=optimizer["epsilon"])
    if optimizer.get("step") == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=optimizer["step_size"], alpha=optimizer["beta2"], eps=optimizer["epsilon"])
    return torch.optim.SGD(parameters, lr=optimizer["step_size"], momentum=optimizer["momentum"], nesterov=optimizer["nesterov"])


def offset_of(optimizer, network, plain, memory):
    """How far from w the gradient of SAM or a variant is taken, a tensor a parameter. memory holds what lives from step to step."""
    rho = optimizer["rho"]
    if optimizer["ascent"] == "unnormalised":
        return [rho * g for g in plain]
    if optimizer["ascent"] == "asam":
        scales = [
            p.detach().abs() + optimizer["offset"] if "weight" in name else torch.ones_like(p) for name, p in network.named_parameters()]
        norm = flatten([t * g for t, g in zip(scales, plain)]).norm()
        return [rho * t * t * g / norm for t, g in zip(scales, plain)]
    direction = plain
    if optimizer["ascent"] == "friendly":
        old = memory.get("average")
        if old is None:
            memory["average"] = [g.clone() for g in plain]
        else:
            direction = [g - optimizer["sigma"] * m for g, m in zip(plain, old)]
            memory["average"] = [optimizer["decay"] * m + (1 - optimizer["decay"]) * g for g, m in zip(plain, old)]
    norm = flatten(direction).norm()
    return [rho * d / norm for d in direction]


def descend(case, optimizer, start, x, y):
    """A few steps of one optimizer: torch.optim for the step, SAM and its variants written out before it."""
    network = build(case)
    network.load_state_dict(start)
    parameters = list(network.parameters())
    inputs, target = torch.from_numpy(x), targets(case, y)
    step = step_of(optimizer, parameters)
    memory = {}

    def gradient():
        step.zero_grad()
        loss = loss_of(case, network(inputs), target)
        loss.backward()
        return loss.item(), [p.grad.clone() for p in parameters]

    def gradient_at(offset, sign):
        here = [p.detach().clone() for p in parameters]
        with torch.no_grad():
            for p, o in zip(parameters, offset):
                p.add_(o, alpha=sign)
        _, there = gradient()
        with torch.no_grad():
            for p, original in zip(parameters, here):
                p.copy_(original)
        return there

    losses, norms, ascent_norms = [], [], []
    for _ in range(STEPS):
        loss, plain = gradient()
        losses.append(loss)
        norms.append(flatten(plain).norm().item())
        if optimizer["ascent"] is not None:
            offset = offset_of(optimizer, network, plain, memory)
            taken = gradient_at(offset, 1)
            if optimizer["ascent"] == "gsam":
                g, p = flatten(plain), flatten(taken)
                along = (g @ p) / (p @ p)
                taken = [u - optimizer["alpha"] * (v - along * u) for v, u in zip(plain, taken)]
            if optimizer["ascent"] == "cr-sam":
                below = gradient_at(offset, -1)
                taken = [
                    u + optimizer["gamma"] * (u + d - 2 * v) + optimizer["beta"] * (u - d) for v, u, d in zip(plain, taken, below)]
            ascent_norms.append(flatten(taken).norm().item())
            for p, g in zip(parameters, taken):
                p.grad.copy_(g)
        step.step()

    arrays = OrderedDict(loss=np.array(losses), gradient_norm=np.array(norms))
    if ascent_norms:
        arrays["ascent_gradient_norm"] = np.array(ascent_norms)
    arrays.update((f"final/{name}", p.detach().numpy()) for name, p in network.named_parameters())
    return arrays


def trajectories():
    network, x, y, _ = draw(TRAJECTORY, generator(TRAJECTORY))
    start = {name: value.clone() for name, value in network.state_dict().items()}
    arrays = OrderedDict((f"parameters/{name}", p.numpy()) for name, p in start.items())
    arrays["inputs/x"], arrays["inputs/y"] = x, y
    for optimizer in OPTIMIZERS:
        arrays.update((f"{optimizer['name']}/{name}", a) for name, a in descend(TRAJECTORY, optimizer, start, x, y).items())
    return arrays


def describe(case):
    """A case as samgpu's options name it."""
    return dict(
        name=case["name"], file=f"{case['name']}.npz", network=case.get("network") or "mlp:" + "-".join(map(str, case["widths"])),
        activation=case["activation"], loss=case["loss"], targets=case["y"])


def script_hash():
    """SHA-256 of this script with line feeds alone: the tests compare it to tell whether the golden data is stale."""
    with open(__file__, "rb") as script:
        return hashlib.sha256(script.read().replace(b"\r\n", b"\n")).hexdigest()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--output", required=True, help="the folder for the .npz files and manifest.json; made if missing")
    names = [case["name"] for case in [*CASES, TRAJECTORY]]
    parser.add_argument("--case", action="append", choices=names, metavar="NAME", help="only this case, repeatable; no manifest is written")
    arguments = parser.parse_args()

    torch.set_num_threads(1)
    os.makedirs(arguments.output, exist_ok=True)
    for case in [*CASES, TRAJECTORY]:
        if arguments.case is None or case["name"] in arguments.case:
            arrays = trajectories() if case is TRAJECTORY else evaluate(case)
            np.savez_compressed(os.path.join(arguments.output, f"{case['name']}.npz"), **arrays)

    if arguments.case is None:
        manifest = dict(
            regenerate="python3 tools/golden.py --output tests/Sam.Gpu.Tests/Golden",
            script_sha256=script_hash(),
            python=".".join(map(str, sys.version_info[:3])),
            numpy=np.__version__,
            torch=torch.__version__,
            cases=[describe(case) for case in CASES],
            trajectories=dict(describe(TRAJECTORY), steps=STEPS, optimizers=OPTIMIZERS),
        )
        with open(os.path.join(arguments.output, "manifest.json"), "w", encoding="utf-8", newline="\n") as file:
            json.dump(manifest, file, indent=2)
            file.write("\n")


if __name__ == "__main__":
    main()
