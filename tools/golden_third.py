#!/usr/bin/env python3
"""Makes the golden data of third derivatives: what PyTorch in double precision says by differentiating three times.

    python3 tools/golden_third.py --output tests/Sam.Gpu.Tests/Golden

makes third.npz there. The networks, parameters and examples are those of tools/golden.py, case by case. For each case C,
    C/eigenvalues          the two largest eigenvalues of the dense Hessian, the largest first
    C/vectors              their unit vectors u0 and u1, [2, P], the largest entry positive; P runs over all parameters in their order
    C/pairs                the gradients of ui . H uj for (i, j) = (0, 0), (0, 1), (1, 1), [3, P], the vectors held fixed
"""

import argparse
import os
from collections import OrderedDict

import numpy as np
import torch

import golden

# Smooth networks: with kinks there is no third derivative.
NAMES = ["tanh-half", "gelu-entropy", "swish-half", "sigmoid-entropy", "softplus-entropy", "cnn-average-half", "transformer-entropy",
         "transformer-mse"]


def layer_norm(module, x):
    """nn.LayerNorm over the last dimension, written out: the third derivatives of PyTorch's own (of 1.13 at least) are wrong."""
    centred = x - x.mean(dim=-1, keepdim=True)
    y = centred / torch.sqrt((centred**2).mean(dim=-1, keepdim=True) + module.eps)
    return y if module.weight is None else y * module.weight + (0 if module.bias is None else module.bias)


def third(case):
    network, x, y, _ = golden.draw(case, golden.generator(case))
    parameters = list(network.parameters())
    loss = golden.loss_of(case, network(torch.from_numpy(x)), golden.targets(case, y))
    gradient = golden.flatten(torch.autograd.grad(loss, parameters, create_graph=True))
    rows = [golden.flatten(torch.autograd.grad(entry, parameters, retain_graph=True)) for entry in gradient]
    dense = torch.stack(rows).numpy()
    values, vectors = np.linalg.eigh((dense + dense.T) / 2)
    top = vectors[:, [-1, -2]].T
    top = torch.from_numpy(top * np.sign(top[[0, 1], np.abs(top).argmax(axis=1)])[:, None])

    pairs = []
    for i, j in ((0, 0), (0, 1), (1, 1)):
        product = golden.flatten(torch.autograd.grad(gradient.dot(top[j]), parameters, create_graph=True))
        pairs.append(golden.flatten(torch.autograd.grad(product.dot(top[i]), parameters, retain_graph=True)))
    return OrderedDict(eigenvalues=values[[-1, -2]], vectors=top.numpy(), pairs=torch.stack(pairs).numpy())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--output", required=True, help="the folder for third.npz; made if missing")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.nn.LayerNorm.forward = layer_norm
    os.makedirs(arguments.output, exist_ok=True)
    cases = {case["name"]: case for case in golden.CASES}
    arrays = OrderedDict()
    for name in NAMES:
        arrays.update((f"{name}/{key}", array) for key, array in third(cases[name]).items())
    np.savez_compressed(os.path.join(arguments.output, "third.npz"), **arrays)


if __name__ == "__main__":
    main()
