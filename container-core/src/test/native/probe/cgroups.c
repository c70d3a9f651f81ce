// SPDX-License-Identifier: Apache-2.0
/* Control groups: release agents, limits, and the way up. */
#include "probe.h"

static const char *const v1[] = {"memory", "cpu", "cpuacct", "cpuset", "pids", "devices", "freezer",
                                 "blkio",  "rdma", "perf_event", "net_cls", "net_prio", "hugetlb", "misc"};

/* CVE-2022-0492: a hierarchy mounted in namespaces of one's own, and its release_agent run by the host's kernel as root. */
static long release_agent(void)
{
    char path[128];
    int mounted = 0;

    private_mounts();
    for (size_t i = 0; i < sizeof v1 / sizeof *v1; i++) {
        if (mount("cgroup", somewhere(), "cgroup", 0, v1[i]) < 0)
            continue;
        mounted++;
        snprintf(path, sizeof path, "%s/release_agent", somewhere());
        if (can_open(path, O_WRONLY) >= 0)
            return answer("release_agent of %s", v1[i]);
        umount2(somewhere(), MNT_DETACH);
    }
    return answer("denied");
}

/* The container's own limits, through a fresh mount of each hierarchy. */
static long raise_limits(void)
{
    static const char *const limits[][2] = {
        {"memory", "memory.limit_in_bytes"}, {"pids", "pids.max"},     {"cpu", "cpu.cfs_quota_us"},
        {"devices", "devices.allow"},        {"cpuset", "cpuset.cpus"}, {"freezer", "notify_on_release"},
    };
    char path[128];

    private_mounts();
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        if (mount("cgroup", somewhere(), "cgroup", 0, limits[i][0]) < 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", somewhere(), limits[i][1]);
        if (can_open(path, O_WRONLY) >= 0)
            return answer("%s opens", limits[i][1]);
        umount2(somewhere(), MNT_DETACH);
    }
    return answer("denied");
}

/* A fresh cgroup of v1, where container root would own the limits of its children and be counted no more. */
static long leave_for_a_child(void)
{
    char path[128];
    long result = -1;

    private_mounts();
    for (size_t i = 0; i < sizeof v1 / sizeof *v1; i++) {
        if (mount("cgroup", somewhere(), "cgroup", 0, v1[i]) < 0)
            continue;
        snprintf(path, sizeof path, "%s/probe", somewhere());
        result = mkdir(path, 0755);
        if (result == 0) {
            rmdir(path);
            return answer("a child of %s", v1[i]);
        }
        umount2(somewhere(), MNT_DETACH);
    }
    return answer("denied");
}

/* The files by which the host limits the container as a whole. */
static long own_limits(void)
{
    static const char *const files[] = {"memory.max", "pids.max", "cpu.max", "cgroup.max.descendants", "cgroup.max.depth", "io.max"};
    char path[128];

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "/sys/fs/cgroup/%s", files[i]);
        if (can_open(path, O_WRONLY) >= 0)
            return answer("%s opens", files[i]);
    }
    return answer("denied");
}

static long path_of_own_cgroup(void)
{
    char line[512];
    FILE *cgroup = fopen("/proc/self/cgroup", "re");

    while (cgroup && fgets(line, sizeof line, cgroup))
        if (strstr(line, ":/../"))
            return answer("%s", line);
    return answer("below own root");
}

static long fresh_cgroup2(void)
{
    char path[128];

    private_mounts();
    if (mount("cgroup2", somewhere(), "cgroup2", 0, NULL) < 0)
        return -1;
    snprintf(path, sizeof path, "%s/cgroup.type", somewhere()); /* the real root has none */
    return answer(access(path, F_OK) == 0 ? "own root" : "the host's root");
}

const struct check cgroup_checks[] = {
    {"cgroup_release_agent", release_agent},
    {"cgroup_v1_limits", raise_limits},
    {"cgroup_v1_child", leave_for_a_child},
    {"cgroup_own_limits", own_limits},
    {"cgroup_path", path_of_own_cgroup},
    {"cgroup_fresh_mount", fresh_cgroup2},
    {0},
};
