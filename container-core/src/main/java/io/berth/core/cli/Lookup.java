// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import io.berth.core.client.Agent;
import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.Request;
import io.berth.core.protocol.SnapshotStatus;
import io.berth.core.protocol.VolumeStatus;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerSpec;
import io.berth.core.spec.SnapshotId;
import io.berth.core.spec.VolumeSpec;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds the container that was meant: by id, by {@code name}, or by {@code name.tenant}. */
final class Lookup {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private Lookup() {}

    static ContainerStatus find(Agent agent, String idOrName) {
        if (ID.matcher(idOrName).matches()) {
            return agent.container(new Request.Inspect(ContainerId.of(idOrName)));
        }
        List<ContainerStatus> meant = agent.list().stream()
                .filter(container -> isCalled(container.spec(), idOrName))
                .toList();
        if (meant.isEmpty()) {
            throw new NoSuchContainerException(
                    "there is no container '" + idOrName + "'; berth ls shows those that there are");
        }
        if (meant.size() > 1) {
            throw new NoSuchContainerException("'" + idOrName + "' could be "
                    + meant.stream().map(one -> fullName(one.spec())).collect(Collectors.joining(", "))
                    + "; say which");
        }
        return meant.getFirst();
    }

    /** By id or by name. */
    static SnapshotId snapshot(Agent agent, ContainerId container, String idOrName) {
        return agent.snapshots(container).stream()
                .filter(snapshot -> snapshot.name().value().equals(idOrName)
                        || snapshot.id().toString().equals(idOrName))
                .map(SnapshotStatus::id)
                .findFirst()
                .orElseThrow(() -> new NoSuchContainerException("the container has no snapshot '" + idOrName
                        + "'; berth snapshot ls shows those that there are"));
    }

    /** By id, by {@code name}, or by {@code name.tenant}. */
    static VolumeStatus volume(Agent agent, String idOrName) {
        List<VolumeStatus> meant = agent.volumes().stream()
                .filter(volume -> volume.id().toString().equals(idOrName)
                        || volume.spec().name().value().equals(idOrName)
                        || fullName(volume.spec()).equals(idOrName))
                .toList();
        if (meant.isEmpty()) {
            throw new NoSuchContainerException(
                    "there is no volume '" + idOrName + "'; berth volume ls shows those that there are");
        }
        if (meant.size() > 1) {
            throw new NoSuchContainerException("'" + idOrName + "' could be "
                    + meant.stream().map(one -> fullName(one.spec())).collect(Collectors.joining(", "))
                    + "; say which");
        }
        return meant.getFirst();
    }

    private static boolean isCalled(ContainerSpec spec, String name) {
        return spec.name().value().equals(name) || fullName(spec).equals(name);
    }

    static String fullName(VolumeSpec spec) {
        return spec.name() + "." + spec.tenant();
    }

    static String fullName(ContainerSpec spec) {
        return spec.name() + "." + spec.tenant();
    }
}
