// SPDX-License-Identifier: Apache-2.0
/*
 * Waits in /proc for processes that have just entered the container and lays hands on each: while it is still the agent's, it must
 * be out of reach (CVE-2016-9962, CVE-2019-5736). Afterwards it is the container's own, which is no news. Prints how many were
 * seen while still the agent's, and everything that was reached of those.
 */
#include "probe.h"
#include <dirent.h>
#include <poll.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

enum { MOST = 1 << 22 };

static unsigned char settled[MOST]; /* pids that are the container's own by now */
static int seen;

/* A program of the container's own can be named; of the agent's, even the name is out of reach. */
static int is_the_agents(int pid)
{
    char path[64], target[300];
    snprintf(path, sizeof path, "/proc/%d/exe", pid);
    ssize_t length = readlink(path, target, sizeof target - 1);

    if (length < 0)
        return errno == EACCES;
    target[length] = '\0';
    return strstr(target, "memfd:") != NULL;
}

static void report(int pid, const char *what)
{
    /* between the two looks it may have become the container's own */
    if (is_the_agents(pid))
        printf("reached: %s\n", what);
}

/* CVE-2019-5736: the program behind /proc/PID/exe, kept open and opened anew for writing. Writes what is there already. */
static void overwrite(int pid)
{
    char path[64], byte;
    snprintf(path, sizeof path, "/proc/%d/exe", pid);
    int program = open(path, O_RDONLY | O_CLOEXEC);

    if (program < 0 || !is_the_agents(pid) || read(program, &byte, 1) != 1) {
        close(program);
        return;
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", program);
    int again = open(path, O_RDWR | O_CLOEXEC);
    if (again >= 0 && pwrite(again, &byte, 1, 0) == 1)
        printf("overwritten\n");
    close(again);
    close(program);
}

/* By a child, whose end lets the process go: a running one can't be detached. */
static void trace(int pid)
{
    fflush(stdout);
    pid_t tracer = fork();
    if (tracer == 0) {
        if (ptrace(PTRACE_SEIZE, pid, 0, 0) == 0)
            report(pid, "ptrace");
        fflush(stdout);
        _exit(0);
    }
    waitpid(tracer, NULL, 0);
}

static void reach_for(int pid)
{
    static const struct {
        const char *file;
        int flags;
    } files[] = {{"exe", O_RDONLY},  {"mem", O_RDONLY}, {"maps", O_RDONLY},    {"environ", O_RDONLY}, {"root", O_PATH},
                 {"cwd", O_PATH},    {"fd/5", O_PATH},  {"fd/6", O_PATH},      {"fd/7", O_PATH},      {"fd/8", O_PATH},
                 {"ns/mnt", O_PATH}, {"ns/user", O_PATH}, {"stack", O_RDONLY}, {"syscall", O_RDONLY}};
    char path[64], byte;
    struct iovec here = {&byte, 1}, there = {(void *)0x200000000, 1}; /* where the spawner has its plan */

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "/proc/%d/%s", pid, files[i].file);
        int fd = open(path, files[i].flags | O_CLOEXEC | O_NONBLOCK);
        /* reading is what counts: some files open for everybody, and say nothing */
        if (fd >= 0 && (files[i].flags & O_PATH || read(fd, &byte, 1) == 1))
            report(pid, files[i].file);
        close(fd);
    }
    if (process_vm_readv(pid, &here, 1, &there, 1, 0) == 1)
        report(pid, "its memory");
    int pidfd = (int)CALL(SYS_pidfd_open, pid, 0);
    for (int fd = 3; pidfd >= 0 && fd < 10; fd++) {
        int taken = (int)CALL(SYS_pidfd_getfd, pidfd, fd, 0);
        if (taken >= 0)
            report(pid, "a descriptor");
        close(taken);
    }
    close(pidfd);
    trace(pid);
}

static void look(void)
{
    DIR *proc = opendir("/proc");
    struct dirent *entry;

    while (proc && (entry = readdir(proc))) {
        int pid = atoi(entry->d_name);
        if (pid <= 1 || pid >= MOST || pid == getpid() || settled[pid])
            continue;
        if (is_the_agents(pid)) {
            seen++;
            overwrite(pid);
            reach_for(pid);
        } else {
            settled[pid] = 1;
        }
    }
    if (proc)
        closedir(proc);
}

int watch(void)
{
    struct pollfd stdin_ended = {.fd = 0, .events = POLLIN};

    puts("watching");
    fflush(stdout);
    while (poll(&stdin_ended, 1, 0) == 0)
        look();
    printf("seen: %d\n", seen);
    return 0;
}
