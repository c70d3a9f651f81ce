#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Usage: build.sh OUTPUT: compiles the spawner for this machine (or for $CC's target) and checks that it stays below 4 KB.
set -eu
output=$1
mkdir -p "$(dirname "$output")"
# general-regs-only keeps SSE out of _start, whose stack no libc has aligned
${CC:-gcc} -std=gnu11 -Os -Wall -Wextra -Werror -Wno-main -ffreestanding -nostdlib -static -fno-pie -no-pie \
    -mgeneral-regs-only -fno-stack-protector -fno-asynchronous-unwind-tables -fomit-frame-pointer \
    -Wl,-n,-z,noseparate-code,-z,noexecstack,--build-id=none -s \
    -o "$output" "$(dirname "$0")/spawner.c"
size=$(wc -c <"$output")
if [ "$size" -ge 4096 ]; then
    echo "spawner: $size bytes; it must stay below 4096, so move policy to Java" >&2
    exit 1
fi
