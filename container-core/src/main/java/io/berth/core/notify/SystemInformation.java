// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import io.berth.core.linux.SystemLoad;
import io.berth.core.notify.Subject.Resources;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/**
 * sysinfo(2) for a container: memory by its limit, processes and load its own, time since its own start. struct sysinfo, include/uapi/linux/sysinfo.h.
 */
record SystemInformation(Call call) {
    private static final int SIZE = 112;
    private static final int COMPAT_SIZE = 64; // struct compat_sysinfo, kernel/sys.c
    private static final int COMPAT_UNIT = 4096; // so that 32 bits hold 16 TiB

    Response respond() {
        Resources resources = call.subject().resources();
        Duration uptime = SystemLoad.read().uptime().plus(call.subject().bootOffset());
        boolean compat = call.notification().isI386();
        byte[] answer = compat ? compat(uptime, resources) : wide(uptime, resources);
        call.openCaller().write(call.notification().arguments()[0], answer);
        return Response.DONE;
    }

    private static byte[] wide(Duration uptime, Resources resources) {
        ByteBuffer info = ByteBuffer.allocate(SIZE).order(ByteOrder.nativeOrder());
        info.putLong(uptime.toSeconds());
        resources.loads().forEach(info::putLong);
        info.putLong(resources.memoryBytes())
                .putLong(free(resources))
                .putLong(0)
                .putLong(0);
        info.putLong(0).putLong(0); // no swap: the limit is on memory and swap together
        info.putShort(processes(resources)).putShort((short) 0).putInt(0);
        info.putLong(0).putLong(0).putInt(1);
        return info.array();
    }

    private static byte[] compat(Duration uptime, Resources resources) {
        ByteBuffer info = ByteBuffer.allocate(COMPAT_SIZE).order(ByteOrder.nativeOrder());
        info.putInt((int) uptime.toSeconds());
        resources.loads().forEach(load -> info.putInt(load.intValue()));
        info.putInt((int) (resources.memoryBytes() / COMPAT_UNIT)).putInt((int) (free(resources) / COMPAT_UNIT));
        info.putInt(0).putInt(0).putInt(0).putInt(0);
        info.putShort(processes(resources)).putShort((short) 0);
        info.putInt(0).putInt(0).putInt(COMPAT_UNIT);
        return info.array();
    }

    private static long free(Resources resources) {
        return Math.max(0, resources.memoryBytes() - resources.usedBytes());
    }

    private static short processes(Resources resources) {
        return (short) Math.min(0xffff, resources.processes());
    }
}
