// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.util.concurrent.Executor;

/**
 * What every channel's relay works with.
 *
 * @param desk who lends credentials for the lobby
 * @param attacher where processes come from
 * @param threads platform threads: reading an fd blocks its thread natively
 * @param forwards where an ssh-agent's socket comes from
 * @param watch where sessions are noted
 */
record Relays(LoginDesk desk, Attacher attacher, Executor threads, Forwards forwards, Watch watch) {
    Relay relay(SessionChannel channel, SessionRequest request) {
        return new Relay(channel, request, this);
    }
}
