// SPDX-License-Identifier: Apache-2.0
package io.berth.core.runtime;

import io.berth.core.linux.Errno;
import io.berth.core.linux.Fd;
import io.berth.core.linux.FileCalls;
import io.berth.core.linux.OpenFlag;
import io.berth.core.linux.ProcessCalls;
import io.berth.core.linux.SyscallException;
import io.berth.core.mount.DeviceSearch;
import io.berth.core.mount.HotPlug;
import io.berth.core.protocol.Refusal;
import io.berth.core.spec.Device;
import io.berth.core.spec.Devices;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the /dev of a container that runs to what it is to have; done again, it changes nothing. */
final class DeviceChange {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceChange.class);

    private DeviceChange() {}

    static void make(ContainerRecord record, Life life, Devices wanted) {
        try (Fd init = life.dup(life.init);
                Fd root = root(life.run.initPid(), init);
                Fd dev = HotPlug.open(root)) {
            HotPlug plug = new HotPlug(dev, Math.toIntExact(record.uidBase()));
            for (Device device : List.of(Device.values())) {
                if (wanted.has(device)) {
                    plug.plug(device);
                } else {
                    plug.unplug(device);
                }
            }
        }
        LOG.info("event=devices-changed container={} devices=\"{}\"", record.id(), wanted.describe());
    }

    /** The nodes in its /dev that it is not to have. */
    static List<String> foreign(ContainerRecord.Run run, Fd init, Devices devices) {
        try (Fd root = root(run.initPid(), init);
                Fd dev = HotPlug.open(root)) {
            return DeviceSearch.foreign(dev, devices);
        } catch (SyscallException e) {
            if (e.errno() == Errno.ESRCH) {
                throw new ContainerException(
                        Refusal.CONFLICT, "the container has just ended; start it and try again", e);
            }
            return List.of(String.valueOf(e.getMessage())); // its root put something else there
        }
    }

    /** By the kernel's own link; the look at the pidfd afterwards says that it was this process's. */
    private static Fd root(int pid, Fd init) {
        Fd root = FileCalls.openat("/proc/" + pid + "/root", OpenFlag.O_PATH, OpenFlag.O_DIRECTORY);
        try {
            ProcessCalls.pidfdSendSignal(init, 0);
            return root;
        } catch (RuntimeException e) {
            root.close();
            throw e;
        }
    }
}
