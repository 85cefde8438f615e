#!/usr/bin/env python3
"""The PyTorch side of `tools/bench peers`: a worker that does the same work as Sam.Gpu, and takes turns with it.

It reads one command a line from stdin, in JSON, and answers each with one line of JSON on stdout.

    {"command": "load", "file": F, "network": W, "activation": A, "loss": L, "step_size": S, "rho": R, "threads": T, "device": D}
        takes parameters, data and directions from F to the device D, cpu or cuda:I, and answers with versions and libraries. W is as samgpu names it. F is a NumPy archive with x, y,
        parameters/NAME as nn.Sequential names them, and directions/NAME with a leading axis; all of one type of number.
    {"command": "run", "work": W, "calls": N, "count": K, "steps": S, "every": M, "residual": R, "results": G}
        puts the parameters back to those of F, does the work N times and answers with its seconds. W is gradient, sam-step, products or
        forward-products, with K directions; eigenpairs or power-iteration, for the K largest eigenvalues of the Hessian to the relative
        residual R; or measured-run: S SAM steps, the eigenvalues measured before each M-th and at the end. With G, a file name, what the last call gave is written there as a NumPy archive.

The forms of the work are the fastest that PyTorch 1.13 has for it: functional layers, updates of all parameters in one call, images
channels last for gradients and channels first for products, and Hessian-vector products by double backward with a retained graph, which all
networks allow, or by forward over reverse mode, batched over the directions. On a GPU products of float stay in float: no tf32. Eigenpairs
come from SciPy's eigsh (ARPACK), which measurements of a run start from the last eigenvector, or from power iteration, a vector after the
other, each kept orthogonal to those found.
"""
import json
import os
import platform
import sys
import time

import numpy as np
import scipy.sparse.linalg
import torch

try:
    from torch import func as functorch
except ImportError:
    # Before PyTorch 2.0 it was a package by itself.
    import functorch

F = torch.nn.functional
# The most products a vector of power iteration, whether it has met its residual or not: PyHessian's default.
MOST_POWERS = 100
ACTIVATIONS = {"tanh": torch.tanh, "relu": torch.relu, "gelu-tanh": lambda z: F.gelu(z, approximate="tanh")}


class Perceptron:
    """Dense layers with activations between them."""

    def __init__(self, parameters, activation):
        self.layers = [(weight, parameters.get(name.replace("weight", "bias"))) for name, weight in parameters.items() if "weight" in name]
        self.activation = activation

    def __call__(self, x):
        for index, (weight, bias) in enumerate(self.layers):
            x = F.linear(x, weight, bias)
            if index < len(self.layers) - 1:
                x = self.activation(x)
        return x


class Convolutional:
    """Blocks of convolution, activation, layer norm over the channels of a pixel, and pooling; then a dense layer."""

    def __init__(self, parameters, activation):
        self.layers = list(zip(list(parameters.values())[::2], list(parameters.values())[1::2]))
        self.activation = activation

    def __call__(self, x):
        for (weight, bias), (scale, shift) in zip(self.layers[:-1:2], self.layers[1:-1:2]):
            x = self.activation(F.conv2d(x, weight, bias, padding="same")).permute(0, 2, 3, 1)
            x = F.layer_norm(x, scale.shape, scale, shift, eps=1e-6).permute(0, 3, 1, 2)
            x = F.max_pool2d(x, 2)
        return F.linear(x.flatten(1), *self.layers[-1])


class Transformer:
    """Embedding with positions, blocks of causal attention and of a perceptron around residual connections, a norm, a dense layer."""

    def __init__(self, parameters, activation, layers, heads, key, sequence):
        device = next(iter(parameters.values())).device
        self.parameters = parameters
        self.activation = activation
        self.layers, self.heads, self.key = layers, heads, key
        self.future = torch.ones(sequence, sequence, dtype=torch.bool, device=device).triu(1)

    def pair(self, name):
        return self.parameters[name + ".weight"], self.parameters[name + ".bias"]

    def norm(self, x, name):
        return F.layer_norm(x, x.shape[-1:], *self.pair(name), eps=1e-5)

    def attention(self, x):
        n, t, _ = x.shape
        q, k, v = x.view(n, t, 3, self.heads, self.key).permute(2, 0, 3, 1, 4)
        scores = (q @ k.transpose(-1, -2) * self.key**-0.5).masked_fill(self.future, -torch.inf)
        return (scores.softmax(-1) @ v).transpose(1, 2).reshape(n, t, -1)

    def __call__(self, x):
        x = F.embedding(x, self.parameters["0.weight"]) + self.parameters["0.positions"]
        for i in range(self.layers):
            a, b = 1 + 2 * i, 2 + 2 * i
            x = x + F.linear(self.attention(F.linear(self.norm(x, f"{a}.0"), *self.pair(f"{a}.1"))), *self.pair(f"{a}.3"))
            x = x + F.linear(self.activation(F.linear(self.norm(x, f"{b}.0"), *self.pair(f"{b}.1"))), *self.pair(f"{b}.3"))
        last = 2 * self.layers + 1
        return F.linear(self.norm(x, str(last)), *self.pair(str(last + 1)))


def network_of(specification, parameters, activation):
    """The network that samgpu's specification names."""
    family, _, options = specification.partition(":")
    if family == "transformer":
        sizes = {name: int(value) for name, value in (option.split("=") for option in options.split(","))}
        return Transformer(parameters, activation, sizes["layers"], sizes["heads"], sizes["key"], sizes["sequence"])
    return {"mlp": Perceptron, "cnn": Convolutional}[family](parameters, activation)


class Problem:
    """A network with its loss on all examples."""

    def __init__(self, file, network, activation, loss, step_size, rho, threads, device):
        torch.set_num_threads(threads)
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
        self.device = torch.device(device)

        def place(array):
            return torch.from_numpy(array).to(self.device)

        with np.load(file) as archive:
            self.x = place(archive["x"])
            self.y = place(archive["y"])
            names = [name.removeprefix("parameters/") for name in archive.files if name.startswith("parameters/")]
            self.start = [place(archive["parameters/" + name]) for name in names]
            self.directions = [place(archive["directions/" + name]) for name in names]
        self.parameters = [array.clone().requires_grad_() for array in self.start]
        self.network = lambda parameters: network_of(network, dict(zip(names, parameters)), ACTIVATIONS[activation])
        self.loss_name = loss
        if network.startswith("mlp"):
            # Images as one row each: a view, not a copy.
            self.x = self.x.flatten(1)
        if loss == "cross-entropy":
            self.x, self.y = self.x.long(), self.y.long().flatten()
        self.x_last = self.x.contiguous(memory_format=torch.channels_last) if self.x.dim() == 4 else self.x
        self.step_size = step_size
        self.rho = rho

    def reset(self):
        with torch.no_grad():
            for parameter, start in zip(self.parameters, self.start):
                parameter.copy_(start)
        self.finish()

    def finish(self):
        """Waits for what a GPU has still to do."""
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)

    def loss(self, double=False, parameters=None):
        outputs = self.network(parameters or self.parameters)(self.x if double else self.x_last)
        if self.loss_name == "cross-entropy":
            return F.cross_entropy(outputs.flatten(0, 1), self.y)
        # mse is the mean over examples and outputs, half-squared-error half the sum over outputs, mean over examples.
        scale = {"mse": 1 / self.y.numel(), "half-squared-error": 0.5 / len(self.y)}[self.loss_name]
        return F.mse_loss(outputs, self.y, reduction="sum") * scale

    def gradient(self):
        loss = self.loss()
        return {"loss": loss, "gradient": torch.autograd.grad(loss, self.parameters)}

    def sam_step(self):
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

    def products(self, count):
        loss = self.loss(double=True)
        gradients = torch.autograd.grad(loss, self.parameters, create_graph=True)
        products = []
        for k in range(count):
            direction = [array[k] for array in self.directions]
            products.append(torch.autograd.grad(gradients, self.parameters, direction, retain_graph=k < count - 1))
        return {"loss": loss, "gradient": gradients, "products": products}

    def forward_products(self, count):
        point = tuple(array.detach() for array in self.parameters)
        gradient = functorch.grad_and_value(lambda *parameters: self.loss(double=True, parameters=parameters), tuple(range(len(point))))

        def product(*direction):
            (gradients, loss), (products, _) = functorch.jvp(gradient, point, direction)
            return loss, gradients, products

        # Loss and gradient do not depend on the direction: vmap returns views that repeat them.
        loss, gradients, products = functorch.vmap(product)(*[array[:count] for array in self.directions])
        return {
            "loss": loss[0],
            "gradient": [array[0] for array in gradients],
            "products": [[array[k] for array in products] for k in range(count)],
        }

    def operator(self):
        """Loss, gradient, and the Hessian as a function of vectors, at the parameters of the moment."""
        loss = self.loss(double=True)
        gradients = torch.autograd.grad(loss, self.parameters, create_graph=True)
        sizes = [array.numel() for array in self.parameters]

        def product(v):
            direction = [part.view_as(array) for part, array in zip(v.split(sizes), self.parameters)]
            products = torch.autograd.grad(gradients, self.parameters, direction, retain_graph=True)
            return torch.cat([array.reshape(-1) for array in products])

        return loss, gradients, product, sum(sizes)

    def eigenpairs(self, count, residual, start=None):
        loss, gradients, product, length = self.operator()
        kind = np.dtype(str(loss.dtype).removeprefix("torch."))
        matrix = scipy.sparse.linalg.LinearOperator(
            (length, length), dtype=kind,
            matvec=lambda v: product(torch.from_numpy(np.ascontiguousarray(v, kind)).view(-1).to(self.device)).cpu().numpy())
        values, vectors = scipy.sparse.linalg.eigsh(matrix, k=count, which="LA", tol=residual, v0=start)
        return {"loss": loss, "gradient": gradients, "eigenvalues": values[::-1].copy()}, vectors[:, -1]

    def power_iteration(self, count, residual):
        loss, gradients, product, length = self.operator()
        generator = torch.Generator(self.device).manual_seed(0)
        found, values = torch.empty(0, length, dtype=loss.dtype, device=self.device), []
        for _ in range(count):
            v = torch.randn(length, generator=generator, dtype=loss.dtype, device=self.device)
            for _ in range(MOST_POWERS):
                v -= found.T @ (found @ v)
                v /= v.norm()
                image = product(v)
                image -= found.T @ (found @ image)
                value = (v @ image).item()
                if (image - value * v).norm().item() <= residual * abs(value):
                    break
                v = image
            found = torch.cat([found, v[None]])
            values.append(value)
        return {"loss": loss, "gradient": gradients, "eigenvalues": np.sort(values)[::-1].copy()}

    def measured_run(self, count, steps, every, residual):
        start = None
        for step in range(steps):
            if step % every == 0:
                _, start = self.eigenpairs(count, residual, start)
            self.sam_step()
        measured, _ = self.eigenpairs(count, residual, start)
        return {"loss": measured["loss"], "parameters": self.parameters, "eigenvalues": measured["eigenvalues"]}

    def run(self, work, calls, count, steps, every, residual, results):
        do = {
            "gradient": self.gradient,
            "sam-step": self.sam_step,
            "products": lambda: self.products(count),
            "forward-products": lambda: self.forward_products(count),
            "eigenpairs": lambda: self.eigenpairs(count, residual)[0],
            "power-iteration": lambda: self.power_iteration(count, residual),
            "measured-run": lambda: self.measured_run(count, steps, every, residual),
        }[work]
        self.reset()
        begin = time.perf_counter()
        for _ in range(calls):
            values = do()
        self.finish()
        seconds = time.perf_counter() - begin
        if results:
            np.savez(results, **{name: vector(value) for name, value in values.items()})
        return {"seconds": seconds}


def vector(value):
    """Numbers, the arrays of all parameters, or K times those, as one array of numbers."""
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, torch.Tensor):
        return value.detach().cpu().numpy()
    if isinstance(value[0], torch.Tensor):
        return torch.cat([array.detach().reshape(-1) for array in value]).cpu().numpy()
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
                "device": torch.cuda.get_device_name(problem.device) if problem.device.type == "cuda" else "cpu",
            }
        else:
            answer = problem.run(**command)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
