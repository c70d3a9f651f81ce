// SPDX-License-Identifier: Apache-2.0
package io.berth.core.notify;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * System calls as people read them: {@code ioctl(fd=0, request=0x5412)}. Addresses are left out: they tell nothing, and differ with each
 * process. Nothing here looks into a tenant's memory.
 */
final class ArgumentWords {
    /** As in section 2 of the man pages; '&' marks an address, '#' a number that is read in hexadecimal. */
    private static final Map<String, String> PARAMETERS = Map.ofEntries(
            Map.entry("kexec_load", "entry& nr_segments segments& flags#"),
            Map.entry("kexec_file_load", "kernel_fd initrd_fd cmdline_len cmdline& flags#"),
            Map.entry("init_module", "module_image& len param_values&"),
            Map.entry("finit_module", "fd param_values& flags#"),
            Map.entry("delete_module", "name& flags#"),
            Map.entry("open_by_handle_at", "mount_fd handle& flags#"),
            Map.entry("umount2", "target& flags#"),
            Map.entry("bpf", "cmd attr& size"),
            Map.entry("perf_event_open", "attr& pid cpu group_fd flags#"),
            Map.entry("userfaultfd", "flags#"),
            Map.entry("io_uring_setup", "entries params&"),
            Map.entry("io_uring_enter", "fd to_submit min_complete flags#"),
            Map.entry("io_uring_register", "fd opcode arg& nr_args"),
            Map.entry("syslog", "type buf& len"),
            Map.entry("swapon", "path& flags#"),
            Map.entry("swapoff", "path&"),
            Map.entry("acct", "filename&"),
            Map.entry("iopl", "level"),
            Map.entry("ioperm", "from# num turn_on"),
            Map.entry("ioctl", "fd request#"),
            Map.entry("socket", "domain type# protocol"),
            Map.entry("mknod", "path& mode# dev#"),
            Map.entry("mknodat", "dirfd path& mode# dev#"),
            Map.entry("setxattr", "path& name& value& size flags#"),
            Map.entry("lsetxattr", "path& name& value& size flags#"),
            Map.entry("fsetxattr", "fd name& value& size flags#"),
            Map.entry("sched_setscheduler", "pid policy# param&"),
            Map.entry("sched_getaffinity", "pid cpusetsize mask&"));

    private ArgumentWords() {}

    static String describe(String call, long[] arguments) {
        String parameters = PARAMETERS.get(call);
        if (parameters == null) {
            return call + "(…)"; // a virtual patch denies it whatever its arguments
        }
        List<String> words = new ArrayList<>();
        int index = 0;
        for (String parameter : parameters.split(" ", -1)) {
            long value = arguments[index++];
            if (parameter.endsWith("#")) {
                words.add(name(parameter) + "=0x" + Long.toHexString(value));
            } else if (!parameter.endsWith("&")) {
                words.add(parameter + "=" + (int) value);
            }
        }
        return call + "(" + String.join(", ", words) + ")";
    }

    private static String name(String parameter) {
        return parameter.substring(0, parameter.length() - 1);
    }
}
