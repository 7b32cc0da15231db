"""Every message of a client, written from lib/PROTOCOL.md: with each of its fields, and wrong in each of them, with the error
that the document promises. As calls for make_vectors, one each half a second, to a party of three."""

import json

SMALLEST, LARGEST = 0, 9007199254740.992
NOBODY = "ab000000-0000-0000-0000-0000000000ff"
NONE = "00000000-0000-0000-0000-000000000000"

START = """0 create ana public
0 connect 1 ana
0 connect 2 ben
0 connect 3 cleo
0 connect 4 ana
0 connect 5 dan
1 send 5 {"type":"play"}
2 send 5 {"type":"nothing_that_is_known"}
3 send 5 {"type":"ping","timestamp":1}
4 send 5 {"type":"leave"}
5 send 1 {"type":"join","session_code":"$code"}
6 send 2 {"type":"join","session_code":"$odd"}
7 send 3 {"type":"join","session_code":"$code","command_id":"join-1"}""".splitlines()

# What is right, in an order in which it has an effect: (connection, type, fields).
RIGHT = [
    (1, "ready", {"buffered_ms": 5000, "revision": 0}), (2, "ready", {"is_ready": True, "command_id": "r"}),
    (3, "ready", {"buffered_ms": 0, "is_ready": True}),
    (1, "play", {"position_ms": 1000.5, "command_id": "p", "revision": 0}), (2, "pause", {"revision": 2, "position_ms": 1500}),
    (2, "seek", {"position_ms": LARGEST, "command_id": "s", "revision": 3}), (2, "seek", {"position_ms": SMALLEST}),
    (2, "speed", {"playback_speed": 0.25, "command_id": "v", "revision": 5}), (2, "speed", {"playback_speed": 4}),
    (1, "speed", {"playback_speed": 1.25}), (1, "pause", {"command_id": "w"}),
    (2, "chat", {"message": "ä", "id": "m"}), (2, "chat", {"message": "😀" * 500, "command_id": "n" * 64, "revision": 0}),
    (3, "typing", {}), (3, "typing", {"typing": False, "command_id": "t", "revision": 0}), (3, "typing", {"typing": True}),
    (3, "react", {"reaction": "❤️", "command_id": "e", "revision": 0}), (3, "react", {"reaction": "1️⃣"}),
    (1, "ping", {"timestamp": -1.5}),
    (1, "ping", {"timestamp": 1e300, "server_timestamp": 1795000000000, "held_ms": 0, "drift_ms": -86400000, "error_ms": 0,
                 "start_ms": 0, "revision": 8, "command_id": "i"}),
    (1, "ping", {"timestamp": 0, "drift_ms": 86400000, "error_ms": 600000, "start_ms": 5000}),
    (1, "state", {"command_id": "z", "revision": 0}),
    (2, "wait", {"excused": True, "command_id": "x", "revision": 8}), (2, "wait", {"excused": False}),
    (1, "wait", {"excused": True, "user_id": "$cleo"}), (1, "wait", {"excused": False, "user_id": "$cleo"}),
    (1, "mute", {"user_id": "$cleo", "muted": True, "command_id": "mu", "revision": 8}),
    (1, "mute", {"user_id": "$cleo", "muted": False}),
    (1, "delete", {"id": "$chat", "command_id": "d", "revision": 8}),
    (1, "role", {"user_id": "$cleo", "role": "controller", "allow": ["kick", "ban"], "deny": [], "command_id": "ro",
                 "revision": 8}),
    (1, "role", {"user_id": "$cleo", "role": "chat_only"}), (1, "role", {"user_id": "$cleo", "deny": ["chat"]}),
    (1, "role", {"user_id": "$cleo", "role": "viewer", "allow": [], "deny": []}),
    (1, "invite", {}), (1, "revoke", {"invitation_id": "$invitation", "command_id": "k", "revision": 8}),
    (1, "invite", {"role": "chat_only", "expires_in_ms": 1000, "uses": 1, "command_id": "in", "revision": 8}),
    (1, "invite", {"expires_in_ms": 315360000000, "uses": 1000000}),
    (1, "settings", {"visibility": "private", "control": "host", "max_participants": 4, "chat_enabled": False,
                     "strangers": "knock", "wait": "controllers", "command_id": "se", "revision": 8}),
    (1, "settings", {"control": "everyone", "chat_enabled": True, "wait": "everyone"}),
    (5, "join", {"session_code": "$code"}), (1, "deny", {"user_id": "$dan", "command_id": "de", "revision": 8}),
    (5, "join", {"session_code": "$code"}), (1, "admit", {"user_id": "$dan", "command_id": "a", "revision": 8}),
    (1, "kick", {"user_id": "$dan", "command_id": "ki", "revision": 8}),
    (1, "unban", {"user_id": "$dan", "command_id": "u", "revision": 8}), (1, "invite", {"role": "controller"}),
    (5, "join", {"session_code": "$code", "invitation": "$token", "command_id": "jo", "revision": 0}),
    (1, "ban", {"user_id": "$dan", "command_id": "b", "revision": 8}), (1, "ban", {"user_id": NOBODY}),
    (1, "host", {"user_id": "$ben", "command_id": "h", "revision": 8}),
    (2, "host", {"user_id": "$ana"}),
    (1, "content", {"content_type": "episode", "content_id": "F1000000-0000-0000-0000-00000000000A", "title": "t" * 200,
                    "url": "/" * 2000, "command_id": "c", "revision": 8}),
    (1, "content", {"content_type": "x" * 50, "content_id": NOBODY}),
    (4, "join", {"session_code": "$code", "resume_token": "$resume1", "cursor": 0}),
    (3, "leave", {"command_id": "l", "revision": 0}),
]

NO_LINE = ["a\nb", "a\u007f", "\u0085", "  "]
NOT_TEXT = [7, True, [], {}]
NOT_ID = ["", "x", 7, NONE, "ab000000-0000-0000-0000-00000000000", "{ab000000-0000-0000-0000-000000000001}"]
NOT_BOOL, NOT_POSITION = [0, "true", []], [-0.001, 9007199254741, "0", True, [], 1e400]
NOT_REVISION = [-1, 0.5, "0", 9007199254740994, True]
RIGHTS_WRONG = ["chat", ["nothing"], [7], {}, [["chat"]]]

# What is wrong: type, fields that are right, and for each field values that are not. Missing where there is None.
WRONG = [
    ("join", {"session_code": "$code"}, {"session_code": [None] + NOT_TEXT, "invitation": NOT_TEXT, "resume_token": NOT_TEXT,
                                         "cursor": NOT_REVISION}),
    ("play", {}, {"position_ms": NOT_POSITION, "revision": NOT_REVISION, "command_id": NOT_TEXT + NO_LINE + ["", "x" * 65]}),
    ("pause", {}, {"position_ms": NOT_POSITION}), ("seek", {"position_ms": 0}, {"position_ms": [None] + NOT_POSITION}),
    ("speed", {"playback_speed": 1}, {"playback_speed": [None, 0.2499, 4.01, "1", True]}),
    ("ready", {"buffered_ms": 0}, {"buffered_ms": [None] + NOT_POSITION, "is_ready": NOT_BOOL}),
    ("chat", {"message": "x"}, {"message": [None, "", "x" * 501] + NOT_TEXT, "id": NOT_TEXT + NO_LINE + ["", "x" * 65]}),
    ("typing", {}, {"typing": NOT_BOOL}),
    ("react", {"reaction": "👍"}, {"reaction": [None, "", "yes", "👍" * 11, "👍 👍", "4"] + NOT_TEXT}),
    ("ping", {"timestamp": 0}, {"timestamp": [None, "0", True], "server_timestamp": ["0"], "held_ms": [-1, "0"],
                                "drift_ms": [-86400001, 86400001, "0"], "error_ms": [-1, 600001], "start_ms": [-1, 5001]}),
    ("wait", {"excused": True}, {"excused": [None] + NOT_BOOL, "user_id": NOT_ID}),
    ("mute", {"user_id": "$ben", "muted": True}, {"user_id": [None] + NOT_ID, "muted": [None] + NOT_BOOL}),
    ("delete", {"id": NOBODY}, {"id": [None] + NOT_ID}),
    ("role", {"user_id": "$ben", "role": "viewer"}, {"user_id": [None] + NOT_ID, "role": [None, "host", "", 7],
                                                     "allow": RIGHTS_WRONG, "deny": RIGHTS_WRONG}),
    ("invite", {}, {"role": ["host", 7], "expires_in_ms": [999, 315360000001, "1000"], "uses": [0, 1000001, 1.5, "1"]}),
    ("revoke", {"invitation_id": NOBODY}, {"invitation_id": [None] + NOT_ID}),
    ("settings", {"wait": "everyone"}, {"visibility": ["open", 1], "control": ["viewers", 1], "chat_enabled": NOT_BOOL,
                                        "max_participants": [0, 1001, 1.5, "4"], "strangers": ["admit", 1],
                                        "wait": [None, "host", 1]}),
    ("content", {"content_type": "movie", "content_id": NOBODY},
     {"content_type": [None, "", "x" * 51] + NOT_TEXT + NO_LINE, "content_id": [None] + NOT_ID, "title": ["x" * 201, "a\u0085"] + NOT_TEXT,
      "url": ["x" * 2001, "a\n"] + NOT_TEXT}),
] + [(kind, {"user_id": "$ben"}, {"user_id": [None] + NOT_ID}) for kind in ("admit", "deny", "kick", "ban", "unban", "host")]

# Bytes that are no message, and such that are one all the same.
BYTES = [
    (b"", "malformed"), (b"{", "malformed"), (b"7", "malformed"), (b"[]", "malformed"), (b"null", "malformed"),
    (b'{"type":"state"} {}', "malformed"), (b"{'type':'state'}", "malformed"), (b'{"type":"state",}', "malformed"),
    (b'{"type":"state","x":[[[[1]]]]}', "malformed"), (b'{"type":"state","x":[[[1]]]}', "ok"),
    (b'{"type":"state","x":"\\u0000"}', "malformed"), (b'{"type":"state","x":"\0"}', "malformed"),
    (b'{"type":"state","x":"\t"}', "malformed"), (b'{"type":"state","x":"\xff"}', "malformed"),
    (b'{"type":"state","x":"\xed\xa0\x80"}', "malformed"), (b'{"type":"state","x":"\xc0\x80"}', "malformed"),
    (b'\xef\xbb\xbf{"type":"state"}', "malformed"), (b'{"type":"state","x":NaN}', "malformed"),
    (b' \r\n\t{ "type" : "state" } \n', "ok"), (b'{"type":"st\\u0061te"}', "ok"), (b'{"type":"state","type":"end"}', "ok"),
    (b'{"Type":"state"}', "bad_field"), (b"{}", "bad_field"), (b'{"type":7}', "bad_field"), (b'{"type":null}', "bad_field"),
    (b'{"type":""}', "unknown_type"), (b'{"type":"State"}', "unknown_type"), (b'{"type":"auth"}', "unknown_type"),
    (b'{"type":"state","more":{"x":[1,true,null]}}', "ok"), (b'{"type":"ready","is_ready":null}', "bad_field"),
    (b'{"type":"state","command_id":null,"revision":null}', "ok"), (b'{"type":"state","revision":0.0}', "ok"),
    (b'{"type":"settings","max_participants":1e1}', "ok"), (b'{"type":"abcdefghijklmnop"}', "unknown_type"),
    (b'{"type":"abcdefghijklmnopq"}', "unknown_type"), (b'{"type":"admit","user_id":null}', "bad_field"),
    (b'{"type":"speed","playback_speed":1.499}', "ok"), (b'{"type":"seek","position_ms":1.0006}', "ok"),
]


def line(at, connection, message):
    return f"{at} send {connection} {json.dumps(message, ensure_ascii=False)}"


def wrong_ones():
    for kind, right, fields in WRONG:
        for key, values in fields.items():
            for value in values:
                message = {"type": kind} | right | {key: value}
                yield {name: one for name, one in message.items() if one is not None}


def calls():
    yield from START
    at = 1000
    for connection, kind, fields in RIGHT:
        yield f"{at} promise {connection} ok"
        yield line(at, connection, {"type": kind} | fields)
        at += 500
    for message in wrong_ones():
        yield f"{at} promise 4 bad_field"
        yield line(at, 4, message).replace("Infinity", "1e400")
        at += 500
    for data, code in BYTES:
        yield f"{at} promise 4 {code}"
        yield f"{at} send-hex 4 {data.hex()}"
        at += 500
    for length, code in ((16384, "ok"), (16385, "too_large")):
        yield f"{at} promise 4 {code}"
        yield f'{at} send-long 4 {length} {{"type":"state"}}'
    yield f"{at} promise 4 ok"
    yield f'{at} send 4 {{"type":"end","command_id":"en","revision":0}}'
