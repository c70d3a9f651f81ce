// SPDX-License-Identifier: Apache-2.0
/* Mounts. Each check that may mount does it in a mount namespace of its own. */
#include "probe.h"
#include <sched.h>
#include <sys/xattr.h>

static long mount_type(const char *type, const char *source, const char *data)
{
    private_mounts();
    return mount(source, somewhere(), type, MS_NOSUID | MS_NODEV | MS_NOEXEC, data);
}

#define MOUNTS(function, type) \
    static long function(void) { return mount_type(type, type, NULL); }

MOUNTS(mount_devtmpfs, "devtmpfs")
MOUNTS(mount_debugfs, "debugfs")
MOUNTS(mount_tracefs, "tracefs")
MOUNTS(mount_securityfs, "securityfs")
MOUNTS(mount_pstore, "pstore")
MOUNTS(mount_configfs, "configfs")
MOUNTS(mount_hugetlbfs, "hugetlbfs")
MOUNTS(mount_nfsd, "nfsd")
MOUNTS(mount_bpf, "bpf")
MOUNTS(mount_binfmt_misc, "binfmt_misc")

static long mount_disk(void)
{
    return mount_type("ext4", "/dev/vda", NULL);
}

/* A file as a disk needs a loop device; the kernel must not even look at the filesystem (CVE-2022-0185's class). */
static long mount_image(void)
{
    return mount_type("ext4", "/proc/self/exe", NULL);
}

/* Fresh ones show what the container's namespaces hold, no more. */
static long fresh_proc(void)
{
    char path[96];
    long result = mount_type("proc", "proc", NULL);

    snprintf(path, sizeof path, "%s/2/comm", somewhere());
    return result == 0 && strcmp(line_of(path), "kthreadd") == 0 ? answer("the host's processes") : result;
}

static long fresh_sysfs(void)
{
    private_mounts();
    return mount("sysfs", somewhere(), "sysfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
}

/* What a mask hid. */
static long masks_lifted(void)
{
    static const char *const masked[] = {"/proc/kcore", "/proc/timer_list", "/proc/sysrq-trigger", "/proc/irq/default_smp_affinity"};
    char byte;
    static const int flags[] = {O_RDONLY, O_RDONLY, O_WRONLY, O_WRONLY};

    private_mounts();
    for (size_t i = 0; i < sizeof masked / sizeof *masked; i++) {
        umount2(strncmp(masked[i], "/proc/irq", 9) == 0 ? "/proc/irq" : masked[i], MNT_DETACH);
        int fd = open(masked[i], flags[i] | O_CLOEXEC);
        if (fd >= 0 && (flags[i] == O_WRONLY || read(fd, &byte, 1) == 1))
            return answer("%s opens", masked[i]);
    }
    return answer("nothing more");
}

static long unmount_proc(void)
{
    private_mounts();
    return umount2("/proc", MNT_DETACH);
}

static long cover_proc(void)
{
    private_mounts();
    return mount("tmpfs", "/proc", "tmpfs", 0, NULL);
}

static long lift_read_only_sys(void)
{
    private_mounts();
    return mount(NULL, "/sys", NULL, MS_REMOUNT | MS_BIND, NULL);
}

/* The superblocks of /, /dev and /dev/pts are the host's: their options must not be anybody's to change. */
static long root_read_only(void)
{
    return mount(NULL, "/", NULL, MS_REMOUNT | MS_RDONLY, NULL);
}

static long unmount_root(void)
{
    return umount2("/", 0);
}

static long reconfigure_root(void)
{
    int context = (int)CALL(SYS_fspick, AT_FDCWD, "/", 1 /* FSPICK_CLOEXEC */);
    return context < 0 ? -1 : CALL(SYS_fsconfig, context, 7 /* FSCONFIG_CMD_RECONFIGURE */, NULL, NULL, 0);
}

static long grow_dev(void)
{
    return mount(NULL, "/dev", NULL, MS_REMOUNT, "size=100g");
}

static long more_terminals(void)
{
    return mount(NULL, "/dev/pts", NULL, MS_REMOUNT, "max=1000000");
}

static long force_unmount(void)
{
    return umount2(somewhere(), MNT_FORCE);
}

static long move_root(void)
{
    private_mounts();
    return mount("/", somewhere(), NULL, MS_MOVE, NULL);
}

/* Whether the current directory is the container's root. */
static long where_am_i(const struct stat *before)
{
    struct stat here;
    stat(".", &here);
    return answer(here.st_dev == before->st_dev && here.st_ino == before->st_ino ? "own root" : "elsewhere");
}

/* chroot below the current directory, then walk up past the new root. */
static long escape_from_chroot(void)
{
    struct stat before;
    const char *below = somewhere();

    stat("/", &before);
    if (chdir("/") < 0 || chroot(below) < 0)
        return -1;
    for (int i = 0; i < 64; i++)
        if (chdir("..") < 0)
            return -1;
    return where_am_i(&before);
}

/* pivot_root onto a tmpfs, then let everything go that was there: what lies below? */
static long pivot_away(void)
{
    struct stat before;
    const char *fresh = somewhere();

    private_mounts();
    if (mount("tmpfs", fresh, "tmpfs", 0, NULL) < 0 || chdir(fresh) < 0 || CALL(SYS_pivot_root, ".", ".") < 0)
        return -1;
    if (umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
        return -1;
    stat("/", &before);
    for (int i = 0; i < 64; i++)
        if (chdir("..") < 0)
            return -1;
    return where_am_i(&before);
}

static long host_paths_in_mountinfo(void)
{
    char line[2048];
    const char *secret = told("PROBE_STATE_DIR");
    FILE *mounts = fopen("/proc/self/mountinfo", "re");

    while (mounts && fgets(line, sizeof line, mounts))
        if (*secret && strstr(line, secret))
            return answer("%s", line);
    return answer("none");
}

/* An overlay trusts trusted.overlay.*: who may set it chooses what the layers below show. */
static long set_trusted(void)
{
    return setxattr(somewhere(), "trusted.overlay.redirect", "/etc", 4, 0);
}

/* A tree with ids of one's choice, over files that are not one's own. */
static long map_ids_anew(void)
{
    uint64_t attr[4] = {0x100000 /* MOUNT_ATTR_IDMAP */, 0, 0, 0};
    int tree = (int)CALL(SYS_open_tree, AT_FDCWD, "/", 1 /* OPEN_TREE_CLONE */);

    attr[3] = (uint64_t)open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);
    return tree < 0 ? -1 : CALL(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, attr, sizeof attr);
}

const struct check mount_checks[] = {
    {"mount_disk", mount_disk},
    {"mount_image", mount_image},
    {"mount_devtmpfs", mount_devtmpfs},
    {"mount_debugfs", mount_debugfs},
    {"mount_tracefs", mount_tracefs},
    {"mount_securityfs", mount_securityfs},
    {"mount_pstore", mount_pstore},
    {"mount_configfs", mount_configfs},
    {"mount_hugetlbfs", mount_hugetlbfs},
    {"mount_nfsd", mount_nfsd},
    {"mount_bpf", mount_bpf},
    {"mount_binfmt_misc", mount_binfmt_misc},
    {"mount_fresh_proc", fresh_proc},
    {"mount_fresh_sysfs", fresh_sysfs},
    {"masks_lifted", masks_lifted},
    {"umount_proc", unmount_proc},
    {"cover_proc", cover_proc},
    {"remount_sys", lift_read_only_sys},
    {"remount_root_superblock", root_read_only},
    {"umount_root", unmount_root},
    {"reconfigure_root", reconfigure_root},
    {"grow_dev", grow_dev},
    {"grow_devpts", more_terminals},
    {"umount_force", force_unmount},
    {"move_root", move_root},
    {"chroot_escape", escape_from_chroot},
    {"pivot_root", pivot_away},
    {"mountinfo_of_host", host_paths_in_mountinfo},
    {"trusted_xattr", set_trusted},
    {"idmap_root", map_ids_anew},
    {0},
};
