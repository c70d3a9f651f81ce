// SPDX-License-Identifier: Apache-2.0
package io.berth.core.cli;

import io.berth.core.protocol.Request;
import io.berth.core.spec.Device;
import io.berth.core.spec.Devices;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Which of the host's devices a container has; shown, and changed at once. */
@Command(
        name = "devices",
        description = "Show which of the host's devices a container has; add or remove some, of a running one at once.")
final class DevicesCommand implements Runnable {
    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private BerthCommand berth;

    @Parameters(paramLabel = "ID|NAME")
    @SuppressWarnings("NullAway.Init")
    private String container;

    @Option(names = "--add", paramLabel = "DEVICE", description = "One of ${COMPLETION-CANDIDATES}.")
    private List<Device> added = new ArrayList<>();

    @Option(names = "--remove", paramLabel = "DEVICE", description = "The same.")
    private List<Device> removed = new ArrayList<>();

    @Override
    public void run() {
        var found = berth.find(container);
        Devices devices = found.spec().devices();
        if (!added.isEmpty() || !removed.isEmpty()) {
            Set<Device> wanted = devices.all();
            wanted.addAll(added);
            removed.forEach(wanted::remove);
            devices = berth.agent()
                    .container(new Request.ChangeDevices(found.id(), Devices.of(wanted)))
                    .spec()
                    .devices();
        }
        berth.out().println(devices.describe());
        berth.out().flush();
    }
}
