"""What one connection knows of its party, from the messages that it was told; and whether each `state` agrees with it."""

from messages import need

# Never told but in a state, so nothing that is known before.
FIGURES = ["latency_ms", "round_trip_ms", "drift_ms", "clock_error_ms", "start_ms"]
MAY_CHANGE = {"ready": ["is_ready", "is_excused"], "stalled": ["is_ready", "is_excused"], "excused": ["is_excused"],
              "disconnected": ["is_connected"], "returned": ["is_connected"],
              "host": ["is_host", "role", "is_muted", "allow", "deny"],
              "role": ["role", "is_muted", "allow", "deny"], "muted": ["is_muted", "deny"], "unmuted": ["is_muted", "deny"]}
LISTS = {"knocking": "admit", "removed": "ban", "invitations": "invite"}
READY_THRESHOLD = 1000
AWAY = ["ready", "excused", "disconnected", "left", "kicked"]


def position_at(playback, t):
    moves = max(0, t - max(playback["server_time"], playback["at"])) if playback["is_playing"] else 0
    return playback["position_ms"] + moves * playback["playback_speed"]


def without_figures(entry):
    return {key: value for key, value in entry.items() if key not in FIGURES}


class View:
    def __init__(self, user_id):
        self.user_id = user_id
        self.resume_token = None
        self.cursor = 0  # of the last message that came, also after the seat is lost
        self.forget()

    def forget(self):
        self.is_seated = self.is_knocking = False
        self.playback = self.session = self.you = None
        self.participants = {}
        self.lists = {}
        self.waits_for_less = False  # a role or a setting has changed, which may shorten waiting_for

    def has(self, right):
        return right in self.you["rights"]

    # --- One message after the other

    def take(self, message):
        kind = message["type"]
        if kind in ("state", "resumed"):
            self.resume_token = message.get("resume_token", self.resume_token)
        elif "cursor" in message:
            need(message["cursor"] > self.cursor, "the cursor did not grow")
            self.cursor = message["cursor"]
        getattr(self, "take_" + kind, self.take_nothing)(message)

    def take_nothing(self, message):
        pass

    def take_state(self, state):
        if self.is_seated:
            self.compare(state)
        need(state["cursor"] >= self.cursor, "the cursor of the state is older than the last message")
        self.check_consistent(state)
        self.is_seated, self.is_knocking, self.cursor = True, False, state["cursor"]
        self.playback, self.session, self.you = state, state["session"], state["you"]
        self.participants = {entry["user_id"]: entry for entry in state["participants"]}
        self.lists = {name: state[name] for name in LISTS if name in state}

    def take_resumed(self, message):
        self.is_seated, self.you = True, message["you"]
        need(self.playback, "resumed, but nothing was known")

    def take_command(self, command):
        check_playback(command)
        leads_to = {"play": ["playing"], "pause": ["idle", "paused", "waiting"], "seek": ["idle", "paused", "waiting"]}
        need(command["phase"] in leads_to[command["action"]], f"{command['action']} leads to the phase {command['phase']}")
        moved = command["position_ms"] - position_at(self.playback, command["server_time"])
        if "cursor" not in command:  # nothing has changed: an answer to the one who asked
            need(command["revision"] == self.playback["revision"] and abs(moved) < 0.002, "a change without a cursor")
            return
        need(command["revision"] == self.playback["revision"] + 1,
             f"revision {command['revision']} follows {self.playback['revision']}")
        if command["action"] == "seek" or ("by" in command and abs(moved) > READY_THRESHOLD):
            for entry in self.participants.values():
                entry["is_ready"] = False
        self.playback = command
        self.waits_for_less = False

    def take_participant(self, message):
        action, who = message["action"], message["user"]["user_id"]
        entry = message.get("participant")
        if entry:
            need(entry["user_id"] == who and entry["name"] == message["user"]["name"], "the entry is of somebody else")
            self.check_change(action, entry)
            self.participants[who] = entry
        else:
            need(action in ("left", "kicked", "requested", "admitted", "denied", "banned", "unbanned"), f"{action}: no entry")
        need("reason" not in message or action in ("left", "kicked", "denied"), f"{action} with a reason")
        if action in ("left", "kicked"):
            need(self.participants.pop(who, None), f"{who} {action}, who was not there")
        self.waits_for_less |= action in ("role", "host")
        if action == "host":
            for other in self.participants.values():
                if other["is_host"] and other["user_id"] != who:
                    other["is_host"] = False
                    other["role"] = "controller"
            self.session = self.session | {"host_user_id": who}
        if action == "requested" and who == self.user_id:
            self.is_knocking = True
        if self.playback and action in AWAY:
            self.playback = self.playback | {"waiting_for": [one for one in self.playback["waiting_for"] if one != who]}
        self.change_lists(action, message["user"])

    def check_change(self, action, entry):
        promised = {"ready": ("is_ready", True), "stalled": ("is_ready", False), "excused": ("is_excused", True),
                    "disconnected": ("is_connected", False), "returned": ("is_connected", True), "host": ("is_host", True),
                    "muted": ("is_muted", True), "unmuted": ("is_muted", False)}
        if action in promised:
            key, value = promised[action]
            need(entry[key] is value, f"{action}, but {key} is {entry[key]}")
        if not self.is_seated:
            return
        known = self.participants.get(entry["user_id"])
        need((action == "joined") != bool(known), f"{action}: was it there before?")
        for key in {*entry, *(known or {})} - {*FIGURES, *MAY_CHANGE.get(action, entry)}:
            need(entry.get(key) == known.get(key) or key == "is_excused" and known["is_ready"],
                 f"{action}, and {key} has changed from {known.get(key)}")

    def change_lists(self, action, user):
        def without(name):
            return [one for one in self.lists[name] if one["user_id"] != user["user_id"]]
        if "knocking" in self.lists and action in ("requested", "admitted", "denied", "joined", "kicked"):
            self.lists["knocking"] = without("knocking") + ([user] if action == "requested" else [])
        if "removed" in self.lists and action in ("banned", "unbanned"):
            self.lists["removed"] = without("removed") + ([user | {"is_banned": True}] if action == "banned" else [])

    def take_you(self, message):
        self.you = message["you"]
        self.lists = {name: one for name, one in self.lists.items() if self.has(LISTS[name])}

    def take_invitation(self, message):
        need(self.has("invite"), "told of an invitation without the right")
        need("token" not in message or message["action"] == "created", "a token again")
        if "invitations" not in self.lists:
            return
        one = message["invitation"]
        rest = [other for other in self.lists["invitations"] if other["id"] != one["id"]]
        is_open = message["action"] != "revoked" and one.get("uses", one["used"] + 1) > one["used"]
        self.lists["invitations"] = rest + ([one] if is_open else [])

    def take_session(self, message):
        self.waits_for_less = True
        self.session = message["session"]

    def take_ended(self, message):
        self.forget()

    # --- A state agrees with what was told

    def compare(self, state):
        for key in ("revision", "phase", "is_playing", "playback_speed"):
            need(state[key] == self.playback[key], f"{key} is {state[key]}, and {self.playback[key]} was told")
        expected = position_at(self.playback, state["server_time"])
        need(abs(state["position_ms"] - expected) < 0.002, f"position_ms is {state['position_ms']}, and not {expected}")
        self.compare_waiting(state)
        ids = [entry["user_id"] for entry in state["participants"]]
        need(ids == list(self.participants), f"the participants are {ids}, and {list(self.participants)} was told")
        for entry in state["participants"]:
            known = without_figures(self.participants[entry["user_id"]])
            if known["is_excused"] and known["is_ready"]:  # that somebody is waited for again is not told
                known["is_excused"] = entry["is_excused"]
            need(without_figures(entry) == known, f"{entry['name']} is {without_figures(entry)}, and {known} was told")
        need(state["session"] == self.session, f"the session is {state['session']}, and {self.session} was told")
        # Who gets a right with a list gets the state in place of `you`.
        if all(name in self.lists for name in LISTS if name in state):
            need(state["you"] == self.you, f"you are {state['you']}, and {self.you} was told")
        for name, known in self.lists.items():
            there = state[name]
            if name == "removed":  # nobody is told of the end of a kick's time
                there, known = ([one for one in both if one["is_banned"]] for both in (there, known))
            need(sorted(there, key=str) == sorted(known, key=str), f"{name} is {there}, and {known} was told")

    def compare_waiting(self, state):
        told = set(self.playback["waiting_for"])
        need(self.waits_for_less or told <= set(state["waiting_for"]),
             f"waiting_for is {state['waiting_for']}, and {self.playback['waiting_for']} was told")
        for one in set(state["waiting_for"]):
            entry = self.participants[one]
            need(one in told or not entry["is_ready"], "waits for somebody who is ready")
            need(entry["is_connected"] and not entry["is_excused"], "waits for somebody who is away, or excused")

    def check_consistent(self, state):
        check_playback(state)
        entries = {entry["user_id"]: entry for entry in state["participants"]}
        hosts = [entry["user_id"] for entry in entries.values() if entry["is_host"]]
        need(hosts == [state["session"]["host_user_id"]], "one host, the session's")
        mine = entries.get(state["you"]["user_id"])
        need(mine and state["you"]["user_id"] == self.user_id, "you are among the participants")
        need((mine["role"], mine["is_host"]) == (state["you"]["role"], state["you"]["is_host"]), "you and your entry agree")
        need(state["you"]["can_control"] == ("play" in state["you"]["rights"]), "can_control is the right to play")
        for name, right in LISTS.items():
            need((name in state) == (right in state["you"]["rights"]), f"{name} is told to those with the right {right}")
        for entry in entries.values():
            need((entry["role"] == "host") == entry["is_host"], "the host has the role host")
            need(entry["is_muted"] == ("chat" in entry.get("deny", [])), "muted is who is denied the chat")


def check_playback(playback):
    need(playback["is_playing"] == (playback["phase"] == "playing"), "is_playing is the phase playing")
    need(("wait_until" in playback) == (playback["phase"] == "waiting"), "wait_until is there while waiting")
    need(playback["phase"] == "waiting" or not playback["waiting_for"], "waiting_for is empty unless waiting")
    need(playback["at"] >= playback["server_time"], "at is never past")
    need(playback["is_playing"] or playback["at"] == playback["server_time"], "at is now unless playing")
