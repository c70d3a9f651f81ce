// SPDX-License-Identifier: Apache-2.0
// What a program takes without any container: posix_spawn(3) until waitpid(2) has its status, a sample a line in microseconds.
// usage: spawn PROGRAM SAMPLES
#define _GNU_SOURCE
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static double spawn(char *program) {
    char *arguments[] = {program, NULL};
    pid_t pid;
    int status;
    double begin = now();
    int error = posix_spawn(&pid, program, NULL, NULL, arguments, environ);
    if (error != 0) {
        fprintf(stderr, "%s: %s\n", program, strerror(error));
        exit(1);
    }
    if (waitpid(pid, &status, 0) != pid || status != 0) {
        fprintf(stderr, "%s ended with %d\n", program, status);
        exit(1);
    }
    return now() - begin;
}

int main(int count, char **arguments) {
    if (count != 3) {
        fprintf(stderr, "usage: spawn PROGRAM SAMPLES\n");
        return 2;
    }
    for (int left = atoi(arguments[2]); left > 0; left--) {
        printf("%.1f\n", spawn(arguments[1]));
    }
    return 0;
}
