"""An independent reader of the wire: reads test vectors and says, as TAP, where they are not as lib/PROTOCOL.md says.

    reader.py [--number N] FILE.jsonl ...     one test a file, from number N on, and one that all of them together show
                                              everything there is
    reader.py --calls                         writes what make_vectors is to play for messages.jsonl: every message of
                                              a client

Written from the document alone, not from the library's code; with Python's standard library only.
"""

import json
import os
import re
import sys

import client_messages
from messages import (CHANGES, CLIENT, COMMAND_REASONS, ENDINGS, ERRORS, GOING, IN_PARTY, PHASES, RIGHTS, SERVER, Wrong,
                      check_client, check_server, need)
from view import View

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../lib/PROTOCOL.md"), encoding="utf-8") as file:
    DOCUMENT = file.read()

# What each message of a client may be answered with, at once, beside an error: to itself, and to others.
ANSWERS = {
    "join": "state resumed participant chat command you ended invitation reaction",
    "leave": "ended participant command you state session",
    "play": "command participant", "pause": "command participant", "seek": "command participant", "speed": "command",
    "ready": "participant command", "chat": "chat", "typing": "typing", "react": "reaction", "ping": "pong state",
    "state": "state", "wait": "participant command", "admit": "participant state chat command", "deny": "participant ended",
    "kick": "participant ended command", "ban": "participant ended command", "unban": "participant",
    "mute": "participant you", "delete": "chat_deleted", "role": "participant you state command",
    "host": "participant you state command", "invite": "invitation", "revoke": "invitation",
    "settings": "session you participant state chat command", "content": "session command participant", "end": "ended",
}
# Whom it is answered by one message of this type at least, to the one who asked.
SURELY = {"leave": "ended", "ping": "pong", "state": "state", "chat": "chat", "react": "reaction", "pause": "command",
          "seek": "command", "speed": "command", "invite": "invitation", "revoke": "invitation", "settings": "session",
          "content": "session", "end": "ended", "delete": "chat_deleted"}
RIGHT = {"play": "play", "pause": "play", "seek": "seek", "speed": "speed", "content": "content", "settings": "settings",
         "invite": "invite", "revoke": "invite", "admit": "admit", "deny": "admit", "kick": "kick", "ban": "ban",
         "unban": "ban", "mute": "mute", "role": "role", "host": "hand_over", "end": "end", "chat": "chat", "typing": "chat",
         "react": "chat"}
REPEATED_IDS = 8


def read_rights(document):
    """The table of roles and rights: for each right what each role has."""
    table = document.split("<!-- rights -->")[1].split("<!-- end of rights -->")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()]
    return {row[0]: dict(zip(rows[0][1:5], row[1:5])) for row in rows[2:]}


RIGHTS_OF = read_rights(DOCUMENT)


class Request:
    """A message of a client, and all that was said because of it."""

    def __init__(self, connection, data, view):
        self.connection = connection
        self.kind, self.message, self.trouble = check_client(data)
        self.was_seated, self.was_knocking = view.is_seated, view.is_knocking
        self.revision = view.playback["revision"] if view.playback else None
        self.rights = view.you["rights"] if view.you else []
        self.outs = []

    def given(self, key):
        return self.message.get(key) if self.message else None


class Reader:
    def __init__(self):
        self.unix = 0
        self.views = {}  # by connection
        self.users = {}
        self.accepted = {}  # the ids of commands that were accepted last, by user
        self.request = self.promise = None
        self.seen = set()
        self.names = {}
        self.chats = {}  # what was said, by id
        self.not_permitted = set()  # users without syncplay.host_controls

    def read(self, record):
        if "out" in record:
            return self.read_out(record)
        self.judge()
        if "unix_ms" in record:
            self.unix = record["unix_ms"]
        elif "connected" in record:
            connection = record["connected"]
            self.views[connection] = View(record["user_id"])
            self.users[connection] = record["user_id"]
            self.names[record["user_id"]] = record["name"]
        elif "from" in record:
            data = bytes.fromhex(record["in_hex"]) if "in_hex" in record else record["in"].encode()
            self.request = Request(record["from"], data, self.views[record["from"]])
            self.at = record["at"]
        elif "dropped" in record:
            old = self.views.pop(record["dropped"])
            self.accepted["gone", self.users[record["dropped"]]] = old
        elif "wrote" in record:
            self.read_client(record["wrote"].encode())
        elif record.get("forbidden") == "syncplay.host_controls":
            self.not_permitted.add(record["user_id"])
        elif "promised" in record:
            self.promise = record["promised"]
        return None

    def read_client(self, data):
        """What the library's own client writes has to be right, and holds nothing that is unknown."""
        kind, message, trouble = check_client(data)
        need(not trouble, f"a client wrote what is answered with {trouble}")
        required, optional = CLIENT[kind]
        need(set(message) <= {"type", *required, *optional, *IN_PARTY}, f"{kind}: unknown fields")
        self.seen.add(f"wrote {kind}")
        self.seen |= {f"wrote {kind} with {key}" for key in message}

    def read_out(self, record):
        message = json.loads(record["out"])
        check_server(message)
        self.note(message)
        self.check_names(message)
        kind, receivers = message["type"], record["to"]
        need(len(set(receivers)) == len(receivers), "told twice")
        if len(receivers) > 1:
            need(("cursor" in message) != (kind in ("typing", "reaction")), "what is told to several has a cursor")
        self.check_time(message, record["at"])
        if kind == "chat":
            self.check_chat(message, record["at"])
        for connection in receivers:
            if kind == "resumed":
                self.resume(connection)
            self.views[connection].take(message)
            self.check_rights(self.views[connection], message)
        if self.request and record["at"] == self.at:
            self.request.outs.append((receivers, message))

    def check_names(self, value):
        """Everybody is called what they are called, wherever they are named."""
        for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            self.check_names(one)
        if isinstance(value, dict) and "name" in value:
            need(value["name"] == self.names.get(value["user_id"], ""), f"{value['user_id']} is not called {value['name']}")

    def check_time(self, message, at):
        now, told = self.unix + at, message.get("server_time")
        need(told in (None, now) or message["type"] == "command" and told < now and self.is_replay(at), "said at another time")

    def is_replay(self, at):
        return self.request and self.request.kind == "join" and self.request.given("resume_token") and at == self.at

    def check_chat(self, message, at):
        said = {key: message[key] for key in ("user", "message", "timestamp")}
        is_old = message.get("history") or self.is_replay(at)
        need(not is_old or self.chats.get(message["id"]) == said, "it was said in another way")
        need(is_old or message["id"] not in self.chats, "the id of a message was there before")
        need(is_old or message["timestamp"] == self.unix + at, "it was said at another time")
        self.chats[message["id"]] = said

    def check_rights(self, view, message):
        if "you" not in message or not view.session:
            return
        mine = message["you"]
        entry = view.participants.get(mine["user_id"], {})
        due = {right for right, by_role in RIGHTS_OF.items() if by_role[mine["role"]] == "yes" or
               by_role[mine["role"]] == "control" and view.session["control"] == "everyone"}
        if message["type"] == "state":
            due = (due | set(entry.get("allow", []))) - set(entry.get("deny", []))
            if mine["user_id"] in self.not_permitted and not mine["is_host"]:
                due -= {"play", "seek", "speed", "content", "excuse"}
            need(due == set(mine["rights"]), f"the rights are {mine['rights']}, the table says {sorted(due)}")

    def resume(self, connection):
        """One who comes back knows what it knew."""
        old = self.accepted.get(("gone", self.users[connection]))
        need(old, "resumed, but nobody was gone")
        old.resume_token = None
        self.views[connection] = old

    def note(self, message):
        kind = message["type"]
        self.seen.add(kind)
        for key in ("action", "reason", "code", "phase"):
            if key in message:
                self.seen.add(f"{kind} {key} {message[key]}")
        for key in message:
            self.seen.add(f"{kind} with {key}")

    # --- What a client's message was answered with

    def judge(self):
        request, self.request = self.request, None
        promise, self.promise = self.promise, None
        if not request:
            return
        self.seen.add(f"client {request.kind}")
        for key in request.message or {}:
            self.seen.add(f"client {request.kind} with {key}")
        mine = [message for receivers, message in request.outs if request.connection in receivers]
        errors = [message for message in mine if message["type"] == "error"]
        code = errors[0]["code"] if errors else None
        if request.trouble:
            need(code == request.trouble, f"answered with {code}: {request.trouble} is due")
        if promise:
            need(code == (None if promise == "ok" else promise), f"answered with {code}: {promise} was promised")
        if errors:
            self.judge_error(request, errors[0])
        else:
            self.judge_success(request, mine)

    def judge_error(self, request, error):
        need(len(request.outs) == 1 and request.outs[0][0] == [request.connection], "an error is told to one, and changes nothing")
        need(request.trouble or error["code"] not in ("malformed", "unknown_type", "too_large"), "it was well formed")
        is_a_type = request.kind and re.fullmatch("[a-z_]{1,16}", request.kind)
        need(error.get("in_reply_to") == (request.kind if is_a_type else None), "in_reply_to is its type")
        if not request.trouble:
            need(error.get("command_id") == self.id_of(request), "the error has the command_id")
        if error["code"] == "stale":
            need(request.given("revision") not in (None, request.revision), "it was not stale")
        if error["code"] == "duplicate":
            ids = self.accepted.get(self.users[request.connection], [])
            need(self.id_of(request) in ids or request.kind == "chat", "it was no duplicate")
        if error["code"] == "not_joined":
            need(not request.was_seated, "it had joined")

    def id_of(self, request):
        given = request.given("id") if request.kind == "chat" else None
        return given if given is not None else request.given("command_id")

    def judge_success(self, request, mine):
        need(request.was_seated or request.kind in ("join", "leave", "ping"), "who has not joined was answered")
        if request.kind in RIGHT and not (request.kind == "delete"):
            need(RIGHT[request.kind] in request.rights, f"without the right {RIGHT[request.kind]}")
        if request.kind in ("play", "pause", "seek", "speed"):
            need(request.given("revision") in (None, request.revision), "it was stale")
        for _, message in request.outs:
            need(message["type"] in ANSWERS[request.kind].split(), f"{request.kind} was answered with {message['type']}")
        sure = SURELY.get(request.kind)
        if sure and (request.was_seated or sure in ("pong", "ended")):
            need(any(message["type"] == sure for message in mine), f"{request.kind} was not answered with {sure}")
        self.judge_content(request, mine)
        if request.kind == "ping":
            self.judge_pong(request, [message for message in mine if message["type"] == "pong"][0])
        self.judge_id(request, mine)

    def judge_content(self, request, mine):
        """The answer says what was asked for, and by whom."""
        for message in mine if request.kind != "join" else []:
            kind, author = message["type"], message.get("by", message.get("user", {})).get("user_id")
            is_by_somebody = kind in ("reaction", "session", "chat_deleted", "command", "chat")
            if is_by_somebody and "reason" not in message and "history" not in message:
                need(author == self.users[request.connection], f"{kind}: by somebody else")
        for kind, asked, told in (("react", "reaction", "reaction"), ("chat", "message", "chat")):
            if request.kind == kind:
                answer = next(message for message in mine if message["type"] == told)
                need(answer[asked] == request.given(asked), f"{kind}: something else was said")
                need(kind == "react" or answer.get("client_id") == self.id_of(request), "client_id is the id that was given")
        command = next((message for message in mine if message["type"] == "command"), None)
        for key, digits in (("position_ms", 3), ("playback_speed", 2)):
            if command and request.kind in ("play", "pause", "seek", "speed") and request.given(key) is not None:
                need(command[key] == round(request.given(key), digits), f"{key} is {command[key]}, and was asked otherwise")
        if request.kind == "settings":
            told = next(message for message in mine if message["type"] == "session")["session"]
            need(all(told[key] == request.given(key) for key in told if request.given(key) is not None), "other settings")
        if request.kind == "content":
            told = next(message for message in mine if message["type"] == "session")["session"]
            need(all(told.get(key) == request.given(key) for key in ("content_type", "title", "url")), "another film")
            need(told["content_id"] == request.given("content_id").lower(), "another film")
            need(command["position_ms"] == 0 and command["phase"] == "idle", "another film begins at 0, idle")

    def judge_pong(self, request, pong):
        need(pong["client_timestamp"] == request.message["timestamp"], "the pong has the number of the ping")
        need(pong["server_timestamp"] == self.unix + self.at, "the pong says when the ping was read")

    def judge_id(self, request, mine):
        given = self.id_of(request)
        if given is None or request.kind in ("state", "ping", "typing", "react"):
            return
        ids = self.accepted.setdefault(self.users[request.connection], [])
        need(given not in ids, "the command_id was repeated, and it was no duplicate")
        ids.append(given)
        del ids[:-REPEATED_IDS]
        answer = {"play": "command", "pause": "command", "seek": "command", "speed": "command", "invite": "invitation"}
        answers = [message for message in mine if message["type"] == answer.get(request.kind)]
        need(not answers or answers[0].get("command_id") == given, "the answer has the command_id")
        need(all("command_id" not in message for message in mine if message not in answers[:1]), "and nothing else has")


def everything():
    """All that the vectors have to show."""
    due = set(SERVER) | {f"command action {one}" for one in ("play", "pause", "seek")}
    due |= {f"command phase {one}" for one in PHASES} | {f"command reason {one}" for one in COMMAND_REASONS}
    due |= {f"participant action {one}" for one in CHANGES} | {f"ended reason {one}" for one in ENDINGS}
    due |= {f"participant reason {one}" for one in GOING}
    due |= {f"invitation action {one}" for one in ("created", "used", "revoked")}
    due |= {f"error code {one}" for one in ERRORS if one != "no_memory"}
    due |= {f"{kind} with {key}" for kind, both in SERVER.items() for one in both for key in one}
    for kind, both in CLIENT.items():
        due |= {f"client {kind} with {key}" for one in both + (IN_PARTY,) for key in one}
        due |= {f"wrote {kind} with {key}" for one in both for key in one}
    return due


def document_says(document):
    """The types in the two tables of the document and its errors are those that are known here."""
    tables = re.split("^##+ ", document, flags=re.M)
    named = {}
    for part in tables:
        rows = re.findall(r"^\| \**([a-z_, ]+?)\** \|", part, flags=re.M)
        named[part.split("\n")[0]] = {one for row in rows for one in row.split(", ")} - {"type"}
    for title, known in (("Client to server", set(CLIENT)), ("Server to client", set(SERVER))):
        need(named[title] == known, f"{title}: {sorted(named[title] ^ known)}")
    errors = re.findall("`([a-z_]+)`", [part for part in tables if part.startswith("Errors")][0].split("\n\n")[1])
    need(set(errors[:len(ERRORS)]) == set(ERRORS), f"errors: {sorted(set(errors) ^ set(ERRORS))}")
    need(set(RIGHTS_OF) == set(RIGHTS), "rights")


class Tap:
    def __init__(self, number):
        self.count, self.failed = number - 1, 0

    def test(self, name, function, *arguments):
        self.count += 1
        try:
            function(*arguments)
            print(f"ok {self.count} - {name}")
        except Wrong as wrong:
            self.failed += 1
            print(f"not ok {self.count} - {name}\n# {wrong}")


def read_file(path, seen):
    reader = Reader()
    with open(path, encoding="utf-8") as file:
        for row, line in enumerate(file, 1):
            try:
                reader.read(json.loads(line))
            except Wrong as wrong:
                seen.update(reader.seen)
                raise Wrong(f"{path}:{row}: {wrong}\n# {line.strip()[:2000]}") from None
    reader.judge()
    seen.update(reader.seen)


def all_is_shown(seen):
    missing = everything() - seen
    need(not missing, "no vector shows " + ", ".join(sorted(missing)))


def main(arguments):
    if arguments == ["--calls"]:
        print("\n".join(client_messages.calls()))
        return 0
    number = 1
    if arguments[:1] == ["--number"]:
        number, arguments = int(arguments[1]), arguments[2:]
    tap, seen = Tap(number), set()
    tap.test("the reader and the document name the same messages, errors and rights", document_says, DOCUMENT)
    for path in arguments:
        tap.test(os.path.basename(path), read_file, path, seen)
    tap.test("the vectors show every message, field, action, reason and error", all_is_shown, seen)
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
