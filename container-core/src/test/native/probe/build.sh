#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Usage: build.sh OUTPUT: compiles the probe for this machine (or for $CC's target), statically, so that it runs in any image.
set -eu
output=$1
mkdir -p "$(dirname "$output")"
${CC:-gcc} -std=gnu11 -O1 -Wall -Wextra -Werror -Wno-unused-result -Wno-nonnull -Wno-format-truncation -static -s -o "$output" "$(dirname "$0")"/*.c
