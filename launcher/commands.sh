# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The commands besides up and down.

usage() {
    cat <<'END'
usage: berth COMMAND

  up                       install what is missing, build, start everything; harmless when all runs
  down [--purge [--yes]]   stop everything, keep the data; --purge deletes it
  status [--json]          what runs
  doctor                   what this machine has and lacks, with the cure
  logs [NAME] [-f]         the logs of agent, gateway, platform or postgres; -f follows
  test [MAVEN ARGUMENT]…   install what tests need, run every gate and test
  bench [ARGUMENT]…        measure, side by side with what the machine can install
  backup FILE              the database into a new file, while everything runs
  restore FILE             it back, with the platform stopped meanwhile; what was there is kept beside it
  audit verify             recompute the chain of the audit trail
  run NAME                 one process in the foreground, for a service manager

  image build ALIAS        build an image, such as debian/bookworm      image ls
  image import ALIAS FILE  make one of an archive: tar, squashfs, LXD, docker save, OCI
  ls                       the containers of this node
  ids                      the uid ranges that they have or had, and who else has ids of them
  inspect, attach, console, plan, denials CONTAINER
  grant, revoke CONTAINER RULE      an exception from a seccomp rule      patch add, rm, show, ls

docs/berth.1 says more: man -l docs/berth.1
END
}

# Everything that speaks to the agent is Java. Replaces this process, so call it in a subshell to come back.
command_line_interface() {
    find_jdk || die_without_jdk_now
    find_deployed
    only_settings_in_environment agent
    exec "$JAVA_HOME/bin/java" -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData \
        --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
        -cp "$(class_path core)" io.berth.core.cli.BerthCommand "$@"
}

die_without_jdk_now() {
    die "no JDK $OLDEST_JDK or newer found; 'berth up' installs one where it can, or set JAVA_HOME"
}

# The build that `up` put in place. Sets DIST.
find_deployed() {
    DIST=$BERTH_STATE_DIR/dist/current
    [[ -d $DIST/core ]] || die "not set up yet; run 'berth up' as root first"
    DIST=$(readlink -f "$DIST")
}

# What has to be there before Java can look at the rest.
doctor() {
    local missing
    mapfile -t missing < <(missing_packages "${NEEDED_TO_RUN[@]}")
    find_jdk || missing+=("JDK-$OLDEST_JDK")
    if ((${#missing[@]} > 0)); then
        printf 'missing  %s: run '\''berth up'\'' as root, which installs it\n' "${missing[@]}"
    fi
    if [[ -z ${JAVA_HOME:-} || ! -d $BERTH_STATE_DIR/dist/current/core ]]; then
        printf 'missing  build: run '\''berth up'\'' as root, then '\''berth doctor'\'' looks at the kernel as well\n'
        return 1
    fi
    (command_line_interface doctor "$@") && ((${#missing[@]} == 0))
}

show_logs() {
    local argument follow=no files=()
    for argument in "$@"; do
        case $argument in
            -f) follow=yes ;;
            agent | gateway | platform | postgres) files+=("$BERTH_LOG_DIR/$argument.log") ;;
            *) die "no log '$argument'; use agent, gateway, platform or postgres, and -f to follow" ;;
        esac
    done
    ((${#files[@]} > 0)) || mapfile -t files < <(compgen -G "$BERTH_LOG_DIR/*.log")
    [[ -r ${files[0]:-} ]] ||
        die "no log to read in $BERTH_LOG_DIR; run 'berth up' first, and this as root"
    if [[ $follow == yes ]]; then
        exec tail -n 50 -F -- "${files[@]}"
    fi
    exec tail -n 200 -- "${files[@]}"
}

# For a service manager, which brings account, log and restarts itself; `up` has to have been run once.
run_in_foreground() {
    [[ ${1:-} =~ ^(agent|gateway|platform|postgres)$ ]] || die "'berth run' takes agent, gateway, platform or postgres"
    find_jdk || die_without_jdk_now
    find_deployed
    # shellcheck disable=SC2034 # postgres.sh reads it
    POSTGRES_HOME=$(compgen -G "$BERTH_STATE_DIR/dist/postgres-*" | tail -n 1)
    command_of "$1" /tmp # the service manager's private one
    only_settings_in_environment "$1"
    cd / || die "/ cannot be entered"
    exec "${COMMAND[@]}"
}

# The database's tools are the platform's jar and run as its account; files are opened by root. What they say goes to standard error.
maintenance() {
    find_jdk || die_without_jdk_now
    find_deployed
    unprivileged "$BERTH_PLATFORM_USER"
    only_settings_in_environment platform
    cd / || die "/ cannot be entered"
    "${UNPRIVILEGED[@]}" "$JAVA_HOME/bin/java" -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData \
        -cp "$(class_path platform)" io.berth.platform.maintenance.MaintenanceCommand "$@"
}

backup() {
    require_root backup
    [[ $# -eq 1 ]] || die "'berth backup' takes the name of the file to write"
    [[ ! -e $1 ]] || die "$1 exists already; name a new file"
    local file
    file=$(realpath -m -- "$1")
    rm -f -- "$file.new"
    (umask 077 && set -C && : >"$file.new") || die "$file.new can't be written" # a file of ours alone: all hashes are in it
    (maintenance backup >"$file.new" </dev/null) || {
        rm -f -- "$file.new"
        die "no backup was made"
    }
    sync -- "$file.new"
    mv -T -- "$file.new" "$file"
}

# Containers and sessions go on meanwhile, as whenever the platform is away.
restore() {
    require_root restore
    [[ $# -eq 1 && -r $1 ]] || die "'berth restore' takes the name of a file that 'berth backup' has written"
    local ran=no status=0
    lock
    if is_running platform; then
        ran=yes
        stop_process platform TERM 30
    fi
    (maintenance restore <"$1") || status=$?
    if [[ $ran == yes ]]; then
        find_jdk || die_without_jdk_now
        find_deployed
        start_process platform
        await_ready platform 120 platform_is_ready
    fi
    ((status == 0)) || die "nothing was restored"
}

verify_audit() {
    require_root audit
    [[ ${1:-} == verify && $# -eq 1 ]] || die "'berth audit' takes 'verify'"
    (maintenance audit verify </dev/null)
}

# The whole of Maven's output and its exit status are the result.
run_tests() {
    require_root test
    ensure_packages "${NEEDED_TO_RUN[@]}" "${NEEDED_TO_TEST[@]}"
    cd "$BERTH_HOME" || die "$BERTH_HOME cannot be entered"
    exec mvn -B verify "$@" </dev/null
}

run_benchmarks() {
    require_root bench
    [[ -x $BERTH_HOME/bench/run ]] || die "this checkout has no bench/run"
    if [[ ${1:-} =~ ^(metering|admission)$ ]]; then
        find_jdk || die_without_jdk_now
        export JAVA_HOME
        exec "$BERTH_HOME/bench/$1" "${@:2}"
    fi
    ensure_packages "${NEEDED_TO_RUN[@]}" "${NEEDED_TO_BENCH[@]}"
    exec "$BERTH_HOME/bench/run" "$@"
}
