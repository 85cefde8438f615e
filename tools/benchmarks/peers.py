#!/usr/bin/env python3
"""The PyTorch side of `tools/bench peers`: a worker that does the same work as Sam.Gpu, and takes turns with it.

It reads one command a line from stdin, in JSON, and answers each with one line of JSON on stdout.

    {"command": "load", "file": F, "activation": A, "loss": L, "step_size": S, "rho": R, "threads": T}
        takes parameters, data and directions from F and answers with versions and libraries. F is a NumPy archive with x, y,
        parameters/NAME as nn.Sequential names them, and directions/NAME with a leading axis; all of one type of number.
    {"command": "run", "work": W, "calls": N, "directions": K, "results": G}
        puts the parameters back to those of F, does the work N times and answers with its seconds. W is gradient, sam-step or
        products. With G, a file name, what the last call gave is written there as a NumPy archive.

The forms of the work are the fastest that PyTorch 1.13 has for it: functional layers, updates of all parameters in one call, and
Hessian-vector products by double backward with a retained graph.
"""
import json
import os
import platform
import sys
import time

import numpy as np
import torch

ACTIVATIONS = {"tanh": torch.tanh, "relu": torch.relu}


class Problem:
    """A network with its loss on all examples."""

    def __init__(self, file, activation, loss, step_size, rho, threads):
        torch.set_num_threads(threads)
        with np.load(file) as archive:
            self.x = torch.from_numpy(archive["x"])
            self.y = torch.from_numpy(archive["y"])
            names = [name.removeprefix("parameters/") for name in archive.files if name.startswith("parameters/")]
            self.start = [torch.from_numpy(archive["parameters/" + name]) for name in names]
            self.directions = [torch.from_numpy(archive["directions/" + name]) for name in names]
        self.parameters = [array.clone().requires_grad_() for array in self.start]
        by_name = dict(zip(names, self.parameters))
        self.layers = [(weight, by_name.get(name.replace("weight", "bias"))) for name, weight in by_name.items() if "weight" in name]
        self.activation = ACTIVATIONS[activation]
        # mse is the mean over examples and outputs, half-squared-error half the sum over outputs, mean over examples.
        self.scale = {"mse": 1 / self.y.numel(), "half-squared-error": 0.5 / len(self.y)}[loss]
        self.step_size = step_size
        self.rho = rho

    def reset(self):
        with torch.no_grad():
            for parameter, start in zip(self.parameters, self.start):
                parameter.copy_(start)

    def loss(self):
        h = self.x
        for index, (weight, bias) in enumerate(self.layers):
            h = torch.nn.functional.linear(h, weight, bias)
            if index < len(self.layers) - 1:
                h = self.activation(h)
        return torch.nn.functional.mse_loss(h, self.y, reduction="sum") * self.scale

    def gradient(self, _):
        loss = self.loss()
        return {"loss": loss, "gradient": torch.autograd.grad(loss, self.parameters)}

    def sam_step(self, _):
        loss = self.loss()
        gradients = torch.autograd.grad(loss, self.parameters)
        with torch.no_grad():
            norm = torch.stack([torch.linalg.vector_norm(gradient) for gradient in gradients]).norm()
            ascent = torch._foreach_mul(gradients, (self.rho / norm).item())
            torch._foreach_add_(self.parameters, ascent)
        gradients = torch.autograd.grad(self.loss(), self.parameters)
        with torch.no_grad():
            torch._foreach_sub_(self.parameters, ascent)
            torch._foreach_add_(self.parameters, gradients, alpha=-self.step_size)
        return {"loss": loss, "parameters": self.parameters}

    def products(self, directions):
        loss = self.loss()
        gradients = torch.autograd.grad(loss, self.parameters, create_graph=True)
        products = []
        for k in range(directions):
            direction = [array[k] for array in self.directions]
            products.append(torch.autograd.grad(gradients, self.parameters, direction, retain_graph=k < directions - 1))
        return {"loss": loss, "gradient": gradients, "products": products}

    def run(self, work, calls, directions, results):
        do = {"gradient": self.gradient, "sam-step": self.sam_step, "products": self.products}[work]
        self.reset()
        begin = time.perf_counter()
        for _ in range(calls):
            values = do(directions)
        seconds = time.perf_counter() - begin
        if results:
            np.savez(results, **{name: vector(value) for name, value in values.items()})
        return {"seconds": seconds}


def vector(value):
    """A number, the arrays of all parameters, or K times those, as one array of numbers."""
    if isinstance(value, torch.Tensor):
        return value.detach().numpy()
    if isinstance(value[0], torch.Tensor):
        return torch.cat([array.detach().reshape(-1) for array in value]).numpy()
    return np.stack([vector(arrays) for arrays in value])


def libraries():
    """The libraries of linear algebra that this process has loaded: PyTorch's speed is theirs."""
    if not os.path.exists("/proc/self/maps"):
        return []
    with open("/proc/self/maps") as maps:
        files = {os.path.basename(line.split()[-1]) for line in maps if ".so" in line}
    return sorted(file for file in files if "blas" in file or "mkl" in file)


def main():
    problem = None
    for line in sys.stdin:
        command = json.loads(line)
        name = command.pop("command")
        if name == "load":
            problem = Problem(**command)
            answer = {
                "python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__,
                "threads": torch.get_num_threads(), "libraries": libraries(),
            }
        else:
            answer = problem.run(**command)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
