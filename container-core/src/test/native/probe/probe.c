// SPDX-License-Identifier: Apache-2.0
/*
 * Tries to get out of a container, and tells what the kernel answered: one line a check, NAME and ANSWER separated by a tab. What
 * the answer must be, and why, stands in src/test/resources/io/berth/core/runtime/probe.txt; ProbeIT compares.
 *
 * probe          as whoever runs it
 * probe nested   as root of a user namespace inside, where every capability is there again
 * probe watch    looks at every process that enters the container until stdin ends; see watch.c
 * probe bomb K N takes of one thing what it can get; see bomb.c
 * probe host     on the host: is what must be out of reach; see host.c
 *
 * Each check runs in a process of its own for three seconds at most, so that a crash or a hang is an answer, too.
 */
#include "probe.h"
#include <sched.h>

int watch(void);
int host(void);
int bomb(const char *kind, long most);

char leaked[300];

enum { SECONDS = 3, LONGEST = 400 };

static int answers; /* the pipe to the parent */
static int answered;

long answer(const char *format, ...)
{
    char text[LONGEST];
    va_list list;
    int length;

    va_start(list, format);
    length = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (length >= LONGEST)
        length = LONGEST - 1;
    for (int i = 0; i < length; i++)
        if (text[i] == '\n' || text[i] == '\t' || text[i] == '|')
            text[i] = ' ';
    text[length] = '\0';
    answered = write(answers, text, (size_t)length + 1) > 0;
    return 0;
}

const char *told(const char *variable)
{
    const char *value = getenv(variable);
    return value ? value : "";
}

const char *line_of(const char *path)
{
    static char line[1024];
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    ssize_t length = fd < 0 ? 0 : read(fd, line, sizeof line - 1);

    if (fd >= 0)
        close(fd);
    line[length > 0 ? length : 0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    return line;
}

long can_open(const char *path, int flags)
{
    int fd = open(path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd >= 0)
        close(fd);
    return fd;
}

void private_mounts(void)
{
    if (unshare(CLONE_NEWNS) == 0)
        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

const char *somewhere(void)
{
    static char path[64];
    int saved = errno;

    snprintf(path, sizeof path, "/tmp/probe-%d", getpid());
    mkdir(path, 0700);
    errno = saved;
    return path;
}

static void attempt_and_exit(const struct check *check, int pipe_end)
{
    long result;

    answers = pipe_end;
    alarm(SECONDS);
    errno = 0;
    result = check->attempt();
    if (!answered)
        answer("%s", result < 0 ? strerrorname_np(errno) : "done");
    _exit(0);
}

static void run(const struct check *check)
{
    int ends[2], status;
    char text[LONGEST * 4], left[64];
    size_t length = 0;
    ssize_t more;
    pid_t child;

    if (pipe2(ends, O_CLOEXEC) < 0)
        exit(2);
    fflush(stdout);
    child = fork();
    if (child == 0) {
        close(ends[0]);
        attempt_and_exit(check, ends[1]);
    }
    close(ends[1]);
    while (length < sizeof text - 1 && (more = read(ends[0], text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)more;
    close(ends[0]);
    waitpid(child, &status, 0);
    snprintf(left, sizeof left, "/tmp/probe-%d", child);
    if (remove(left) < 0 && errno != ENOENT)
        perror(left);
    text[length] = '\0';
    if (child < 0)
        snprintf(text, sizeof text, "no fork");
    else if (WIFSIGNALED(status))
        snprintf(text, sizeof text, "SIG%s", sigabbrev_np(WTERMSIG(status)));
    printf("%s\t%s\n", check->name, text);
}

/* Before this program opens anything. */
static void note_descriptors(void)
{
    char path[64], target[200];

    for (int fd = 3; fd < 1024; fd++) {
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(path, target, sizeof target - 1);
        if (length < 0)
            continue;
        target[length] = '\0';
        snprintf(leaked + strlen(leaked), sizeof leaked - strlen(leaked), "%d=%s ", fd, target);
    }
}

static void run_all(void)
{
    static const struct check *const all[] = {kernel_checks,    device_checks,  file_checks,       mount_checks, cgroup_checks,
                                              process_checks,   namespace_checks, network_checks, descriptor_checks, i386_checks};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        for (const struct check *check = all[i]; check->name; check++)
            run(check);
}

static void write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, text, strlen(text)) < 0) {
        perror(path);
        exit(2);
    }
    close(fd);
}

/* Everything that may be nested, nested, with the caller as root of it. */
static void nest(void)
{
    char map[64];
    uid_t uid = getuid();
    gid_t gid = getgid();

    if (unshare(CLONE_NEWUSER) < 0) {
        perror("unshare(CLONE_NEWUSER)");
        exit(2);
    }
    write_file("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "0 %u 1", uid);
    write_file("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "0 %u 1", gid);
    write_file("/proc/self/gid_map", map);
    if (unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP) < 0) {
        perror("unshare");
        exit(2);
    }
    pid_t child = fork();
    if (child > 0) {
        int status;
        waitpid(child, &status, 0);
        exit(WIFEXITED(status) ? WEXITSTATUS(status) : 2);
    }
}

int main(int argc, char **argv)
{
    note_descriptors();
    const char *mode = argc > 1 ? argv[1] : "";

    if (strcmp(mode, "watch") == 0)
        return watch();
    if (strcmp(mode, "host") == 0)
        return host();
    if (strcmp(mode, "bomb") == 0 && argc == 4)
        return bomb(argv[2], atol(argv[3]));
    if (strcmp(mode, "nested") == 0)
        nest();
    run_all();
    fflush(stdout);
    return 0;
}
