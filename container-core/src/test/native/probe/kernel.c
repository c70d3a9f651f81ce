// SPDX-License-Identifier: Apache-2.0
/* System calls that act on the kernel itself, and what it tells about itself. */
#include "probe.h"
#include <linux/capability.h>
#include <sys/ptrace.h>
#include <sys/reboot.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>

static long bounding_set(void)
{
    static const struct {
        int number;
        const char *name;
    } dangerous[] = {{CAP_SYS_MODULE, "SYS_MODULE"}, {CAP_SYS_RAWIO, "SYS_RAWIO"},       {CAP_SYS_PACCT, "SYS_PACCT"},
                     {CAP_SYS_TIME, "SYS_TIME"},     {CAP_MAC_OVERRIDE, "MAC_OVERRIDE"}, {CAP_MAC_ADMIN, "MAC_ADMIN"},
                     {CAP_SYSLOG, "SYSLOG"},         {CAP_WAKE_ALARM, "WAKE_ALARM"},     {CAP_BLOCK_SUSPEND, "BLOCK_SUSPEND"},
                     {CAP_AUDIT_READ, "AUDIT_READ"}, {CAP_PERFMON, "PERFMON"},           {CAP_BPF, "BPF"}};
    size_t held = 0, count = sizeof dangerous / sizeof *dangerous;
    const char *first = "";

    for (size_t i = 0; i < count; i++)
        if (prctl(PR_CAPBSET_READ, dangerous[i].number) == 1 && held++ == 0)
            first = dangerous[i].name;
    return held == 0 ? answer("none") : held == count ? answer("all") : answer("%s and others", first);
}

static const char *status_field(const char *name)
{
    static char value[256];
    char line[256];
    FILE *status = fopen("/proc/self/status", "re");
    size_t length = strlen(name);

    value[0] = '\0';
    while (status && fgets(line, sizeof line, status))
        if (strncmp(line, name, length) == 0 && line[length] == ':')
            snprintf(value, sizeof value, "%.*s", (int)strcspn(line + length + 2, "\n"), line + length + 2);
    if (status)
        fclose(status);
    return value;
}

static int is_zero(const char *hex)
{
    return strtoull(hex, NULL, 16) == 0;
}

static long ambient_set(void)
{
    return answer(is_zero(status_field("CapAmb")) ? "none" : "some");
}

static long inheritable_set(void)
{
    return answer(is_zero(status_field("CapInh")) ? "none" : "some");
}

static long effective_set(void)
{
    return answer(is_zero(status_field("CapEff")) ? "none" : "some");
}

static long seccomp_mode(void)
{
    return answer("mode %s", status_field("Seccomp"));
}

/* PTRACE_O_SUSPEND_SECCOMP would switch the filter of a child off. */
static long seccomp_suspend(void)
{
    int saved;
    long result;
    pid_t child = fork();

    if (child == 0) {
        pause();
        _exit(0);
    }
    result = ptrace(PTRACE_SEIZE, child, 0, 0x200000 /* PTRACE_O_SUSPEND_SECCOMP */);
    saved = errno;
    kill(child, SIGKILL);
    errno = saved;
    return result;
}

static long read_log(void)
{
    char text[64];
    return CALL(SYS_syslog, 3 /* SYSLOG_ACTION_READ_ALL */, text, sizeof text);
}

static long clear_log(void)
{
    return CALL(SYS_syslog, 5 /* SYSLOG_ACTION_CLEAR */, 0, 0);
}

static long quiet_console(void)
{
    return CALL(SYS_syslog, 8 /* SYSLOG_ACTION_CONSOLE_LEVEL */, 0, 1);
}

static long load_kernel(void)
{
    return CALL(SYS_kexec_load, 0, 0, NULL, 0);
}

static long load_kernel_file(void)
{
    return CALL(SYS_kexec_file_load, -1, -1, 0, NULL, 0);
}

static long load_module(void)
{
    return CALL(SYS_init_module, "", 0, "");
}

static long load_module_file(void)
{
    return CALL(SYS_finit_module, -1, "", 0);
}

static long unload_module(void)
{
    return CALL(SYS_delete_module, "loop", O_NONBLOCK);
}

static long load_bpf(void)
{
    char attr[128] = {0};
    attr[0] = 2;  /* BPF_MAP_TYPE_ARRAY */
    attr[4] = 4;  /* key */
    attr[8] = 4;  /* value */
    attr[12] = 1; /* entries */
    return CALL(SYS_bpf, 0 /* BPF_MAP_CREATE */, attr, sizeof attr);
}

static long count_events(void)
{
    char attr[128] = {0};
    attr[4] = 64; /* size: PERF_ATTR_SIZE_VER0; type 0 and config 0 are cycles */
    return CALL(SYS_perf_event_open, attr, -1, 0, -1, 0);
}

static long fault_in_the_kernel(void)
{
    return CALL(SYS_userfaultfd, O_CLOEXEC);
}

static long fault_in_user_mode(void)
{
    return CALL(SYS_userfaultfd, O_CLOEXEC | 1 /* UFFD_USER_MODE_ONLY */);
}

static long set_up_uring(void)
{
    char params[120] = {0};
    return CALL(SYS_io_uring_setup, 1, params);
}

static long add_key(void)
{
    return CALL(SYS_add_key, "user", "probe", "x", 1, -3 /* KEY_SPEC_SESSION_KEYRING */);
}

static long request_key(void)
{
    return CALL(SYS_request_key, "user", "probe", "x", -3);
}

static long join_session_keyring(void)
{
    return CALL(SYS_keyctl, 1 /* KEYCTL_JOIN_SESSION_KEYRING */, NULL);
}

static long account_processes(void)
{
    return acct("/tmp/probe-acct");
}

static long swap_on(void)
{
    return CALL(SYS_swapon, "/tmp", 0);
}

static long swap_off(void)
{
    return CALL(SYS_swapoff, "/dev/vda");
}

static long set_time(void)
{
    struct timeval now;
    gettimeofday(&now, NULL);
    return CALL(SYS_settimeofday, &now, NULL);
}

static long set_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return CALL(SYS_clock_settime, CLOCK_REALTIME, &now);
}

static long bend_clock(void)
{
    struct timex change = {.modes = ADJ_OFFSET_SINGLESHOT, .offset = 0};
    return CALL(SYS_adjtimex, &change);
}

/* CAD_OFF does nothing to anybody; with the right to it in the initial namespace it would succeed. */
static long reboot_machine(void)
{
    return CALL(SYS_reboot, 0xfee1dead, 0x28121969, RB_DISABLE_CAD, NULL);
}

static long name_host(void)
{
    char name[65];
    gethostname(name, sizeof name);
    return sethostname(name, strlen(name));
}

static long turn_quota_on(void)
{
    int root = open("/", O_RDONLY | O_CLOEXEC);
    return CALL(SYS_quotactl_fd, root, 0x800002 << 8 /* Q_QUOTAON, USRQUOTA */, 0, NULL);
}

static long read_any_quota(void)
{
    return CALL(SYS_quotactl, 0x80000700 /* Q_GETQUOTA, USRQUOTA */, "/dev/vda", 0, NULL);
}

static long hang_up_terminal(void)
{
    return vhangup();
}

static long change_personality(void)
{
    return CALL(SYS_personality, 0x0400000 /* READ_IMPLIES_EXEC */);
}

#ifdef __x86_64__
static long get_ports(void)
{
    return CALL(SYS_iopl, 3);
}

static long get_port(void)
{
    return CALL(SYS_ioperm, 0x70, 2, 1);
}
#else
static long get_ports(void)
{
    return answer("no ports");
}
#define get_port get_ports
#endif

static long open_by_handle(void)
{
    struct {
        struct file_handle handle;
        unsigned char bytes[8];
    } root = {.handle = {.handle_bytes = 8, .handle_type = 1}, .bytes = {2}};
    int mount = open("/", O_RDONLY | O_CLOEXEC);

    return CALL(SYS_open_by_handle_at, mount, &root, O_RDONLY);
}

static long take_huge_pages(void)
{
    return CALL(SYS_shmget, 0, 2 << 20, 01000 | 04000 | 0600 /* IPC_CREAT, SHM_HUGETLB */);
}

static long symbol_addresses(void)
{
    char line[256];
    FILE *symbols = fopen("/proc/kallsyms", "re");

    if (!symbols)
        return -1;
    while (fgets(line, sizeof line, symbols))
        if (strtoull(line, NULL, 16) != 0)
            return answer("an address");
    return answer("zeros");
}

static long memory_map(void)
{
    char line[256];
    FILE *map = fopen("/proc/iomem", "re");

    if (!map)
        return -1;
    while (fgets(line, sizeof line, map))
        if (strtoull(line, NULL, 16) != 0)
            return answer("an address");
    return answer("zeros");
}

/* Page frame numbers, for Rowhammer and physmap attacks. */
static long page_frames(void)
{
    int map = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    uint64_t entry = 0;
    volatile char here = 1;

    if (map < 0 || pread(map, &entry, sizeof entry, (off_t)((uintptr_t)&here / 4096 * 8)) < 0)
        return -1;
    return answer(entry & 0x7fffffffffffffULL ? "a number" : "zeros");
}

const struct check kernel_checks[] = {
    {"bounding_set", bounding_set},
    {"ambient_set", ambient_set},
    {"inheritable_set", inheritable_set},
    {"effective_set", effective_set},
    {"seccomp_mode", seccomp_mode},
    {"seccomp_suspend", seccomp_suspend},
    {"syslog_read", read_log},
    {"syslog_clear", clear_log},
    {"syslog_console_level", quiet_console},
    {"kexec_load", load_kernel},
    {"kexec_file_load", load_kernel_file},
    {"init_module", load_module},
    {"finit_module", load_module_file},
    {"delete_module", unload_module},
    {"bpf", load_bpf},
    {"perf_event_open", count_events},
    {"userfaultfd", fault_in_the_kernel},
    {"userfaultfd_user_mode", fault_in_user_mode},
    {"io_uring_setup", set_up_uring},
    {"add_key", add_key},
    {"request_key", request_key},
    {"keyctl", join_session_keyring},
    {"acct", account_processes},
    {"swapon", swap_on},
    {"swapoff", swap_off},
    {"settimeofday", set_time},
    {"clock_settime", set_clock},
    {"adjtimex", bend_clock},
    {"reboot", reboot_machine},
    {"sethostname", name_host},
    {"quota_on", turn_quota_on},
    {"quota_get", read_any_quota},
    {"vhangup", hang_up_terminal},
    {"personality", change_personality},
    {"iopl", get_ports},
    {"ioperm", get_port},
    {"open_by_handle_at", open_by_handle},
    {"huge_pages", take_huge_pages},
    {"kallsyms", symbol_addresses},
    {"iomem", memory_map},
    {"pagemap", page_frames},
    {0},
};
