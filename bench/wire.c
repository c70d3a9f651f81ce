// SPDX-License-Identifier: Apache-2.0
// Times what goes through a command that copies its input somewhere and brings an answer back, such as ssh HOST cat.
// usage: wire echo COUNT COMMAND…    one byte there and back, COUNT times after WARM more; microseconds, a line each
//        wire down 0 COMMAND…        from the command's first byte to its end; bytes a second
//        wire up BYTES COMMAND…      BYTES into the command, which says one byte when it is ready and one when it has them all
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WARM = 300, BUFFER = 1 << 20 };

static char buffer[BUFFER];

static void fail(const char *what)
{
    fprintf(stderr, "wire: %s: %s\n", what, errno ? strerror(errno) : "the command ended early");
    exit(1);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void read_one(int from)
{
    char byte;
    errno = 0;
    if (read(from, &byte, 1) != 1)
        fail("read");
}

static void write_all(int to, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t count = write(to, bytes, length);
        if (count < 0)
            fail("write");
        bytes += count;
        length -= count;
    }
}

static void echo(int to, int from, long count)
{
    read_one(from);
    for (long i = -WARM; i < count; i++) {
        double begin = now();
        write_all(to, "x", 1);
        read_one(from);
        if (i >= 0)
            printf("%.1f\n", (now() - begin) * 1e6);
    }
}

static void down(int from)
{
    double total = 0;
    ssize_t count;
    read_one(from);
    double begin = now();
    while ((count = read(from, buffer, BUFFER)) > 0)
        total += count;
    if (count < 0)
        fail("read");
    printf("%.0f\n", total / (now() - begin));
}

static void up(int to, int from, long bytes)
{
    read_one(from);
    double begin = now();
    for (long left = bytes; left > 0; left -= BUFFER)
        write_all(to, buffer, left < BUFFER ? left : BUFFER);
    close(to);
    read_one(from);
    printf("%.0f\n", bytes / (now() - begin));
}

int main(int argc, char **argv)
{
    int in[2], out[2], status;
    if (argc < 4 || pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
        fail("usage: wire echo|down|up NUMBER COMMAND…");
    fcntl(in[1], F_SETPIPE_SZ, BUFFER); // the same for whatever is measured: the client's ends shall not be the narrow ones
    fcntl(out[0], F_SETPIPE_SZ, BUFFER);
    pid_t child = fork();
    if (child == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        execvp(argv[3], argv + 3);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    long number = atol(argv[2]);
    if (!strcmp(argv[1], "echo"))
        echo(in[1], out[0], number);
    else if (!strcmp(argv[1], "down"))
        down(out[0]);
    else
        up(in[1], out[0], number);
    close(in[1]);
    close(out[0]);
    if (waitpid(child, &status, 0) != child)
        fail("waitpid");
    return 0;
}
