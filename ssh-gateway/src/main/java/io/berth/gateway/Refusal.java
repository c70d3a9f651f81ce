// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

/** Why a connection is closed before a byte is sent. The names stand in the log. */
enum Refusal {
    BANNED,
    PENALTY,
    MAX_STARTUPS,
    PER_SOURCE_MAX_STARTUPS,
    PER_SOURCE_MAX_CONNECTIONS
}
