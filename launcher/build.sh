# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Builds when sources changed, and puts the jars where every process's account can read them and no build replaces them
# under a running JVM: $BERTH_STATE_DIR/dist/ID/{core,gateway,platform}, with `current` pointing to the newest.

DEPLOYED_MODULES=(core=container-core gateway=ssh-gateway platform=platform)

ensure_built() {
    if needs_build; then
        build
    fi
}

# target/launcher.build names the last build by the hash of its jars.
needs_build() {
    local stamp=$BERTH_HOME/target/launcher.build module newer
    [[ -s $stamp ]] || return 0
    for module in "${DEPLOYED_MODULES[@]}"; do
        has_jars "$BERTH_HOME/${module#*=}/target" || return 0
    done
    newer=$(find "$BERTH_HOME"/pom.xml "$BERTH_HOME"/*/pom.xml "$BERTH_HOME"/*/src/main "$BERTH_HOME"/db "$BERTH_HOME"/web \
        \( -path "$BERTH_HOME/web/node_modules" -o -path "$BERTH_HOME/web/dist" -o -path "$BERTH_HOME/web/.cache" \
        -o -name schema.d.ts \) -prune -o \
        -newer "$stamp" \( -type f -o -not -path "$BERTH_HOME/web*" \) -print -quit)
    [[ -n $newer ]]
}

has_jars() {
    compgen -G "$1/berth-*.jar" >/dev/null && compgen -G "$1/lib/*.jar" >/dev/null
}

# Calls $1 PART MODULE for each part.
for_each_module() {
    local module
    for module in "${DEPLOYED_MODULES[@]}"; do
        "$1" "${module%%=*}" "${module#*=}"
    done
}

build() {
    local log=$BERTH_LOG_DIR/build.log stamp=$BERTH_HOME/target/launcher.build started
    step "building (the first time takes some minutes: Maven downloads what it needs)"
    mkdir -p "$BERTH_LOG_DIR" "$BERTH_HOME/target"
    for_each_module forget_dependencies
    started=$(mktemp "$BERTH_HOME/target/launcher.XXXXXX") # sources that change during the build are newer than this
    run_maven -q -Dmaven.test.skip=true -Dspotless.check.skip=true -pl ssh-gateway,platform -am package >"$log" 2>&1 || {
        rm -f "$started"
        grep -m 10 -F '[ERROR]' "$log" >&2 || show_end_of "$log"
        die "the build failed; its whole output is in $log"
    }
    for_each_module hash_jars | sha256sum | cut -c1-16 >"$stamp.new"
    touch -r "$started" "$stamp.new"
    mv "$stamp.new" "$stamp"
    rm -f "$started"
}

run_maven() {
    (cd "$BERTH_HOME" && mvn -B "$@" </dev/null)
}

# copy-dependencies adds, but does not take away what is no dependency any more.
forget_dependencies() {
    rm -rf "${BERTH_HOME:?}/$2/target/lib"
}

hash_jars() {
    (cd "$BERTH_HOME/$2/target" && sha256sum ./berth-*.jar lib/*.jar)
}

# Copies the last build below the state directory, once; sets DIST.
deploy() {
    local id
    id=$(<"$BERTH_HOME/target/launcher.build")
    DIST=$BERTH_STATE_DIR/dist/$id
    if [[ ! -d $DIST ]]; then
        rm -rf "$DIST.new"
        for_each_module copy_jars
        mv "$DIST.new" "$DIST"
    fi
    ln -sfnT "$id" "$BERTH_STATE_DIR/dist/current.new"
    mv -T "$BERTH_STATE_DIR/dist/current.new" "$BERTH_STATE_DIR/dist/current"
    remove_old_builds "$id"
}

copy_jars() {
    install -d -m 0755 "$DIST.new/$1/lib"
    install -m 0644 "$BERTH_HOME/$2"/target/berth-*.jar "$DIST.new/$1/"
    install -m 0644 "$BERTH_HOME/$2"/target/lib/*.jar "$DIST.new/$1/lib/"
}

# A build that a process still runs from stays.
remove_old_builds() {
    local old used
    used=$(for name in agent platform gateway; do running_build "$name"; done)
    for old in "$BERTH_STATE_DIR"/dist/*; do
        old=$(basename "$old")
        [[ $old == current || $old == postgres-* || $old == "$1" || $used == *"$old"* ]] ||
            rm -rf "${BERTH_STATE_DIR:?}/dist/$old"
    done
}
