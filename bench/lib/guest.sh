# shellcheck shell=bash
# shellcheck disable=SC2034 # the other files use these
# SPDX-License-Identifier: Apache-2.0
# What runs inside the containers, the same for every system: each is one line for bash -c.

# A file that only a container's own tree has: a probe that sees it is through the door and not half-way.
MARK=/etc/berth-bench

# Prints systemd's state when it has booted: running, or what went wrong. Waits in bash itself; nothing is started for it.
BOOTED='exec 9<> <(:); until [[ -S /run/systemd/private ]] || ((SECONDS > 60)); do read -rt 0.004 -u 9; done; '
BOOTED+='until s=$(systemctl is-system-running --wait 2>/dev/null) || [[ $s == degraded || $s == maintenance ]]; do '
BOOTED+='((SECONDS < 60)) || break; read -rt 0.004 -u 9; done; printf "%s" "${s:-no answer in 60 s}"'

# The units that failed, on one line.
FAILED_UNITS='systemctl list-units --failed --plain --no-legend | cut -d" " -f1 | tr "\n" " "'

# Microseconds from the start of systemd's manager to the end of the boot, by systemd's own clock.
OWN_BOOT='eval "$(systemctl show -p UserspaceTimestampMonotonic -p FinishTimestampMonotonic)"; '
OWN_BOOT+='printf "%s" "$((FinishTimestampMonotonic - UserspaceTimestampMonotonic))"'

# /run is new at each boot.
STAMP='touch /run/berth-bench'
REBOOTED="[[ ! -e /run/berth-bench ]] || exit 75; $BOOTED"
