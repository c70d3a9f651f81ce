// SPDX-License-Identifier: Apache-2.0
package io.berth.core.doctor;

import io.berth.core.client.Agent;
import io.berth.core.client.AgentConnection;
import io.berth.core.client.AgentException;
import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.Request;
import io.berth.core.spec.ContainerState;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What of Berth is up.
 *
 * @param up whether every process runs and answers
 * @param processes agent, gateway, platform and, unless it is somebody else's, postgres
 * @param containers how many there are in each state, null when the agent does not say
 * @param pool the file system of the containers, null before the agent first ran
 */
public record NodeStatus(
        boolean up,
        List<ProcessStatus> processes,
        @Nullable Map<ContainerState, Integer> containers,
        @Nullable Pool pool) {
    private static final int TIMEOUT_MILLIS = 2000;

    /**
     * One process.
     *
     * @param name such as {@code gateway}
     * @param pid null when it does not run
     * @param answers whether its socket or port does
     */
    public record ProcessStatus(String name, @Nullable Integer pid, boolean answers) {
        boolean up() {
            return answers;
        }
    }

    /**
     * The pool.
     *
     * @param path where it is
     * @param totalBytes its size
     * @param freeBytes what of it is free
     */
    public record Pool(Path path, long totalBytes, long freeBytes) {}

    public static NodeStatus of(HostSettings host) {
        Agent agent = new AgentConnection(host.agent().socket());
        var files = new ProcessFile(host.agent().runDir());
        List<ProcessStatus> processes = new ArrayList<>(List.of(
                process(files, "agent", () -> pings(agent)),
                process(files, "gateway", () -> accepts(host.sshAddress(), host.sshPort())),
                process(files, "platform", () -> accepts(host.httpAddress(), host.httpPort()))));
        if (host.ownsDatabase()) {
            processes.add(process(files, "postgres", () -> accepts("127.0.0.1", host.databasePort())));
        }
        boolean up = processes.stream().allMatch(ProcessStatus::up);
        return new NodeStatus(
                up, processes, containers(agent), pool(host.agent().stateDir()));
    }

    /** A port that somebody else answers does not make a process of ours. */
    private static ProcessStatus process(ProcessFile files, String name, BooleanSupplier answers) {
        Optional<Integer> pid = files.find(name);
        return new ProcessStatus(name, pid.orElse(null), pid.isPresent() && answers.getAsBoolean());
    }

    private static boolean pings(Agent agent) {
        try {
            agent.done(new Request.Ping());
            return true;
        } catch (AgentException e) {
            return false;
        }
    }

    private static boolean accepts(String address, int port) {
        String reachable = address.equals("::") || address.equals("0.0.0.0") ? "127.0.0.1" : address;
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(reachable, port), TIMEOUT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static @Nullable Map<ContainerState, Integer> containers(Agent agent) {
        try {
            Map<ContainerState, Integer> counts = new EnumMap<>(ContainerState.class);
            for (ContainerState state : ContainerState.values()) {
                counts.put(state, 0);
            }
            for (ContainerStatus container : agent.list()) {
                counts.merge(container.state(), 1, Integer::sum);
            }
            return counts;
        } catch (AgentException e) {
            return null;
        }
    }

    private static @Nullable Pool pool(Path stateDir) {
        Path path = stateDir.resolve("pool");
        try {
            var store = Files.getFileStore(path);
            return new Pool(path, store.getTotalSpace(), store.getUsableSpace());
        } catch (IOException e) {
            return null;
        }
    }
}
