// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.access.Sources;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What strangers may use up, and a connection once it has logged in; config/berth.conf says what each is.
 *
 * @param perSourceMaxStartups of connections that have not logged in
 * @param perSourceMaxConnections logged in or not
 * @param exempt from penalties
 * @param proxies who must say by a PROXY header for whom they come; empty for nobody
 * @param banner a file whose text everybody sees before the login; null for none
 * @param maxSessions shells and commands a connection
 * @param maxChannels of any kind a connection
 * @param maxInputBytes that a tenant's clients have sent and its processes have not taken
 */
record ConnectionLimits(
        MaxStartups maxStartups,
        int perSourceMaxStartups,
        int perSourceMaxConnections,
        NetBlock netBlock,
        PenaltySettings penalties,
        Sources exempt,
        Sources proxies,
        Duration loginGrace,
        int maxAuthTries,
        @Nullable Path banner,
        int maxSessions,
        int maxChannels,
        long maxInputBytes) {}
