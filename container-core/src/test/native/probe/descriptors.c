// SPDX-License-Identifier: Apache-2.0
/* What a process was born with: descriptors, working directory, environment. */
#include "probe.h"

static long descriptors_of_login(void)
{
    return answer("%s", *leaked ? leaked : "none");
}

static long descriptors_of_init(void)
{
    char path[64], target[200], wrong[200] = "";

    for (int fd = 0; fd < 200; fd++) {
        snprintf(path, sizeof path, "/proc/1/fd/%d", fd);
        ssize_t length = readlink(path, target, sizeof target - 1);
        if (length < 0) {
            if (errno == EACCES)
                return -1;
            continue;
        }
        target[length] = '\0';
        if (strcmp(target, "/dev/console") != 0 && strlen(wrong) < 100)
            snprintf(wrong + strlen(wrong), sizeof wrong - strlen(wrong), "%d=%s ", fd, target);
    }
    return answer("%s", *wrong ? wrong : "the console");
}

static long standard_descriptors(void)
{
    char path[64], target[200];

    for (int fd = 0; fd < 3; fd++) {
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(path, target, sizeof target - 1);
        target[length > 0 ? length : 0] = '\0';
        if (strncmp(target, "pipe:", 5) != 0 && strncmp(target, "/dev/pts/", 9) != 0 && strcmp(target, "/dev/console") != 0
            && strcmp(target, "/dev/null") != 0 && strncmp(target, "/tmp/", 5) != 0)
            return answer("%d=%s", fd, target);
    }
    return answer("own");
}

static long working_directory(void)
{
    char path[4096];
    long length = CALL(SYS_getcwd, path, sizeof path); /* "(unreachable)/…" outside of the root */
    return length < 0 ? -1 : answer(path[0] == '/' ? "below own root" : "%s", path);
}

/* Up from the working directory, without naming the root. */
static long way_up(void)
{
    struct stat root, here;

    for (int i = 0; i < 64; i++)
        if (chdir("..") < 0)
            return -1;
    stat("/", &root);
    stat(".", &here);
    return answer(root.st_dev == here.st_dev && root.st_ino == here.st_ino ? "own root" : "elsewhere");
}

extern char **environ;

static long environment(void)
{
    for (char **variable = environ; *variable; variable++)
        if (strncmp(*variable, "BERTH", 5) == 0 || strncmp(*variable, "JAVA", 4) == 0 || strncmp(*variable, "INVOCATION_ID", 13) == 0)
            return answer("%s", *variable);
    return answer("own");
}

static long program(void)
{
    char target[200];
    ssize_t length = readlink("/proc/1/exe", target, sizeof target - 1);

    if (length < 0)
        return -1;
    target[length] = '\0';
    return answer(strstr(target, "memfd:") ? "the spawner" : "own");
}

const struct check descriptor_checks[] = {
    {"descriptors_of_login", descriptors_of_login},
    {"descriptors_of_init", descriptors_of_init},
    {"standard_descriptors", standard_descriptors},
    {"working_directory", working_directory},
    {"way_up", way_up},
    {"environment", environment},
    {"exe_of_init", program},
    {0},
};
