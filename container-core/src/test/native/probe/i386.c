// SPDX-License-Identifier: Apache-2.0
/* The other doors of an x86-64 kernel: i386's int 0x80 and x32's numbers. A filter that looks at one only is none. */
#include "probe.h"
#include <sys/mman.h>

#ifdef __x86_64__

static long int80(long number, long first, long second, long third)
{
    long result;

    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(first), "c"(second), "d"(third), "S"(0L), "D"(0L)
                     : "r8", "r9", "r10", "r11", "memory");
    result = (int)result;
    if (result >= 0 || result < -4095)
        return result;
    errno = (int)-result;
    return -1;
}

static long i386_syslog(void)
{
    return int80(103, 8, 0, 1);
}

static long i386_kexec(void)
{
    return int80(283, 0, 0, 0);
}

static long i386_module(void)
{
    return int80(350, -1, 0, 0);
}

static long i386_bpf(void)
{
    return int80(357, 0, 0, 0);
}

static long i386_perf(void)
{
    return int80(336, 0, 0, -1);
}

static long i386_keyctl(void)
{
    return int80(288, 1, 0, 0);
}

static long i386_handle(void)
{
    return int80(342, -1, 0, 0);
}

static long i386_uring(void)
{
    return int80(425, 1, 0, 0);
}

static long i386_vsock(void)
{
    return int80(359, AF_VSOCK, SOCK_STREAM, 0);
}

static long i386_terminal(void)
{
    return int80(54, 0, TIOCSTI, 0);
}

/* socketcall's arguments lie in memory, where the filter can't look. */
static long socketcall(int family, int type)
{
    unsigned *arguments = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

    if (arguments == MAP_FAILED)
        return -1;
    arguments[0] = (unsigned)family;
    arguments[1] = (unsigned)type;
    arguments[2] = 0;
    return int80(102, 1 /* SYS_SOCKET */, (long)arguments, 0);
}

static long i386_socketcall_vsock(void)
{
    return socketcall(AF_VSOCK, SOCK_STREAM);
}

static long i386_socketcall_alg(void)
{
    return socketcall(AF_ALG, SOCK_SEQPACKET);
}

static long x32_keyctl(void)
{
    return CALL(0x40000000 | SYS_keyctl, 1, NULL);
}

static long x32_ptrace(void)
{
    return CALL(0x40000000 | 521, 0, 0, 0, 0);
}

#else

static long absent(void)
{
    return answer("not x86-64");
}
#define i386_syslog absent
#define i386_kexec absent
#define i386_module absent
#define i386_bpf absent
#define i386_perf absent
#define i386_keyctl absent
#define i386_handle absent
#define i386_uring absent
#define i386_vsock absent
#define i386_terminal absent
#define i386_socketcall_vsock absent
#define i386_socketcall_alg absent
#define x32_keyctl absent
#define x32_ptrace absent

#endif

const struct check i386_checks[] = {
    {"i386_syslog", i386_syslog},
    {"i386_kexec_load", i386_kexec},
    {"i386_finit_module", i386_module},
    {"i386_bpf", i386_bpf},
    {"i386_perf_event_open", i386_perf},
    {"i386_keyctl", i386_keyctl},
    {"i386_open_by_handle_at", i386_handle},
    {"i386_io_uring_setup", i386_uring},
    {"i386_socket_vsock", i386_vsock},
    {"i386_tiocsti", i386_terminal},
    {"i386_socketcall_vsock", i386_socketcall_vsock},
    {"i386_socketcall_alg", i386_socketcall_alg},
    {"x32_keyctl", x32_keyctl},
    {"x32_ptrace", x32_ptrace},
    {0},
};
