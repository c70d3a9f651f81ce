// SPDX-License-Identifier: Apache-2.0
package io.berth.core.doctor;

import io.berth.core.agent.AgentSettings;
import io.berth.core.client.AgentConnection;
import io.berth.core.client.AgentException;
import io.berth.core.idmap.ForeignIds;
import io.berth.core.idmap.HostIds;
import io.berth.core.idmap.IdPool;
import io.berth.core.protocol.IdRangeStatus;
import io.berth.core.protocol.IdRangeStatus.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the uids and gids that containers own are theirs alone. */
final class IdChecks {
    private static final int MOST_SHOWN = 20; // one line for each; the first few show what is going on

    private final AgentSettings agent;
    private final IdPool pool;
    private final String check;

    IdChecks(AgentSettings agent) {
        this.agent = agent;
        this.pool = new IdPool(agent.uidBase(), agent.uidRanges());
        this.check = "uids " + pool.base() + " to " + (pool.end() - 1);
    }

    List<Finding> all() {
        List<ForeignIds> others = new HostIds(pool).strangers(agent.instance(), agentPid());
        List<IdRangeStatus> ranges = ranges();
        List<Finding> findings = new ArrayList<>();
        findings.add(summary(others, ranges));
        others.stream().limit(MOST_SHOWN).map(other -> dispute(other, ranges)).forEach(findings::add);
        return findings;
    }

    private long agentPid() {
        return new ProcessFile(agent.runDir()).find("agent").orElse(0);
    }

    /** Empty when the agent does not answer: nothing of it runs then, or another check says so. */
    private List<IdRangeStatus> ranges() {
        try {
            return new AgentConnection(agent.socket()).idRanges();
        } catch (AgentException e) {
            return List.of();
        }
    }

    private Finding summary(List<ForeignIds> others, List<IdRangeStatus> ranges) {
        if (pool.available(others) == 0) {
            return Finding.missing(
                    check,
                    "somebody else on this host has ids of every range",
                    others.getFirst().cure());
        }
        return Finding.ok(
                check,
                pool.ranges() + " ranges, " + count(ranges, State.OWNED) + " owned, " + count(ranges, State.QUARANTINED)
                        + " in quarantine, " + (pool.ranges() - pool.available(others)) + " disputed");
    }

    private static long count(List<IdRangeStatus> ranges, State state) {
        return ranges.stream().filter(range -> range.state() == state).count();
    }

    /** What nobody of ours has is passed over when ranges are handed out, so it does no harm. */
    private static Finding dispute(ForeignIds other, List<IdRangeStatus> ranges) {
        Optional<IdRangeStatus> owned = ranges.stream()
                .filter(range -> range.state() == State.OWNED && other.overlaps(range.start()))
                .findFirst();
        return owned.isPresent()
                ? Finding.missing(
                        "uids of container " + owned.get().container(), other.where() + " has them, too", other.cure())
                : Finding.note("uids left unused", other.toString());
    }
}
