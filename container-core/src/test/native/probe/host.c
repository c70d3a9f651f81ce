// SPDX-License-Identifier: Apache-2.0
/* The other side, run on the host: what must be out of reach exists. Ends, and cleans up, when stdin does. */
#include "probe.h"
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/un.h>

int host(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    key_t key = 0x62700000 | (getpid() & 0xfffff);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int length = snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "berth-probe-%d", getpid());
    int segment = shmget(key, 4096, IPC_CREAT | IPC_EXCL | 0666);
    char byte;

    if (segment < 0 || listener < 0
        || bind(listener, (struct sockaddr *)&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length)) < 0
        || listen(listener, 5) < 0) {
        perror("probe host");
        return 2;
    }
    printf("PROBE_HOST_PID=%d PROBE_SHM_KEY=%#x PROBE_ABSTRACT=%s\n", getpid(), key, address.sun_path + 1);
    fflush(stdout);
    while (read(0, &byte, 1) > 0) {
    }
    shmctl(segment, IPC_RMID, NULL);
    return 0;
}
