// SPDX-License-Identifier: Apache-2.0
/* The files of /proc and /sys: those that attackers name, and all that can be opened for writing. */
#include "probe.h"
#include <dirent.h>
#include <ftw.h>

static long core_pattern(void)
{
    return can_open("/proc/sys/kernel/core_pattern", O_WRONLY);
}

static long modprobe_path(void)
{
    return can_open("/proc/sys/kernel/modprobe", O_WRONLY);
}

static long hotplug_path(void)
{
    return can_open("/proc/sys/kernel/hotplug", O_WRONLY);
}

static long uevent_helper(void)
{
    return can_open("/sys/kernel/uevent_helper", O_WRONLY);
}

/* Opening may be allowed where it leads to nothing: what counts is whether the host acts. 'h' only prints help to its log. */
static long sysrq(void)
{
    int trigger = open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC);
    return trigger < 0 ? -1 : write(trigger, "h", 1);
}

static long panic_on_oom(void)
{
    return can_open("/proc/sys/vm/panic_on_oom", O_WRONLY);
}

static long suid_dumpable(void)
{
    return can_open("/proc/sys/fs/suid_dumpable", O_WRONLY);
}

static long drop_caches(void)
{
    return can_open("/proc/sys/vm/drop_caches", O_WRONLY);
}

static long address_randomization(void)
{
    return can_open("/proc/sys/kernel/randomize_va_space", O_WRONLY);
}

static long kernel_log(void)
{
    return can_open("/proc/kmsg", O_RDONLY);
}

static long page_counts(void)
{
    return can_open("/proc/kpagecount", O_RDONLY);
}

static long slabs(void)
{
    return can_open("/proc/slabinfo", O_RDONLY);
}

static long virtual_allocations(void)
{
    return can_open("/proc/vmallocinfo", O_RDONLY);
}

/* Whether there is anything to read. */
static long content_of(const char *path)
{
    char byte;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0)
        return -1;
    return answer(read(fd, &byte, 1) > 0 ? "text" : "nothing");
}

static long kernel_memory(void)
{
    return content_of("/proc/kcore");
}

static long interrupts(void)
{
    return content_of("/proc/interrupts");
}

static long timers(void)
{
    return content_of("/proc/timer_list");
}

static long scheduler_debug(void)
{
    return content_of("/proc/sched_debug");
}

static long latencies(void)
{
    return content_of("/proc/latency_stats");
}

static long keys(void)
{
    return content_of("/proc/keys");
}

static long kernel_notes(void)
{
    return content_of("/sys/kernel/notes");
}

static long crash_notes(void)
{
    return content_of("/sys/kernel/vmcoreinfo");
}

static long entries_of(const char *path)
{
    DIR *directory = opendir(path);
    struct dirent *entry;

    if (!directory)
        return -1;
    while ((entry = readdir(directory)))
        if (entry->d_name[0] != '.')
            return answer("entries");
    return answer("nothing");
}

static long firmware(void)
{
    return entries_of("/sys/firmware");
}

static long acpi(void)
{
    return entries_of("/proc/acpi");
}

static long scsi(void)
{
    return entries_of("/proc/scsi");
}

static long power_meters(void)
{
    return entries_of("/sys/devices/virtual/powercap");
}

static long crash_dumps(void)
{
    return entries_of("/sys/fs/pstore");
}

static long debug_files(void)
{
    return entries_of("/sys/kernel/debug");
}

static long trace_files(void)
{
    return entries_of("/sys/kernel/tracing");
}

static long sleep_state(void)
{
    return can_open("/sys/power/state", O_WRONLY);
}

static long rescan_pci(void)
{
    return can_open("/sys/bus/pci/rescan", O_WRONLY);
}

static long interrupt_affinity(void)
{
    return can_open("/proc/irq/default_smp_affinity", O_WRONLY);
}

static long memory_type_ranges(void)
{
    return can_open("/proc/mtrr", O_WRONLY);
}

static long oom_score(void)
{
    int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    return score < 0 ? -1 : write(score, "-1000", 5);
}

/* What belongs to the container's namespaces, so that it acts on nobody else. */
static const char *const own[] = {
    "/proc/sys/net/",               /* its network namespace */
    "/proc/sys/kernel/msg",         /* its IPC namespace */
    "/proc/sys/kernel/sem",         "/proc/sys/kernel/shm",       "/proc/sys/kernel/auto_msgmni",
    "/proc/sys/fs/mqueue/",         "/proc/sys/kernel/hostname",  "/proc/sys/kernel/domainname", /* its UTS namespace */
    "/proc/sys/kernel/pid_max",     "/proc/sys/kernel/ns_last_pid",                              /* its PID namespace */
    "/proc/sys/user/",              /* limits on its own user namespaces */
    "/proc/pressure/",              /* triggers: for the unprivileged, with windows of two seconds at least */
    "/sys/fs/cgroup/",              /* its cgroup namespace, delegated */
    "/sys/devices/virtual/net/",    "/sys/class/net/",            /* its network devices */
};

static char writable[300];

static int try_to_write(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    int is_process = strncmp(path, "/proc/", 6) == 0 && path[6] >= '0' && path[6] <= '9';
    (void)walk;

    if (is_process)
        return FTW_SKIP_SUBTREE; /* one's own processes */
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strncmp(path, own[i], strlen(own[i])) == 0)
            return FTW_SKIP_SUBTREE;
    if (type == FTW_F && S_ISREG(status->st_mode) && can_open(path, O_WRONLY) >= 0 && strlen(writable) < 200)
        snprintf(writable + strlen(writable), sizeof writable - strlen(writable), "%s ", path);
    return FTW_CONTINUE;
}

static long writable_files_of(const char *root)
{
    nftw(root, try_to_write, 16, FTW_PHYS | FTW_ACTIONRETVAL);
    return answer("%s", *writable ? writable : "none");
}

static long writable_proc(void)
{
    return writable_files_of("/proc");
}

/* Read-only is the mount, which container root may lift; what remains is who owns the files. */
static long writable_sys(void)
{
    private_mounts();
    mount(NULL, "/sys", NULL, MS_REMOUNT | MS_BIND, NULL);
    return writable_files_of("/sys");
}

const struct check file_checks[] = {
    {"core_pattern", core_pattern},
    {"modprobe_path", modprobe_path},
    {"hotplug_path", hotplug_path},
    {"uevent_helper", uevent_helper},
    {"sysrq_trigger", sysrq},
    {"panic_on_oom", panic_on_oom},
    {"suid_dumpable", suid_dumpable},
    {"drop_caches", drop_caches},
    {"randomize_va_space", address_randomization},
    {"kcore", kernel_memory},
    {"kmsg", kernel_log},
    {"kpagecount", page_counts},
    {"slabinfo", slabs},
    {"vmallocinfo", virtual_allocations},
    {"interrupts", interrupts},
    {"timer_list", timers},
    {"sched_debug", scheduler_debug},
    {"latency_stats", latencies},
    {"keys", keys},
    {"kernel_notes", kernel_notes},
    {"vmcoreinfo", crash_notes},
    {"firmware", firmware},
    {"acpi", acpi},
    {"scsi", scsi},
    {"powercap", power_meters},
    {"pstore", crash_dumps},
    {"debugfs_files", debug_files},
    {"tracefs_files", trace_files},
    {"power_state", sleep_state},
    {"pci_rescan", rescan_pci},
    {"irq_affinity", interrupt_affinity},
    {"mtrr", memory_type_ranges},
    {"oom_score_adj", oom_score},
    {"writable_proc", writable_proc},
    {"writable_sys", writable_sys},
    {0},
};
