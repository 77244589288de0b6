"""Runs a Python model for turnbench: imports it, hands it one step at a time, sends back what it answers.

Messages (docs/other-languages.md) go over file descriptor 3. Standard output is joined to standard error, so that
whatever the model prints, from any library, goes to the log and never among the messages.

The model gets copies of one step at a time and answers before the next one is made: nothing it does by accident can
show it the future. Written so that old interpreters, too, get as far as saying that they are too old.
"""

import difflib
import hashlib
import inspect
import json
import numbers
import operator
import os
import struct
import sys
import sysconfig
import traceback

CHANNEL = 3
OLDEST = (3, 8)
STEPS_PER_SECOND = 50


class Gone(BaseException):
    """Nobody is there any more to answer to."""


class Refused(Exception):
    """What the harness is told instead of an answer."""

    def __init__(self, message, hint=None, missing=False):
        Exception.__init__(self, message)
        self.details = {"message": message, "hint": hint, "missing": missing}


def main():
    os.dup2(2, 1)
    path = sys.argv[1]
    try:
        check_interpreter()
        os.set_inheritable(CHANNEL, False)
        hello = json.loads(receive()[1].decode("utf-8"))
        model = load(path, hello)
        introduction, thresholds = introduce(model, path)
    except (Exception, SystemExit) as error:
        send_failure(error, path, loading=True)
        return
    send(b"MODL", json.dumps(introduction).encode("utf-8"))
    serve(model, thresholds, introduction["input_sample_rate"] // STEPS_PER_SECOND, path)


def check_interpreter():
    """Before anything that an old interpreter does not have."""
    where = "Python %d.%d.%d (%s)" % (tuple(sys.version_info[:3]) + (sys.executable,))
    if sys.version_info < OLDEST:
        raise Refused(
            "%s is too old: %d.%d or newer is needed" % ((where,) + OLDEST), "name another with --python", missing=True
        )
    try:
        import numpy  # noqa: F401
    except ImportError as error:
        hint = "install it with '%s -m pip install numpy', or name another interpreter with --python" % sys.executable
        raise Refused("%s cannot import numpy: %s" % (where, error), hint, missing=True)


def load(path, hello):
    """The model of the module at `path`, as if it had been imported where the command runs."""
    import importlib.util

    folder = os.path.dirname(path)
    sys.path[0] = folder
    if hello["folder"] not in sys.path:
        sys.path.insert(1, hello["folder"])
    sys.argv = [path]
    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None:
        raise Refused("%s is no Python file" % os.path.basename(path), "a module's name ends with .py")
    module = importlib.util.module_from_spec(spec)
    # Pickles and dataclasses look their module up by name.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return call_load_model(module, hello["options"])


def call_load_model(module, options):
    load_model = getattr(module, "load_model", None)
    if not callable(load_model):
        names = [name for name in vars(module) if not name.startswith("_")]
        near = difflib.get_close_matches("load_model", names, 1)
        raise Refused(
            "it defines no load_model()" + (": is '%s' meant?" % near[0] if near else ""),
            "define load_model() that returns an object with input_sample_rate, reset() and step(subject, other)",
        )
    if options:
        try:
            inspect.signature(load_model).bind(**options)
        except TypeError as error:
            hint = "-o key=value are arguments of load_model; environment variables are set with -o env.NAME=value"
            raise Refused("load_model() does not take the options %s: %s" % (", ".join(options), error), hint)
    return load_model(**options)


def introduce(model, path):
    """What the harness has to know, and the number of thresholds, 0 without a sweep."""
    problems = ["%s()" % name for name in ("reset", "step") if not callable(getattr(model, name, None))]
    rate = getattr(model, "input_sample_rate", None)
    if rate is None:
        problems.append("input_sample_rate")
    if problems:
        kind = "None" if model is None else "a %s" % type(model).__name__
        raise Refused("load_model() returned %s without %s" % (kind, ", ".join(problems)))
    if not is_number(rate) or rate != int(rate):
        raise Refused("input_sample_rate is %s, not a whole number of Hz" % short(rate))
    thresholds = getattr(model, "thresholds", None)
    thresholds = [] if thresholds is None else list(thresholds)
    for threshold in thresholds:
        if not is_number(threshold):
            raise Refused("thresholds contain %s, not a number" % short(threshold))
    introduction = {"input_sample_rate": int(rate), "weights": imported_files(path)}
    if thresholds:
        introduction["thresholds"] = [float(threshold) for threshold in thresholds]
    return introduction, len(thresholds)


def is_number(value):
    return isinstance(value, numbers.Real) or hasattr(value, "__float__") and getattr(value, "shape", None) == ()


def imported_files(path):
    """Files beside the module that it imported: they decide the numbers as much as the module itself."""
    folder = os.path.dirname(path) + os.sep
    installed = (sysconfig.get_paths()["stdlib"] + os.sep, os.sep + "site-packages" + os.sep, "dist-packages" + os.sep)
    files = set()
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and file.startswith(folder) and not any(part in file for part in installed):
            files.add(file)
    files.discard(path)
    found = []
    for file in sorted(files):
        with open(file, "rb") as content:
            found.append({"file": file[len(folder) :], "sha256": hashlib.sha256(content.read()).hexdigest()})
    return found


def serve(model, thresholds, step_samples, path):
    import numpy

    encode = answer_encoder(thresholds)
    while True:
        kind, payload = receive()
        try:
            if kind == b"RSET":
                model.reset()
                send(b"REDY")
            else:
                steps = numpy.frombuffer(payload, dtype="<f4").reshape(-1, 2, step_samples)
                answer_steps(model.step, steps, encode)
        except (Exception, SystemExit) as error:
            send_failure(error, path)


def answer_steps(step, steps, encode):
    """Answers that come before a failure are sent before it, so that the harness knows when it happened."""
    out = bytearray()
    kind = b"BITS"
    try:
        for subject, other in steps:
            answer_kind, answer = encode(step(subject.copy(), other.copy()))
            if answer_kind is not kind:
                if out:
                    send(kind, out)
                out, kind = bytearray(), answer_kind
            out += answer
    finally:
        if out:
            send(kind, out)


def answer_encoder(thresholds):
    """Turns an answer of the model into its bytes: whole numbers and truth values of any library are bits."""
    import numpy

    BITS, PROB = b"BITS", b"PROB"
    ONE = (b"\0", b"\1")
    ZEROS_AND_ONES = b"\0\1"
    hint = "step() returns 0 or 1, or one of them for each of `thresholds`; or {'p_floor': P} with P in [0, 1]"

    def bit(value, place):
        if isinstance(value, numpy.bool_):
            value = bool(value)
        try:
            whole = operator.index(value)
        except TypeError:
            whole = None
        if whole != 0 and whole != 1:
            raise Refused("step() answered %s%s, not 0 or 1" % (short(value), place), hint)
        return ONE[whole]

    def encode_bits(answer):
        if hasattr(answer, "tolist"):
            answer = answer.tolist()
        if not isinstance(answer, (list, tuple)):
            raise Refused("step() answered %s, not %d bits, one per threshold" % (short(answer), thresholds), hint)
        if len(answer) != thresholds:
            raise Refused("step() answered %d bits for %d thresholds" % (len(answer), thresholds), hint)
        try:
            packed = bytes(answer)
        except (TypeError, ValueError):
            packed = b"?"
        if packed.strip(ZEROS_AND_ONES):
            packed = b"".join([bit(value, " at index %d" % i) for i, value in enumerate(answer)])
        return BITS, packed

    def encode_one(answer):
        if type(answer) is dict:
            p_floor = answer.get("p_floor")
            if not is_number(p_floor) or not 0 <= p_floor <= 1:
                raise Refused("step() answered %s" % short(answer), hint)
            return PROB, struct.pack("<d", p_floor)
        return BITS, bit(answer, "")

    return encode_bits if thresholds else encode_one


def short(value):
    text = repr(value)
    return "%s (%s)" % (text if len(text) <= 40 else text[:39] + "\u2026", type(value).__name__)


def send_failure(error, path, loading=False):
    if isinstance(error, Refused):
        details = error.details
    else:
        frames = own_frames(error.__traceback__)
        shown = traceback.format_list(frames) + traceback.format_exception_only(type(error), error)
        sys.stderr.write("Traceback of %s (most recent call last):\n%s" % (os.path.basename(path), "".join(shown)))
        sys.stderr.flush()
        details = {"message": one_line(error, frames, path)}
        if loading and isinstance(error, ModuleNotFoundError):
            details["missing"] = True
            details["hint"] = "install it for %s, or name another interpreter with --python" % sys.executable
    send(b"FAIL", json.dumps(details).encode("utf-8"))


def own_frames(trace):
    """Without those of this file and of the machinery of imports."""
    return [
        frame
        for frame in traceback.extract_tb(trace)
        if frame.filename != __file__ and not frame.filename.startswith("<frozen importlib")
    ]


def one_line(error, frames, path):
    """`ValueError: too loud (predict.py:12)`, the place being the last one in the module's own folder."""
    text = str(error).strip().split("\n")[0]
    name = type(error).__name__
    own = [frame for frame in frames if frame.filename.startswith(os.path.dirname(path) + os.sep)]
    place = " (%s:%d)" % (os.path.basename(own[-1].filename), own[-1].lineno) if own else ""
    return (name + ": " + text if text else name) + place


def receive():
    kind, length = struct.unpack("<4sI", read(8))
    return kind, read(length)


def read(count):
    """Exactly so many bytes. When the harness is gone there is nothing left to do."""
    data = bytearray(count)
    rest = memoryview(data)
    while rest:
        got = os.readv(CHANNEL, [rest])
        if got == 0:
            raise Gone()
        rest = rest[got:]
    return data


def send(kind, payload=b""):
    rest = memoryview(struct.pack("<4sI", kind, len(payload)) + bytes(payload))
    try:
        while rest:
            rest = rest[os.write(CHANNEL, rest) :]
    except OSError:
        raise Gone()


if __name__ == "__main__":
    try:
        main()
    except Gone:
        pass
