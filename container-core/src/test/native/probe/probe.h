// SPDX-License-Identifier: Apache-2.0
/* What an attacker in a container tries; see probe.c. */
#ifndef PROBE_H
#define PROBE_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/* Answers by itself with answer(), or returns a system call's result: 0 and more is "done", -1 is errno's name. */
typedef long attempt(void);

struct check {
    const char *name;
    attempt *attempt;
};

extern const struct check kernel_checks[], device_checks[], file_checks[], mount_checks[], cgroup_checks[], process_checks[],
    namespace_checks[], network_checks[], descriptor_checks[], i386_checks[];

/* The check's answer, in place of what it returns; the last one counts. */
long answer(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What the test says about the host, such as PROBE_PORT; an empty string if nothing. */
const char *told(const char *variable);

/* The descriptors above stderr that this program was born with. */
extern char leaked[300];

/* The first line of a file, "" if it can't be read. */
const char *line_of(const char *path);

/* Opens and closes. */
long can_open(const char *path, int flags);

/* A mount namespace of its own, so that one check's mounts are nobody else's; without the right to it nothing happens. */
void private_mounts(void);

/* An empty directory to mount on. */
const char *somewhere(void);

#define CALL(number, ...) syscall(number, ##__VA_ARGS__)

#endif
