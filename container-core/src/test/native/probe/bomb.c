// SPDX-License-Identifier: Apache-2.0
/*
 * probe bomb KIND MOST: takes of one thing until the kernel says no, or MOST were had; prints how many and the errno, and holds on
 * to them until stdin ends.
 */
#include "probe.h"
#include <sched.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <time.h>

enum { MIB = 1 << 20 };

static long take_process(long number)
{
    pid_t child = fork();
    (void)number;
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        pause();
        _exit(0);
    }
    return child;
}

static long take_memory(long number)
{
    char *block = mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    (void)number;
    if (block == MAP_FAILED)
        return -1;
    memset(block, 1, MIB);
    return 0;
}

static long append(const char *path)
{
    static char block[MIB];
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    long result;

    for (size_t i = 0; i < sizeof block; i++) /* nothing that compresses */
        block[i] = (char)rand();
    result = file < 0 ? -1 : write(file, block, sizeof block);
    if (result >= 0 && result < MIB) /* the next one says why */
        while ((result = write(file, block, 4096)) > 0)
            ;
    int saved = errno;
    close(file);
    errno = saved;
    return result;
}

static long take_disk(long number)
{
    (void)number;
    return append("/hog");
}

static long take_shared_memory(long number)
{
    (void)number;
    return append("/dev/shm/hog");
}

static long make_file(const char *directory, long number)
{
    char path[64];
    snprintf(path, sizeof path, "%s/hog-%ld", directory, number);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file >= 0)
        close(file);
    return file;
}

static long take_inode(long number)
{
    return make_file("/root", number);
}

/* What a filesystem keeps beside its metadata: a link whose text is as long as one may be. */
static long take_link(long number)
{
    static char text[3901];
    char path[64];
    memset(text, 'x', sizeof text - 1);
    snprintf(path, sizeof path, "/root/link-%ld", number);
    return symlink(text, path);
}

static long take_dev_inode(long number)
{
    return make_file("/dev", number);
}

static long take_inotify(long number)
{
    (void)number;
    return inotify_init1(IN_CLOEXEC);
}

static long take_terminal(long number)
{
    (void)number;
    return open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
}

static long take_cgroup(long number)
{
    char path[64];
    snprintf(path, sizeof path, "/sys/fs/cgroup/hog-%ld", number);
    return mkdir(path, 0755);
}

static long take_mount(long number)
{
    if (number == 0)
        private_mounts();
    return mount("/tmp", "/tmp", NULL, MS_BIND, NULL);
}

static long take_network(long number)
{
    (void)number;
    return unshare(CLONE_NEWNET) < 0 ? -1 : open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
}

static long take_descriptor(long number)
{
    (void)number;
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static const struct {
    const char *kind;
    long (*take)(long);
} bombs[] = {
    {"process", take_process},   {"memory", take_memory},         {"disk", take_disk},         {"shm", take_shared_memory},
    {"inode", take_inode},       {"dev-inode", take_dev_inode},   {"inotify", take_inotify},   {"pty", take_terminal},
    {"cgroup", take_cgroup},     {"mount", take_mount},           {"netns", take_network},     {"fd", take_descriptor},
    {"link", take_link},
};

static void raise_soft_limit(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* In a child, as the kernel may kill whoever takes too much. */
static void take_all(long (*take)(long), long most)
{
    for (long number = 0; number < most; number++)
        if (take(number) < 0) {
            printf("%ld %s\n", number, strerrorname_np(errno));
            fflush(stdout);
            pause();
        }
    printf("%ld enough\n", most);
    fflush(stdout);
    pause();
}

int bomb(const char *kind, long most)
{
    char byte;
    int status;
    pid_t child;

    raise_soft_limit();
    for (size_t i = 0; i < sizeof bombs / sizeof *bombs; i++) {
        if (strcmp(bombs[i].kind, kind) != 0)
            continue;
        child = fork();
        if (child == 0)
            take_all(bombs[i].take, most);
        while (waitpid(child, &status, WNOHANG) == 0) {
            struct timespec moment = {0, 10000000};
            fd_set input;
            FD_ZERO(&input);
            FD_SET(0, &input);
            if (pselect(1, &input, NULL, NULL, &moment, NULL) > 0 && read(0, &byte, 1) <= 0) {
                kill(child, SIGKILL);
                return 0;
            }
        }
        if (WIFSIGNALED(status))
            printf("0 SIG%s\n", sigabbrev_np(WTERMSIG(status)));
        fflush(stdout);
        while (read(0, &byte, 1) > 0) {
        }
        return 0;
    }
    fprintf(stderr, "probe bomb: no %s\n", kind);
    return 2;
}
