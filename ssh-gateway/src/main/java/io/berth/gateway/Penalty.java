// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

/** For what a source is penalised; sshd's PerSourcePenalties. */
enum Penalty {
    /** What it sent was something that the gateway had not foreseen. */
    CRASH("crash"),
    /** It left after refused keys, or was shown out. */
    AUTHFAIL("authfail"),
    /** It left without trying to log in. */
    NOAUTH("noauth"),
    /** It was not done within the login grace time. */
    GRACE_EXCEEDED("grace-exceeded");

    private final String keyword;

    Penalty(String keyword) {
        this.keyword = keyword;
    }

    /** As it stands in the setting. */
    String keyword() {
        return keyword;
    }
}
