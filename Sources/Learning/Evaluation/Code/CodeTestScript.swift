/// The Python text that both processes of a code test run.
///
/// The *subject* runs the code that nobody trusts; the *judge*, in a sandbox of its own, runs the
/// test. Descriptor 3 joins them. The judge calls what the code defined through ``Remote`` objects;
/// only plain data crosses back, so the code can send wrong values and no more: it cannot reach the
/// test, its assertions, its built-ins or the verdict.
///
/// A frame is its length (4 bytes, big-endian) and `?` request, `=` answer or `!` exception with
/// values after it. A value is a letter and what the letter needs:
///
/// | letter | value |
/// |---|---|
/// | `N T F` | None, True, False |
/// | `i f c` | integer (hexadecimal), float (hexadecimal), complex (two values) |
/// | `s b a` | string, bytes, bytearray with their length |
/// | `l t e z d` | list, tuple, set, frozenset, dictionary with their count |
/// | `r o n` | range, object of a known class, built-in name |
/// | `h y` | object of the sender, object of the receiver, by number |
enum CodeTestScript {
  static let text = #"""
    import sys
    import builtins as B
    from posix import read, write

    KNOWN = {"decimal.Decimal", "fractions.Fraction", "collections.deque", "datetime.date",
             "datetime.datetime", "datetime.time", "datetime.timedelta"}

    class Gone(BaseException):
        pass

    class Remote:
        __slots__ = ("_peer_", "_number_")
        def __init__(self, peer, number):
            object.__setattr__(self, "_peer_", peer)
            object.__setattr__(self, "_number_", number)
        def _ask_(self, *what): return self._peer_.ask(self, *what)
        def __call__(self, *a, **k): return self._ask_("call", a, k)
        def __getattr__(self, name): return self._ask_("get", name)
        def __setattr__(self, name, value): self._ask_("set", name, value)
        def __len__(self): return self._ask_("len")
        def __iter__(self): return self._ask_("iter")
        def __next__(self): return self._ask_("next")
        def __getitem__(self, key): return self._ask_("item", key)
        def __setitem__(self, key, value): self._ask_("put", key, value)
        def __str__(self): return self._ask_("str")
        def __repr__(self): return self._ask_("repr")
        def __hash__(self): return hash(self._number_)
        def __bool__(self): return True
        # The program's own == is asked only between two objects of the program.
        def __eq__(self, other):
            return isinstance(other, Remote) and (
                self._number_ == other._number_ or self._ask_("eq", other) is True)

    class Peer:
        def __init__(self, judges):
            self.judges, self.objects, self.numbers, self.gone = judges, [], {}, False

        def send(self, frame):
            frame = len(frame).to_bytes(4, "big") + frame
            try:
                while frame:
                    frame = frame[write(3, frame):]
            except OSError:
                self.gone = True
                raise Gone()

        def receive(self):
            head = self.bytes(4)
            return self.bytes(int.from_bytes(head, "big"))

        def bytes(self, count):
            parts = []
            while count:
                try:
                    part = read(3, min(count, 1 << 20))
                except OSError:
                    part = b""
                if not part:
                    self.gone = True
                    raise Gone()
                parts.append(part)
                count -= len(part)
            return b"".join(parts)

        def ask(self, remote, *what):
            self.send(b"?" + self.pack((remote, what)))
            answer = self.answer()
            if what[0] != "call":
                return answer
            result, changed = answer
            for index, value in changed:
                target = what[1][index]
                if type(target) in (list, bytearray) and type(value) is type(target):
                    target[:] = value
                elif type(target) in (set, dict) and type(value) is type(target):
                    target.clear()
                    target.update(value)
            return result

        def answer(self):
            while True:
                frame = self.receive()
                if frame[:1] == b"?":
                    self.serve(frame)
                    continue
                value = self.unpack(frame)
                if frame[:1] == b"=":
                    return value
                name, arguments = value
                kind = getattr(B, name, None)
                if not (isinstance(kind, type) and issubclass(kind, BaseException)):
                    kind = Exception
                raise kind(*arguments)

        def serve(self, frame):
            try:
                target, what = self.unpack(frame)
                answer = b"=" + self.pack(self.act(target, *what))
            except Gone:
                raise
            except BaseException as error:
                answer = b"!" + self.pack((type(error).__name__, [
                    a if type(a) in (str, int, float) else type(a).__name__ for a in error.args]))
            self.send(answer)

        def act(self, target, how, *a):
            if how == "call":
                before = [self.pack(x) if type(x) in (list, set, dict, bytearray) else None
                          for x in a[0]]
                result = target(*a[0], **a[1])
                return result, [(i, x) for i, x in enumerate(a[0])
                                if before[i] is not None and before[i] != self.pack(x)]
            if self.judges:
                raise TypeError("the test's objects can only be called")
            if how == "get": return getattr(target, a[0])
            if how == "set": return setattr(target, a[0], a[1])
            if how == "len": return len(target)
            if how == "iter": return iter(target)
            if how == "next": return next(target)
            if how == "item": return target[a[0]]
            if how == "put": target[a[0]] = a[1]
            elif how == "str": return str(target)
            elif how == "repr": return repr(target)
            elif how == "eq": return bool(target == a[0])

        def pack(self, value):
            out = []
            self.put(value, out.append)
            return b"".join(out)

        def put(self, v, out):
            t = type(v)
            if v is None: out(b"N")
            elif v is True: out(b"T")
            elif v is False: out(b"F")
            elif t is int: out(b"i%x;" % v)
            elif t is float: out(b"f" + v.hex().encode() + b";")
            elif t is complex:
                out(b"c"); self.put(v.real, out); self.put(v.imag, out)
            elif t is str:
                data = v.encode("utf-8", "surrogatepass")
                out(b"s%d;" % len(data)); out(data)
            elif t is bytes or t is bytearray:
                out(b"%c%d;" % (b"b" if t is bytes else b"a", len(v))); out(bytes(v))
            elif t in COUNTED:
                out(COUNTED[t] + b"%d;" % len(v))
                for x in v: self.put(x, out)
            elif t is dict:
                out(b"d%d;" % len(v))
                for k, x in v.items(): self.put(k, out); self.put(x, out)
            elif t is range:
                out(b"r"); self.put((v.start, v.stop, v.step), out)
            elif t is Remote: out(b"y%x;" % v._number_)
            else: self.put_object(v, t, out)

        def put_object(self, v, t, out):
            for base in (int, float, complex, str, bytes, bytearray, list, tuple, set, frozenset,
                         dict):
                if isinstance(v, base):
                    # A class of the program's own crosses as what it is made of.
                    return self.put(PLAIN.get(base, base)(v), out)
            name = getattr(v, "__name__", None)
            if isinstance(name, str) and getattr(B, name, self) is v:
                data = name.encode()
                return out(b"n%d;" % len(data)) or out(data)
            name = str(t.__module__) + "." + str(t.__qualname__)
            if name in KNOWN:
                data = list(v) if name == "collections.deque" else (
                    str(v) if name[0] == "f" or name[2] == "c" else v.__reduce__()[1])
                out(b"o"); self.put(name, out)
                return self.put(data if type(data) is tuple else (data,), out)
            if self.judges and not callable(v):
                raise TypeError("an object of class " + name + " cannot be given to the program")
            number = self.numbers.get(id(v))
            if number is None:
                number = self.numbers[id(v)] = len(self.objects)
                self.objects.append(v)
            out(b"h%x;" % number)

        def unpack(self, frame):
            self.frame, self.at = frame, 1
            return self.take()

        def until(self):
            end = self.frame.index(b";", self.at)
            text, self.at = self.frame[self.at:end].decode(), end + 1
            return text

        def raw(self):
            count = int(self.until())
            if not 0 <= count <= len(self.frame) - self.at: raise Gone()
            self.at += count
            return self.frame[self.at - count:self.at]

        def take(self):
            letter = self.frame[self.at:self.at + 1]
            self.at += 1
            if letter == b"N": return None
            if letter == b"T": return True
            if letter == b"F": return False
            if letter == b"i": return int(self.until(), 16)
            if letter == b"f": return float.fromhex(self.until())
            if letter == b"c": return complex(self.take(), self.take())
            if letter == b"s": return self.raw().decode("utf-8", "surrogatepass")
            if letter == b"b": return self.raw()
            if letter == b"a": return bytearray(self.raw())
            if letter in COUNTS: return COUNTS[letter]([self.take() for _ in range(int(self.until()))])
            if letter == b"d":
                return dict([(self.take(), self.take()) for _ in range(int(self.until()))])
            if letter == b"r": return range(*self.take())
            if letter == b"h": return Remote(self, int(self.until(), 16))
            if letter == b"y": return self.objects[int(self.until(), 16)]
            if letter == b"n": return getattr(B, self.raw().decode())
            if letter == b"o":
                name, arguments = self.take(), self.take()
                if name not in KNOWN: raise Gone()
                module, kind = name.split(".")
                return getattr(__import__(module), kind)(*arguments)
            raise Gone()

    COUNTED = {list: b"l", tuple: b"t", set: b"e", frozenset: b"z"}
    COUNTS = {letter: kind for kind, letter in COUNTED.items()}
    PLAIN = {int: int.__int__, float: float.__float__, str: str.__str__}

    def subject():
        peer = Peer(False)
        names = {}
        try:
            exec(compile(peer.receive(), "<program>", "exec"), names)
            found = [(n, v) for n, v in names.items() if type(n) is str and n[:2] != "__"]
            module = type(sys)
            frame = b"=" + peer.pack([
                (n, v.__name__, True) if isinstance(v, module) else (n, v, False)
                for n, v in found])
        except BaseException:
            frame = b"!" + peer.pack(("Exception", []))
        peer.send(frame)
        while True:
            peer.serve(peer.receive())

    def judge():
        import io
        with io.open(0, "rb") as file:
            token, entry = file.readline(), file.readline().decode().rstrip("\n")
            code = file.read(int(file.readline()))
            test = file.read()
        peer = Peer(True)
        peer.send(code)
        taken = set(dir(B)) | set(getattr(sys, "stdlib_module_names", sys.builtin_module_names))
        names = {}
        for name, value, is_module in peer.answer():
            if is_module:
                # The test may use what the program imported, never the program's idea of it.
                if name in taken and name != value: continue
                try:
                    __import__(value)
                    names[name] = sys.modules[value]
                except BaseException:
                    pass
            elif name == entry or name not in taken:
                names[name] = value
        exec(compile(test, "<test>", "exec"), names)
        if not peer.gone:
            write(4, token.strip() + b" passed")

    if "" in sys.path: sys.path.remove("")
    judge() if sys.argv[1] == "judge" else subject()
    """#
}
