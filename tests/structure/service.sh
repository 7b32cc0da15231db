# The system service: systemd understands the unit as it is installed, and counts how much the service could still do.
. "$(dirname "$0")/tap.bash"

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
unit=$place/syncplay-server.service
sed "s|@BINDIR@|$(realpath "$BUILD")|; s|@SYSCONFDIR@|/etc|" server/syncplay-server.service >"$unit"

# 0 is nothing, 10 is everything; 1.2 is what it takes to be a server at all.
EXPOSURE_MAX=1.5

is_closed() {
    systemd-analyze security --offline=true --threshold="${EXPOSURE_MAX/./}" "$unit" >"$place/exposure" || cat "$place/exposure"
}

settings_are_right() {
    "$BUILD/syncplay-server" --check-config --config server/syncplay.yaml --database "$place/syncplay.db" | grep -vx "the configuration is right"
    true
}

# Where the settings put the database, there the unit lets it write.
database_has_its_place() {
    grep -qx '  database: /var/lib/syncplay/syncplay.db' server/syncplay.yaml && grep -qx 'StateDirectory=syncplay' "$unit"
}

user_is_the_same() {
    grep -q "^u $(sed -n 's/^User=//p' "$unit") " server/syncplay.sysusers
}

check "systemd understands the unit" systemd-analyze verify --man=no "$unit"
check "its exposure is below $EXPOSURE_MAX" is_closed
check "the service's settings are right" settings_are_right
check "the database lies where the service may write" database_has_its_place
check "the user of the service is the one that is made" user_is_the_same
finish
