"""Which messages are right: the tables of lib/PROTOCOL.md, as checks. Written from that document alone."""

import json
import re

MAX_BYTES, MAX_DEPTH = 16384, 4
POSITION_MAX = 9007199254740.992
RIGHTS = ("play seek speed content excuse settings invite admit kick ban mute role hand_over end chat delete_chat "
          "waited_for").split()
ROLES = ["host", "controller", "viewer", "chat_only"]
PHASES = ["idle", "waiting", "playing", "paused"]
ERRORS = ("malformed unknown_type bad_field too_large not_joined already_joined not_found ended full removed forbidden stale "
          "duplicate rate_limited chat_disabled limit no_memory bad_invitation bad_resume_token").split()
COMMAND_REASONS = ["stalled", "timeout", "ready", "empty"]
CHANGES = ("joined left ready stalled excused disconnected returned requested admitted denied kicked host role muted unmuted "
           "banned unbanned").split()
GOING = "timeout kicked banned latency denied".split()
ENDINGS = "host timeout shutdown kicked banned denied latency replaced left operator".split()


class Wrong(Exception):
    """What is not as the document says."""


def need(condition, what):
    if not condition:
        raise Wrong(what)


# --- Values


def number(least, most):
    def check(value, where):
        need(type(value) in (int, float), f"{where} is no number")
        need(least <= value <= most, f"{where} is {value}: not {least} to {most}")
    return check


def whole(least, most=2**53):
    def check(value, where):
        number(least, most)(value, where)
        need(value == int(value), f"{where} is {value}: no whole number")
    return check


def text(least, most):
    def check(value, where):
        need(isinstance(value, str), f"{where} is no text")
        need(least <= len(value) <= most, f"{where} has {len(value)} characters: not {least} to {most}")
    return check


def line(least, most):
    def check(value, where):
        text(least, most)(value, where)
        need(not re.search("[\0-\x1f\x7f-\x9f]", value), f"{where} has control characters")
        need(least == 0 or value.strip(" "), f"{where} cannot be seen")
    return check


def one_of(*values):
    def check(value, where):
        need(isinstance(value, str) and value in values, f"{where} is {value!r}: not one of {', '.join(values)}")
    return check


def matching(pattern, what):
    def check(value, where):
        need(isinstance(value, str) and re.fullmatch(pattern, value), f"{where} is {value!r}: no {what}")
    return check


def boolean(value, where):
    need(isinstance(value, bool), f"{where} is neither true nor false")


def list_of(check_one):
    def check(value, where):
        need(isinstance(value, list), f"{where} is no list")
        for i, one in enumerate(value):
            check_one(one, f"{where}[{i}]")
    return check


def fields(required, optional=None, strict=True):
    """An object. What a hub writes is known to the last field; what clients write may have more, and null is no field."""
    def check(value, where):
        need(isinstance(value, dict), f"{where} is no object")
        there = {key: one for key, one in value.items() if strict or one is not None}
        for key in required:
            need(key in there, f"{where} has no {key}")
        for key, one in there.items():
            rule = required.get(key) or (optional or {}).get(key)
            need(rule or not strict, f"{where} has a field {key} that the document does not know")
            if rule:
                rule(one, f"{where}.{key}")
    return check


# A client may write ids in capitals; the hub never does. The id of all zeros is none.
HEX = r"(?!0{8}-0{4}-0{4}-0{4}-0{12})%s{8}-%s{4}-%s{4}-%s{4}-%s{12}"
uuid = matching(HEX.replace("%s", "[0-9a-f]"), "UUID")
any_uuid = matching(HEX.replace("%s", "[0-9a-fA-F]"), "UUID")
time = number(0, POSITION_MAX)
position = number(0, POSITION_MAX)
speed = number(0.25, 4)
anything = number(-1.7976931348623157e308, 1.7976931348623157e308)
token = matching("[A-Za-z0-9_-]{24}", "token")
rights = list_of(one_of(*RIGHTS))
cursor = whole(1)

# --- What a hub writes

USER = {"user_id": uuid, "name": line(1, 32)}
user = fields(USER)
REPORTS = {"round_trip_ms": number(0, POSITION_MAX), "drift_ms": number(-86400000, 86400000),
           "clock_error_ms": number(0, 600000), "start_ms": number(0, 5000)}
participant = fields(
    USER | {"is_host": boolean, "is_connected": boolean, "is_ready": boolean, "is_excused": boolean, "latency_ms": whole(0),
            "joined_at": time, "role": one_of(*ROLES), "is_muted": boolean},
    {"allow": rights, "deny": rights} | REPORTS)
session = fields(
    {"id": uuid, "code": matching("[2-9A-HJKMNP-TV-Z]{4,8}", "code"), "host_user_id": uuid, "content_type": line(1, 50),
     "content_id": uuid, "visibility": one_of("public", "private", "friends"), "control": one_of("everyone", "host"),
     "max_participants": whole(1, 1000), "chat_enabled": boolean, "strangers": one_of("refuse", "knock"),
     "wait": one_of("everyone", "controllers", "nobody")},
    {"title": line(0, 200), "url": line(0, 2000)})
you = fields(USER | {"is_host": boolean, "can_control": boolean, "role": one_of(*ROLES), "rights": rights})
invitation = fields({"id": uuid, "role": one_of(*ROLES[1:]), "made_by": uuid, "created_at": time, "used": whole(0)},
                    {"expires_at": time, "uses": whole(1, 1000000)})
removed = fields({"user_id": uuid, "name": line(0, 32), "is_banned": boolean}, {"until": time})
PLAYBACK = {"is_playing": boolean, "position_ms": position, "server_time": time, "at": time, "playback_speed": speed,
            "phase": one_of(*PHASES), "revision": whole(0), "waiting_for": list_of(uuid)}
command_id = line(1, 64)

SERVER = {
    "state": ({"participants": list_of(participant), "session": session, "you": you, "cursor": cursor} | PLAYBACK,
              {"wait_until": time, "resume_token": token, "knocking": list_of(user), "removed": list_of(removed),
               "invitations": list_of(invitation)}),
    "resumed": ({"resume_token": token, "cursor": cursor, "server_time": time, "you": you}, {}),
    "command": ({"action": one_of("play", "pause", "seek")} | PLAYBACK,
                {"cursor": cursor, "wait_until": time, "reason": one_of(*COMMAND_REASONS), "by": user,
                 "command_id": command_id}),
    "participant": ({"action": one_of(*CHANGES), "user": fields({"user_id": uuid, "name": line(0, 32)})},
                    {"participant": participant, "reason": one_of(*GOING), 
                     "cursor": cursor}),
    "you": ({"you": you}, {}),
    "invitation": ({"action": one_of("created", "used", "revoked"), "invitation": invitation},
                   {"token": token, "by": user, "cursor": cursor, "command_id": command_id}),
    "chat": ({"id": uuid, "user": user, "message": text(1, 500), "timestamp": time},
             {"client_id": command_id, "history": boolean, "cursor": cursor}),
    "chat_deleted": ({"id": uuid, "by": user, "cursor": cursor}, {}),
    "typing": ({"user": user, "typing": boolean}, {}),
    "reaction": ({"user": user, "reaction": text(1, 10)}, {}),
    "pong": ({"client_timestamp": anything, "server_timestamp": time}, {}),
    "session": ({"session": session, "by": user, "cursor": cursor}, {}),
    "error": ({"code": one_of(*ERRORS), "message": text(1, 1000)},
              {"in_reply_to": text(1, 64), "command_id": text(0, MAX_BYTES)}),
    "ended": ({"reason": one_of(*ENDINGS), "message": text(1, 1000)}, {"cursor": cursor}),
}


def check_server(message):
    need(isinstance(message, dict), "the message is no object")
    kind = message.get("type")
    need(kind in SERVER, f"there is no message of type {kind!r}")
    required, optional = SERVER[kind]
    fields({"type": text(1, 20)} | required, optional)(message, kind)


# --- What a client writes

ID = {"user_id": any_uuid}
IN_PARTY = {"command_id": command_id, "revision": whole(0)}
role = one_of("controller", "viewer", "chat_only")

CLIENT = {
    "join": ({"session_code": text(0, MAX_BYTES)},
             {"invitation": text(0, MAX_BYTES), "resume_token": text(0, MAX_BYTES), "cursor": whole(0)}),
    "leave": ({}, {}),
    "play": ({}, {"position_ms": position}),
    "pause": ({}, {"position_ms": position}),
    "seek": ({"position_ms": position}, {}),
    "speed": ({"playback_speed": speed}, {}),
    "ready": ({}, {"buffered_ms": position, "is_ready": boolean}),
    "chat": ({"message": text(1, 500)}, {"id": command_id}),
    "typing": ({}, {"typing": boolean}),
    "react": ({"reaction": text(1, 10)}, {}),
    "ping": ({"timestamp": anything},
             {"server_timestamp": anything, "held_ms": number(0, 1.7976931348623157e308), "drift_ms": REPORTS["drift_ms"],
              "error_ms": REPORTS["clock_error_ms"], "start_ms": REPORTS["start_ms"]}),
    "state": ({}, {}),
    "wait": ({"excused": boolean}, ID),
    "admit": (ID, {}), "deny": (ID, {}), "kick": (ID, {}), "ban": (ID, {}), "unban": (ID, {}), "host": (ID, {}),
    "mute": (ID | {"muted": boolean}, {}),
    "delete": ({"id": any_uuid}, {}),
    "role": (ID, {"role": role, "allow": rights, "deny": rights}),
    "invite": ({}, {"role": role, "expires_in_ms": number(1000, 315360000000), "uses": whole(1, 1000000)}),
    "revoke": ({"invitation_id": any_uuid}, {}),
    "settings": ({}, {"visibility": one_of("public", "private", "friends"), "control": one_of("everyone", "host"),
                      "max_participants": whole(1, 1000), "chat_enabled": boolean, "strangers": one_of("refuse", "knock"),
                      "wait": one_of("everyone", "controllers", "nobody")}),
    "content": ({"content_type": line(1, 50), "content_id": any_uuid}, {"title": line(0, 200), "url": line(0, 2000)}),
    "end": ({}, {}),
}
AT_LEAST_ONE = {"ready": ["buffered_ms", "is_ready"], "role": ["role", "allow", "deny"],
                "settings": ["visibility", "control", "max_participants", "chat_enabled", "strangers", "wait"]}


def first_wins(pairs):
    value = {}
    for key, one in pairs:
        value.setdefault(key, one)
    return value


def parse(data):
    """The JSON value of a client's bytes, or None where they are malformed."""
    def refuse(constant):
        raise ValueError(constant)
    try:
        decoded = data.decode("utf-8")
        value = json.loads(decoded, object_pairs_hook=first_wins, parse_constant=refuse)
    except (ValueError, RecursionError):
        return None

    def depth(value):
        inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
        return 0 if inside is None else 1 + max(map(depth, inside), default=0)

    def has_zero(value):
        if isinstance(value, dict):
            return any(map(has_zero, value)) or any(map(has_zero, value.values()))
        return any(map(has_zero, value)) if isinstance(value, list) else isinstance(value, str) and "\0" in value
    return value if isinstance(value, dict) and depth(value) <= MAX_DEPTH and not has_zero(value) else None


def check_client(data):
    """What a client's bytes are: (type or None, message or None, the code of the error that answers them or None)."""
    if len(data) > MAX_BYTES:
        return None, None, "too_large"
    message = parse(data)
    if message is None:
        return None, None, "malformed"
    kind = message.get("type")
    if not isinstance(kind, str):
        return None, message, "bad_field"
    if kind not in CLIENT:
        return kind, message, "unknown_type"
    required, optional = CLIENT[kind]
    try:
        fields(required, optional | IN_PARTY, strict=False)(message, kind)
        need(kind not in AT_LEAST_ONE or any(message.get(key) is not None for key in AT_LEAST_ONE[kind]), "nothing is said")
        need(kind != "react" or is_reaction(message["reaction"]), "a reaction that can be read")
    except Wrong:
        return kind, message, "bad_field"
    return kind, message, None


def is_reaction(value):
    """Letters, blanks and digits are none, but for the digits of keycaps."""
    rest = re.sub("[0-9#*]\ufe0f?\u20e3", "", value)
    return not any(c.isalnum() or c.isspace() or ord(c) < 0x80 for c in rest)
