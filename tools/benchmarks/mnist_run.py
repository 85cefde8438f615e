#!/usr/bin/env python3
"""The measured MNIST run of the README in PyTorch: what Sam.Gpu is timed against.

The same work as

    tools/samgpu run --data mnist:DIR --examples 1000 --network mlp:200-200 --activation tanh \
      --loss half-squared-error --initialization glorot-normal --optimizer sam --step-size 0.05 --rho 0.1 \
      --steps 600 --measure-every 25 --eigenvalues K

Full-batch SAM, and at each measurement the K largest eigenvalues of the Hessian by SciPy's eigsh (ARPACK) on exact
Hessian-vector products by double backward with a retained graph, to the same relative tolerance, started from the last
eigenvector. Needs Python 3 with torch, numpy and scipy (Debian: python3-torch python3-scipy libopenblas0-pthread).

    /usr/bin/python3 tools/benchmarks/mnist_run.py --data data/mnist --threads 2
"""
import argparse
import gzip
import pathlib
import time

import numpy as np
import scipy.sparse.linalg
import torch


def read_idx(folder, name, header):
    """The bytes behind the header of an IDX file, gzipped or not."""
    packed = pathlib.Path(folder) / (name + ".gz")
    data = gzip.open(packed).read() if packed.exists() else (pathlib.Path(folder) / name).read_bytes()
    return np.frombuffer(data, np.uint8, offset=header)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder with the MNIST files")
    parser.add_argument("--examples", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--measure-every", type=int, default=25)
    parser.add_argument("--eigenvalues", type=int, default=3)
    parser.add_argument("--tolerance", type=float, default=1e-3)
    parser.add_argument("--step-size", type=float, default=0.05)
    parser.add_argument("--rho", type=float, default=0.1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)

    begin = time.perf_counter()
    images = read_idx(options.data, "train-images-idx3-ubyte", 16).reshape(-1, 784).astype(np.float32) / 256
    images -= images.mean(0)
    labels = read_idx(options.data, "train-labels-idx1-ubyte", 8)
    x = torch.from_numpy(np.ascontiguousarray(images[: options.examples]))
    y = torch.nn.functional.one_hot(torch.from_numpy(labels[: options.examples].astype(np.int64)), 10).float()
    network = torch.nn.Sequential(
        torch.nn.Linear(784, 200), torch.nn.Tanh(), torch.nn.Linear(200, 200), torch.nn.Tanh(), torch.nn.Linear(200, 10)
    )
    for layer in network:
        if isinstance(layer, torch.nn.Linear):
            torch.nn.init.xavier_normal_(layer.weight)
            torch.nn.init.zeros_(layer.bias)
    parameters = list(network.parameters())
    count = sum(p.numel() for p in parameters)

    def loss():
        return 0.5 * ((network(x) - y) ** 2).sum() / options.examples

    def flat(tensors):
        return torch.cat([t.reshape(-1) for t in tensors])

    def measure(start):
        value = loss()
        gradient = flat(torch.autograd.grad(value, parameters, create_graph=True))

        def product(v):
            direction = torch.from_numpy(np.ascontiguousarray(v, dtype=np.float32)).reshape(-1)
            return flat(torch.autograd.grad(gradient, parameters, direction, retain_graph=True)).numpy()

        operator = scipy.sparse.linalg.LinearOperator((count, count), matvec=product, dtype=np.float32)
        values, vectors = scipy.sparse.linalg.eigsh(
            operator, k=options.eigenvalues, which="LA", tol=options.tolerance, v0=start)
        norm = gradient.detach().norm().item()
        edge = (4 / options.step_size) / (1 + (1 + 8 * options.rho / (options.step_size * norm)) ** 0.5)
        return value.item(), norm, values[-1], edge, vectors[:, -1]

    setup = time.perf_counter() - begin
    begin = time.perf_counter()
    ratios, start = [], None
    for step in range(options.steps + 1):
        if step % options.measure_every == 0 or step == options.steps:
            value, norm, sharpness, edge, start = measure(start)
            ratios.append(sharpness / edge)
            print(f"step {step}  loss {value:.5f}  gradient norm {norm:.5f}  eigenvalue {sharpness:.4f}  edge {edge:.4f}")
        if step == options.steps:
            break
        gradients = torch.autograd.grad(loss(), parameters)
        with torch.no_grad():
            ascent = [options.rho * g / flat(gradients).norm() for g in gradients]
            for p, a in zip(parameters, ascent):
                p.add_(a)
        gradients = torch.autograd.grad(loss(), parameters)
        with torch.no_grad():
            for p, a, g in zip(parameters, ascent, gradients):
                p.sub_(a).sub_(g, alpha=options.step_size)
    seconds = time.perf_counter() - begin
    quarter = ratios[-((len(ratios) + 3) // 4):]
    print(f"mean of eigenvalue/SAM-edge over the last quarter {np.mean(quarter):.4f}")
    print(f"setup {setup:.2f} s, training and measurements {seconds:.2f} s")


if __name__ == "__main__":
    main()
