// SPDX-License-Identifier: Apache-2.0
/* Device nodes: those that are there, those that one could make, and the terminal's ioctls. */
#include "probe.h"
#include <dirent.h>
#include <ftw.h>
#include <linux/fs.h>
#include <sys/sysmacros.h>
#include <termios.h>

static long make(mode_t type, unsigned major, unsigned minor)
{
    const char *path = somewhere();
    rmdir(path);
    return mknod(path, type | 0600, makedev(major, minor));
}

static long make_disk(void)
{
    return make(S_IFBLK, 8, 0);
}

static long make_virtual_disk(void)
{
    return make(S_IFBLK, 254, 0);
}

static long make_memory(void)
{
    return make(S_IFCHR, 1, 1);
}

static long make_kernel_log(void)
{
    return make(S_IFCHR, 1, 11);
}

static long make_kvm(void)
{
    return make(S_IFCHR, 10, 232);
}

static long make_loop_control(void)
{
    return make(S_IFCHR, 10, 237);
}

/* Devices that do no harm may be there: what DeviceDirectory makes, terminals, and what seccomp's supervisor allows. */
static int is_harmless(const struct stat *status)
{
    unsigned number = major(status->st_rdev), part = minor(status->st_rdev);

    if (S_ISBLK(status->st_mode))
        return 0;
    return (number == 1 && (part == 3 || part == 5 || part == 7 || part == 8 || part == 9)) /* null zero full random urandom */
        || (number == 5 && (part == 0 || part == 2))                                        /* tty ptmx */
        || (number >= 136 && number <= 143);                                                /* Unix98 terminals */
}

static char found[256];

static int look_at(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)type, (void)walk;
    if ((S_ISCHR(status->st_mode) || S_ISBLK(status->st_mode)) && !is_harmless(status))
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s ", path);
    return 0;
}

static long device_nodes(void)
{
    nftw("/dev", look_at, 16, FTW_PHYS);
    return answer("%s", *found ? found : "none");
}

static long well_known_devices(void)
{
    static const char *const paths[] = {"/dev/mem",     "/dev/kmem",        "/dev/port",     "/dev/kmsg",     "/dev/kvm",
                                        "/dev/sda",     "/dev/vda",         "/dev/nvme0n1",  "/dev/loop0",    "/dev/loop-control",
                                        "/dev/mapper/control", "/dev/vhost-net", "/dev/vhost-vsock", "/dev/uinput", "/dev/vfio/vfio",
                                        "/dev/cpu/0/msr", "/dev/nvram", "/dev/userfaultfd", "/dev/btrfs-control", "/dev/tty0"};

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (can_open(paths[i], O_RDONLY) >= 0)
            return answer("%s", paths[i]);
    return answer("none");
}

/* A tmpfs of one's own is mounted nodev in a user namespace, whatever it holds. */
static long node_on_own_tmpfs(void)
{
    char path[96];
    const char *mounted = somewhere();

    private_mounts();
    if (mount("tmpfs", mounted, "tmpfs", 0, "") < 0)
        return -1;
    snprintf(path, sizeof path, "%s/sda", mounted);
    return mknod(path, S_IFBLK | 0600, makedev(8, 0));
}

static long type_into_terminal(void)
{
    return ioctl(0, TIOCSTI, "x");
}

/* CVE-2019-10063: the kernel looks at the low half of the request only, so a filter must, too. */
static long type_with_high_bits(void)
{
    return CALL(SYS_ioctl, 0, (1UL << 32) | TIOCSTI, "x");
}

static long paste_into_console(void)
{
    char paste[] = {3, 0};
    return ioctl(0, TIOCLINUX, paste);
}

static long load_line_discipline(void)
{
    int discipline = 21; /* N_GSM0710 */
    return ioctl(0, TIOCSETD, &discipline);
}

static long grab_console_output(void)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

    unlockpt(master);
    return ioctl(open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC), TIOCCONS);
}

static long freeze_filesystem(void)
{
    return ioctl(open("/", O_RDONLY | O_CLOEXEC), FIFREEZE, 0);
}

static long trim_filesystem(void)
{
    struct fstrim_range range = {0, 0, 0};
    return ioctl(open("/", O_RDONLY | O_CLOEXEC), FITRIM, &range);
}

static long find_block(void)
{
    int block = 0;
    return ioctl(open("/proc/self/exe", O_RDONLY | O_CLOEXEC), FIBMAP, &block);
}

static long make_immutable(void)
{
    const char *path = somewhere();
    int flags = FS_IMMUTABLE_FL;
    int fd;

    rmdir(path);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    return ioctl(fd, FS_IOC_SETFLAGS, &flags);
}

const struct check device_checks[] = {
    {"mknod_disk", make_disk},
    {"mknod_virtual_disk", make_virtual_disk},
    {"mknod_mem", make_memory},
    {"mknod_kmsg", make_kernel_log},
    {"mknod_kvm", make_kvm},
    {"mknod_loop_control", make_loop_control},
    {"mknod_on_own_tmpfs", node_on_own_tmpfs},
    {"device_nodes", device_nodes},
    {"well_known_devices", well_known_devices},
    {"tiocsti", type_into_terminal},
    {"tiocsti_high_bits", type_with_high_bits},
    {"tioclinux", paste_into_console},
    {"tiocsetd", load_line_discipline},
    {"tioccons", grab_console_output},
    {"fifreeze", freeze_filesystem},
    {"fitrim", trim_filesystem},
    {"fibmap", find_block},
    {"immutable_flag", make_immutable},
    {0},
};
