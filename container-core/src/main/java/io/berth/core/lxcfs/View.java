// SPDX-License-Identifier: Apache-2.0
package io.berth.core.lxcfs;

/**
 * A file of lxcfs(1)'s that a container sees instead of the kernel's.
 *
 * <p>Not among them, on purpose:
 * <ul>
 *   <li>/proc/uptime: the time namespace makes the kernel's own the container's to the hundredth; lxcfs counts from PID 1's start, and
 *       ps(1) would find processes younger than zero;
 *   <li>/proc/stat: its btime would be the host's, and with it the start time of every process that ps(1) shows, as all else tells
 *       times since the container's start. Use of processors, for top(1), stays the host's;
 *   <li>/proc/diskstats: lxcfs goes by the blkio or io controller, in which containers are not; it would tell the host's too.
 * </ul>
 */
public enum View {
    MEMINFO("proc/meminfo", "memory and swap by the limit: free(1), databases and JVMs size themselves by it"),
    SWAPS("proc/swaps", "as meminfo: the limit is on memory and swap together"),
    CPUINFO("proc/cpuinfo", "as many processors as the cpu limit pays for"),
    CPU_ONLINE("sys/devices/system/cpu/online", "as cpuinfo: what sysconf(_SC_NPROCESSORS_ONLN) counts"),
    LOADAVG("proc/loadavg", "the load that the container's own processes make; the host's tells of other tenants");

    private final String file;
    private final String reason;

    View(String file, String reason) {
        this.file = file;
        this.reason = reason;
    }

    /** Below lxcfs's mount. */
    String file() {
        return file;
    }

    /** Where a container sees it. */
    public String point() {
        return "/" + file;
    }

    public String describe() {
        return point() + ": " + reason;
    }
}
