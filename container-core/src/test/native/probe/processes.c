// SPDX-License-Identifier: Apache-2.0
/* Other processes, and what a process may claim for itself. */
#include "probe.h"
#include <dirent.h>
#include <sched.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/uio.h>

/* Kernel threads, the agent, or whatever the test names. */
static long strangers(void)
{
    char path[300];
    DIR *proc = opendir("/proc");
    struct dirent *entry;

    while (proc && (entry = readdir(proc))) {
        if (entry->d_name[0] < '0' || entry->d_name[0] > '9')
            continue;
        snprintf(path, sizeof path, "/proc/%s/comm", entry->d_name);
        const char *comm = line_of(path);
        if (strcmp(comm, "kthreadd") == 0 || strcmp(comm, "java") == 0 || strncmp(comm, "berth", 5) == 0)
            return answer("%s", comm);
    }
    return answer("none");
}

static long parent_of_init(void)
{
    char line[256];
    FILE *status = fopen("/proc/1/status", "re");

    while (status && fgets(line, sizeof line, status))
        if (strncmp(line, "PPid:", 5) == 0)
            return answer("%d", atoi(line + 5));
    return -1;
}

static pid_t host_pid(void)
{
    return atoi(told("PROBE_HOST_PID"));
}

static long signal_host(void)
{
    return kill(host_pid(), 0);
}

static long pidfd_of_host(void)
{
    return CALL(SYS_pidfd_open, host_pid(), 0);
}

static long trace_host(void)
{
    return ptrace(PTRACE_SEIZE, host_pid(), 0, 0);
}

static long root_of_host(void)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/root", host_pid());
    return can_open(path, O_RDONLY);
}

static long environment_of_init(void)
{
    return can_open("/proc/1/environ", O_RDONLY);
}

static long root_of_init(void)
{
    struct stat own, its;

    if (stat("/proc/1/root/.", &its) < 0 || stat("/", &own) < 0)
        return -1;
    return answer(own.st_dev == its.st_dev && own.st_ino == its.st_ino ? "own root" : "elsewhere");
}

static long memory_of_init(void)
{
    char byte;
    struct iovec here = {&byte, 1}, there = {(void *)0x400000, 1};
    long result = process_vm_readv(1, &here, 1, &there, 1, 0);
    return result < 0 && errno == EFAULT ? 0 : result; /* EFAULT: allowed, though nothing is mapped there */
}

static long descriptor_of_init(void)
{
    int init = (int)CALL(SYS_pidfd_open, 1, 0);
    return init < 0 ? -1 : CALL(SYS_pidfd_getfd, init, 0, 0);
}

static long compare_with_init(void)
{
    return CALL(SYS_kcmp, getpid(), 1, 0 /* KCMP_FILE */, 0, 0);
}

static long raise_priority(void)
{
    return setpriority(PRIO_PROCESS, 0, -20);
}

static long be_real_time(void)
{
    struct sched_param parameter = {.sched_priority = 50};
    return CALL(SYS_sched_setscheduler, 0, SCHED_FIFO, &parameter);
}

static long be_real_time_on_disk(void)
{
    return CALL(SYS_ioprio_set, 1 /* IOPRIO_WHO_PROCESS */, 0, 1 << 13 /* IOPRIO_CLASS_RT */);
}

static long raise_open_files(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_max++;
    return setrlimit(RLIMIT_NOFILE, &limit);
}

static long raise_memory_lock(void)
{
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    return setrlimit(RLIMIT_MEMLOCK, &limit);
}

static long become_foreign_uid(void)
{
    return setresuid(70000, 70000, 70000);
}

static long join_foreign_group(void)
{
    gid_t group = 70000;
    return CALL(SYS_setgroups, 1, &group);
}

static long give_away_file(void)
{
    return chown(somewhere(), 70000, 70000);
}

static long watch_mount(void)
{
    int fanotify = fanotify_init(FAN_CLASS_CONTENT, O_RDONLY);
    return fanotify;
}

static long watch_unprivileged(void)
{
    return fanotify_init(FAN_CLASS_NOTIF | FAN_REPORT_FID, O_RDONLY);
}

static long watch_directory(void)
{
    return inotify_add_watch(inotify_init1(IN_CLOEXEC), "/tmp", IN_CREATE);
}

static long shared_memory_of_host(void)
{
    return CALL(SYS_shmget, (key_t)strtol(told("PROBE_SHM_KEY"), NULL, 0), 0, 0);
}

static long shared_memory_segments(void)
{
    char line[256];
    int lines = 0;
    FILE *segments = fopen("/proc/sysvipc/shm", "re");

    while (segments && fgets(line, sizeof line, segments))
        lines++;
    return answer("%d", lines > 0 ? lines - 1 : 0);
}

/* Inherited from the agent, ignored signals would keep programs from being interrupted; shells ignore SIGQUIT themselves. */
static long clean_signals(void)
{
    char line[256];
    FILE *status = fopen("/proc/self/status", "re");

    while (status && fgets(line, sizeof line, status))
        if ((strncmp(line, "SigBlk:", 7) == 0 || strncmp(line, "SigIgn:", 7) == 0) && (strtoull(line + 8, NULL, 16) & ~(1ULL << (SIGQUIT - 1))) != 0)
            return answer("%s", line);
    return answer("clean");
}

static long core_dump_is_small_talk(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_CORE, &limit);
    return answer(limit.rlim_cur == 0 ? "none by default" : "dumps");
}

const struct check process_checks[] = {
    {"processes_of_host", strangers},
    {"parent_of_init", parent_of_init},
    {"kill_host", signal_host},
    {"pidfd_of_host", pidfd_of_host},
    {"ptrace_host", trace_host},
    {"root_of_host_process", root_of_host},
    {"environ_of_init", environment_of_init},
    {"root_of_init", root_of_init},
    {"process_vm_readv_init", memory_of_init},
    {"pidfd_getfd_init", descriptor_of_init},
    {"kcmp_init", compare_with_init},
    {"setpriority", raise_priority},
    {"sched_fifo", be_real_time},
    {"ioprio_rt", be_real_time_on_disk},
    {"rlimit_nofile", raise_open_files},
    {"rlimit_memlock", raise_memory_lock},
    {"setresuid_foreign", become_foreign_uid},
    {"setgroups_foreign", join_foreign_group},
    {"chown_foreign", give_away_file},
    {"fanotify_content", watch_mount},
    {"fanotify_unprivileged", watch_unprivileged},
    {"inotify", watch_directory},
    {"sysv_shm_of_host", shared_memory_of_host},
    {"sysv_shm_segments", shared_memory_segments},
    {"signal_masks", clean_signals},
    {"core_dumps", core_dump_is_small_talk},
    {0},
};
