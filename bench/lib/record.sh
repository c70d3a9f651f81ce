# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Samples, a JSON object a line in $SAMPLES; report.jq makes the table of them.

# now NAME: microseconds since the epoch into the variable.
now() {
    printf -v "$1" '%s' "${EPOCHREALTIME/./}"
}

# record MEASURE SYSTEM VALUE: microseconds or bytes, as the measure has it.
record() {
    printf '{"measure":"%s","system":"%s","value":%s,"busy":%s}\n' "$1" "$2" "$3" "$BUSY" >>"$SAMPLES"
}

# A system that could not be measured, and why: it stands in the report, and the bench ends with status 1.
missing() {
    step "MISSING: $1, $2: $3"
    jq -nc --arg system "$1" --arg measure "$2" --arg why "$3" '{missing: $system, measure: $measure, why: $why}' >>"$SAMPLES"
}

is_missing() {
    [[ -s $SAMPLES ]] && jq -en --arg system "$1" --arg measure "$2" \
        'any(inputs; .missing == $system and .measure == $measure)' "$SAMPLES" >/dev/null
}
