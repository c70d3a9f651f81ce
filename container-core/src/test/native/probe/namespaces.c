// SPDX-License-Identifier: Apache-2.0
/* Namespaces: the way up, the way sideways, and maps that would reach further than one's own. */
#include "probe.h"
#include <linux/nsfs.h>
#include <sched.h>

static long parent_of(const char *namespace)
{
    return ioctl(open(namespace, O_RDONLY | O_CLOEXEC), NS_GET_PARENT);
}

static long parent_user_namespace(void)
{
    return parent_of("/proc/self/ns/user");
}

static long parent_pid_namespace(void)
{
    return parent_of("/proc/self/ns/pid");
}

/* The owner of a namespace that the host made. */
static long owner_of_mounts(void)
{
    struct stat own, owner;
    int namespace = ioctl(open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC), NS_GET_USERNS);

    if (namespace < 0)
        return -1;
    fstat(namespace, &owner);
    stat("/proc/self/ns/user", &own);
    return answer(own.st_ino == owner.st_ino ? "own" : "another");
}

static long enter_host_namespace(void)
{
    char path[64];
    int namespace;

    snprintf(path, sizeof path, "/proc/%s/ns/mnt", told("PROBE_HOST_PID"));
    namespace = open(path, O_RDONLY | O_CLOEXEC);
    return namespace < 0 ? -1 : setns(namespace, 0);
}

static long enter_namespace_of_init(void)
{
    int namespace = open("/proc/1/ns/mnt", O_RDONLY | O_CLOEXEC);
    return namespace < 0 ? -1 : setns(namespace, CLONE_NEWNS);
}

static long write_map(const char *file, const char *map)
{
    int fd = open(file, O_WRONLY | O_CLOEXEC);
    return fd < 0 ? -1 : write(fd, map, strlen(map));
}

static long map_everything(void)
{
    if (unshare(CLONE_NEWUSER) < 0)
        return -1;
    return write_map("/proc/self/uid_map", "0 0 4294967295");
}

static long map_foreign(void)
{
    if (unshare(CLONE_NEWUSER) < 0)
        return -1;
    return write_map("/proc/self/uid_map", "0 70000 1");
}

/* CVE-2014-8989: a group that only takes rights away is dropped through a map made without "deny". */
static long map_groups_undenied(void)
{
    char map[64];
    gid_t gid = getgid();

    if (unshare(CLONE_NEWUSER) < 0)
        return -1;
    snprintf(map, sizeof map, "0 %u 1", gid);
    return write_map("/proc/self/gid_map", map);
}

/* CVE-2018-18955: with more than five extents, files of the host's root counted as one's own. */
static long map_many_extents(void)
{
    int ready[2], mapped[2], status;
    char byte = 0, path[64];
    long result;
    pid_t child;

    if (pipe(ready) < 0 || pipe(mapped) < 0)
        return -1;
    child = fork();
    if (child == 0) {
        unshare(CLONE_NEWUSER);
        write(ready[1], &byte, 1);
        read(mapped[0], &byte, 1);
        _exit(access("/proc/sys/kernel/core_pattern", W_OK) == 0);
    }
    read(ready[0], &byte, 1);
    snprintf(path, sizeof path, "/proc/%d/uid_map", child);
    result = write_map(path, "0 0 1\n1 1 1\n2 2 1\n3 3 1\n4 4 1\n5 5 995\n");
    if (result < 0) {
        answer("%s", strerrorname_np(errno));
        kill(child, SIGKILL);
        return 0;
    }
    write(mapped[1], &byte, 1);
    waitpid(child, &status, 0);
    return answer(WIFEXITED(status) && WEXITSTATUS(status) == 0 ? "no more than before" : "the host root's files");
}

static long nest_without_end(void)
{
    char map[64];

    for (int depth = 0; depth < 40; depth++) {
        uid_t uid = getuid();
        gid_t gid = getgid();
        if (unshare(CLONE_NEWUSER) < 0)
            return answer("%s", errno == ENOSPC || errno == EUSERS ? "bounded" : strerrorname_np(errno));
        write_map("/proc/self/setgroups", "deny");
        snprintf(map, sizeof map, "0 %u 1", uid);
        write_map("/proc/self/uid_map", map);
        snprintf(map, sizeof map, "0 %u 1", gid);
        write_map("/proc/self/gid_map", map);
    }
    return answer("unbounded");
}

static long unshare_everything(void)
{
    return unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS);
}

/* clone3's flags are in memory, where no filter sees them: what they make must be harmless by itself. */
static long clone_with_hidden_flags(void)
{
    uint64_t args[11] = {[0] = CLONE_NEWUSER | CLONE_NEWNS, [4] = SIGCHLD};
    long child = CALL(SYS_clone3, args, sizeof args);
    if (child == 0)
        _exit(0);
    return child;
}

/* A pid of one's choice, to be taken for another process. */
static long clone_with_pid(void)
{
    pid_t wanted = 4242;
    uint64_t args[11] = {[4] = SIGCHLD, [8] = (uintptr_t)&wanted, [9] = 1};
    long child = CALL(SYS_clone3, args, sizeof args);
    if (child == 0)
        _exit(0);
    return child;
}

static long shift_host_time(void)
{
    return write_map("/proc/self/timens_offsets", "monotonic 1000 0");
}

const struct check namespace_checks[] = {
    {"ns_parent_user", parent_user_namespace},
    {"ns_parent_pid", parent_pid_namespace},
    {"ns_owner_of_mounts", owner_of_mounts},
    {"setns_host", enter_host_namespace},
    {"setns_init", enter_namespace_of_init},
    {"uid_map_everything", map_everything},
    {"uid_map_foreign", map_foreign},
    {"gid_map_without_deny", map_groups_undenied},
    {"uid_map_many_extents", map_many_extents},
    {"userns_depth", nest_without_end},
    {"unshare_everything", unshare_everything},
    {"clone3_hidden_flags", clone_with_hidden_flags},
    {"clone3_set_tid", clone_with_pid},
    {"timens_offsets", shift_host_time},
    {0},
};
