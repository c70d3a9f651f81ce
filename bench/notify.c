// SPDX-License-Identifier: Apache-2.0
// What system calls cost, timed by whoever makes them: a sample a line, "MEASURE=MICROSECONDS". Run in a container and on the
// host. usage: notify DIRECTORY SAMPLES
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

enum { UNTOUCHED = 1000, WARM_UP = 2000 };

static char node[4096];

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static double make_node(void) {
    double begin = now();
    if (mknod(node, S_IFCHR | 0666, makedev(1, 3)) != 0) {
        perror(node);
        exit(1);
    }
    double end = now();
    unlink(node);
    return end - begin;
}

static double ask_sysinfo(void) {
    struct sysinfo info;
    double begin = now();
    sysinfo(&info);
    return now() - begin;
}

// syslog(2) of a kind that there isn't: refused by every kernel, and by the filter before.
static double be_denied(void) {
    double begin = now();
    syscall(SYS_syslog, 99, 0, 0);
    return now() - begin;
}

static double untouched(void) {
    double begin = now();
    for (int i = 0; i < UNTOUCHED; i++)
        syscall(SYS_getppid);
    return now() - begin;
}

static void sample(const char *measure, double (*call)(void), int samples) {
    for (int i = 0; i < samples; i++)
        printf("%s=%.2f\n", measure, call());
}

int main(int argc, char **argv) {
    if (argc != 3)
        return 2;
    int samples = atoi(argv[2]);
    snprintf(node, sizeof node, "%s/bench-node", argv[1]);
    unlink(node);
    for (int i = 0; i < WARM_UP; i++) {
        make_node();
        usleep(100);
    }
    sample("mknod_of_a_null_device", make_node, samples);
    sample("sysinfo", ask_sysinfo, samples);
    sample("a_denied_system_call", be_denied, samples);
    sample("1000_untouched_system_calls", untouched, samples);
    return 0;
}
