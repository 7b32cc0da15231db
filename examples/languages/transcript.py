"""The evening of transcript.c from Python: ctypes and the shared library, no compiler.

    python3 transcript.py

A struct is declared here only up to the last field that is needed: its struct_size tells the library how much of it
there is, and the rest stays as it is by default. There must be no padding behind that last field: the library would
take it for the next one. That is why Settings has `control`.
"""
import ctypes
import sys
from ctypes import CFUNCTYPE, POINTER, byref, c_bool, c_char, c_char_p, c_int, c_int64, c_size_t, c_uint8, c_uint32
from ctypes import c_uint64, c_void_p, sizeof

SECOND = 1_000_000
ANA, BEN = 1, 2
STORY = [  # seconds that pass before it is said, the connection, the message
    (0, ANA, '{"type":"join","session_code":"CODE"}'),
    (1, BEN, '{"type":"join","session_code":"CODE"}'),
    (1, ANA, '{"type":"ready","buffered_ms":5000}'),
    (0, BEN, '{"type":"ready","buffered_ms":5000}'),
    (1, ANA, '{"type":"play"}'),
    (60, BEN, '{"type":"seek","position_ms":600000}'),
    (15, BEN, '{"type":"chat","message":"Schön! ❤"}'),
    (1, BEN, '{"type":"leave"}'),
]

# --- What the headers say -----------------------------------------------------------------------------------------

Id = c_uint8 * 16
Deliver = CFUNCTYPE(None, c_void_p, POINTER(c_uint64), c_size_t, POINTER(c_char), c_size_t)
Entropy = CFUNCTYPE(c_bool, c_void_p, c_void_p, c_size_t)


class Sized(ctypes.Structure):
    """A struct that knows its size. What it points to must live as long: for c_char_p, ctypes sees to that."""

    def __init__(self, **fields):
        super().__init__(struct_size=sizeof(self), **fields)


class Callbacks(Sized):
    _fields_ = [("struct_size", c_size_t), ("deliver", Deliver), ("event", c_void_p), ("are_friends", c_void_p),
                ("entropy", Entropy)]


class Config(Sized):
    _fields_ = [("struct_size", c_size_t), ("unix_time", c_int64)]


class User(Sized):
    _fields_ = [("struct_size", c_size_t), ("id", Id), ("name", c_char_p)]


class Content(Sized):
    _fields_ = [("struct_size", c_size_t), ("type", c_char_p), ("id", Id), ("title", c_char_p)]


class Settings(Sized):
    _fields_ = [("struct_size", c_size_t), ("visibility", c_int), ("control", c_int)]  # 0: public, everyone


class SessionInfo(Sized):
    _fields_ = [("struct_size", c_size_t), ("id", Id), ("code", c_char * 9)]


library = ctypes.CDLL("libsyncplay.so.0")
for name, result, *arguments in [
    ("syncplay_strerror", c_char_p, c_int),
    ("syncplay_hub_new", c_int, POINTER(c_void_p), c_int64, POINTER(Config), POINTER(Callbacks), c_void_p),
    ("syncplay_hub_free", None, c_void_p),
    ("syncplay_hub_create", c_int, c_void_p, c_int64, POINTER(User), POINTER(Content), POINTER(Settings), POINTER(Id)),
    ("syncplay_hub_session", c_int, c_void_p, c_int64, POINTER(Id), POINTER(SessionInfo)),
    ("syncplay_hub_connect", c_int, c_void_p, c_int64, c_uint64, POINTER(User)),
    ("syncplay_hub_receive", c_int, c_void_p, c_int64, c_uint64, c_char_p, c_size_t),
    ("syncplay_hub_deadline", c_int64, c_void_p),
    ("syncplay_hub_tick", c_int, c_void_p, c_int64),
    ("syncplay_hub_save", c_int, c_void_p, c_int64, POINTER(Id), c_uint32, c_char_p, c_size_t, POINTER(c_size_t)),
]:
    getattr(library, name).restype = result
    getattr(library, name).argtypes = arguments


# --- The hub, as an object ----------------------------------------------------------------------------------------

def must(error):
    if error != 0:
        raise RuntimeError(library.syncplay_strerror(error).decode())


class Hub:
    def __init__(self, now, unix_time, deliver, entropy):
        self.now = now
        # ctypes keeps no callback alive: as long as the library may call them, they are held here.
        self.callbacks = Callbacks(deliver=Deliver(deliver), entropy=Entropy(entropy))
        # An exception cannot cross C: in a real host, deliver and entropy catch their own.
        self.hub = c_void_p()
        must(library.syncplay_hub_new(byref(self.hub), now, Config(unix_time=unix_time), self.callbacks, None))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        library.syncplay_hub_free(self.hub)

    def create(self, host, content, settings):
        session = Id()
        must(library.syncplay_hub_create(self.hub, self.now, host, content, settings, session))
        return session

    def code(self, session):
        info = SessionInfo()
        must(library.syncplay_hub_session(self.hub, self.now, session, info))
        return info.code.decode()

    def connect(self, connection, user):
        must(library.syncplay_hub_connect(self.hub, self.now, connection, user))

    def receive(self, connection, message):
        raw = message.encode()
        must(library.syncplay_hub_receive(self.hub, self.now, connection, raw, len(raw)))

    def wait(self, duration):
        until = self.now + duration
        while (deadline := library.syncplay_hub_deadline(self.hub)) <= until:
            self.now = max(self.now, deadline)
            must(library.syncplay_hub_tick(self.hub, self.now))
        self.now = until

    def save(self, session):
        buffer = ctypes.create_string_buffer(65536)
        length = c_size_t()
        must(library.syncplay_hub_save(self.hub, self.now, session, 0, buffer, len(buffer), byref(length)))
        return buffer.raw[:length.value]


# --- The evening --------------------------------------------------------------------------------------------------

def say(line):
    sys.stdout.buffer.write(line + b"\n")


def deliver(_, connections, count, raw, length):
    for i in range(count):
        say(b"to %d: %s" % (connections[i], raw[:length]))


next_byte = 0


def count_up(_, raw, length):
    """For a transcript only. A real host leaves this callback out."""
    global next_byte
    ctypes.memmove(raw, bytes((next_byte + i) % 256 for i in range(length)), length)
    next_byte += length
    return True


def number(value):
    return Id(*value.to_bytes(16, "big"))


with Hub(10 * SECOND, 1_795_000_000 * SECOND, deliver, count_up) as hub:
    ana, ben = User(id=number(1), name=b"Ana"), User(id=number(2), name=b"Ben")
    film = Content(type=b"movie", id=number(7), title=b"Big Buck Bunny")
    session = hub.create(ana, film, Settings(visibility=0, control=0))
    code = hub.code(session)
    hub.connect(ANA, ana)
    hub.connect(BEN, ben)
    for seconds, connection, message in STORY:
        hub.wait(seconds * SECOND)
        hub.receive(connection, message.replace("CODE", code))
    saved = hub.save(session)
    say(b"saved, %d bytes: %s" % (len(saved), saved))
